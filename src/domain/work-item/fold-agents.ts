import type { AgentStatus } from '../agent/agent-status.ts';
import { CodeId, type AgentId, type Channel, type Instant, type WorkItemId } from '../ids.ts';
import { applyToSwitch } from '../switch/fold-at-switch.ts';
import type { DirectorEvent } from './event.ts';
import type { OpenWorkItem } from './open-work-item.ts';

/** What the agents' part of the fold keeps and looks at. */
export interface AgentsOfCentre {
  readonly items: ReadonlyMap<WorkItemId, OpenWorkItem>;
  readonly agents: Map<AgentId, AgentStatus>;
  /** How many contacts an agent has: as the owner, or taking part. */
  readonly contacts: Map<AgentId, number>;
}

/** What an event says of agents. To be asked before the work items change: what ends is still there. */
export function applyToAgents(centre: AgentsOfCentre, at: Instant, event: DirectorEvent): void {
  switch (event.type) {
    case 'work-item-offered':
      return change(centre, event.agent, (agent) => ({
        ...agent,
        lastOfferAt: at,
        lastQueue: event.queue,
      }));
    case 'work-item-accepted':
    case 'participant-joined':
      count(centre, event.agent, 1);
      return begin(centre, event.agent, at);
    case 'segment-ended':
    case 'participant-left':
      count(centre, event.agent, -1);
      return end(centre, event.agent, at, centre.items.get(event.item)?.channel);
    case 'wrap-up-started': {
      const { type: _, agent, ...wrapUp } = event;
      const wrapUps = centre.agents.get(agent)?.wrapUps ?? [];
      begin(centre, agent, at);
      return change(centre, agent, (before) => ({
        ...before,
        wrapUps: [...wrapUps, { ...wrapUp, since: at }],
      }));
    }
    case 'wrap-up-ended': {
      const wrapUps = centre.agents.get(event.agent)?.wrapUps ?? [];
      const ended = wrapUps.find((w) => w.segment === event.segment);
      change(centre, event.agent, (agent) => ({
        ...agent,
        wrapUps: wrapUps.filter((w) => w !== ended),
      }));
      return end(centre, event.agent, at, ended?.channel);
    }
    case 'agent-logged-in': {
      const { agent: id, station, channels, without, device } = event;
      const {
        loggedInSince = at,
        idleSince = at,
        idleSinceOf,
        lastOfferAt,
        lastQueue,
        occupied,
        busySince = centre.contacts.has(id) ? at : undefined,
      } = centre.agents.get(id) ?? {}; // who only moves keeps their place among the agents
      // all agents have the same fields in the same order: reading them stays quick
      centre.agents.set(id, {
        id,
        loggedInSince,
        station,
        channels,
        without,
        device,
        faults: undefined,
        readiness: { state: 'not-ready', reason: LOGGED_IN },
        pending: undefined,
        since: at,
        present: true,
        absentSince: undefined,
        idleSince,
        idleSinceOf,
        lastOfferAt,
        lastQueue,
        occupied,
        busySince,
        wrapUps: [],
        atSwitch: undefined,
      });
      return;
    }
    case 'agent-logged-out':
      // Who moves to another station logs in there with the next event.
      if (event.reason !== 'taken-over') centre.agents.delete(event.agent);
      return;
    case 'agent-readiness-changed':
      return change(centre, event.agent, (agent) => {
        const same = JSON.stringify(agent.readiness) === JSON.stringify(event.readiness);
        return {
          ...agent,
          readiness: event.readiness,
          pending: event.pending,
          since: same ? agent.since : at,
        };
      });
    case 'agent-presence-changed':
      return change(centre, event.agent, (agent) => ({
        ...agent,
        present: event.present,
        absentSince: event.present ? undefined : at,
      }));
    case 'agent-device-changed':
      return change(centre, event.agent, (agent) => {
        const { [event.channel]: _, ...others } = agent.faults ?? {};
        const faults =
          event.fault === undefined ? others : { ...others, [event.channel]: event.fault };
        return { ...agent, faults };
      });
    default:
      applyToSwitch(centre.agents, event);
      return; // of work items alone, or of switches
  }
}

const LOGGED_IN = CodeId.parse('logged-in');

/** Work begins: they are occupied from here on, if they were not. */
function begin(centre: AgentsOfCentre, id: AgentId, at: Instant): void {
  change(centre, id, (agent) =>
    agent.busySince === undefined ? { ...agent, busySince: at } : agent,
  );
}

/** A contact or wrap-up ended: they are idle from here on, if it was the last. */
function end(centre: AgentsOfCentre, id: AgentId, at: Instant, channel: Channel | undefined): void {
  change(centre, id, (agent) => {
    const { busySince, occupied = 0, wrapUps } = agent;
    const isBusy = centre.contacts.has(id) || wrapUps.length > 0;
    const ended = busySince !== undefined && !isBusy;
    return {
      ...agent,
      idleSince: at,
      idleSinceOf: channel ? { ...agent.idleSinceOf, [channel]: at } : agent.idleSinceOf,
      busySince: ended ? undefined : busySince,
      occupied: ended ? occupied + Math.max(at - busySince, 0) : agent.occupied,
    };
  });
}

function count({ contacts }: AgentsOfCentre, id: AgentId, by: 1 | -1): void {
  const now = (contacts.get(id) ?? 0) + by;
  if (now > 0) contacts.set(id, now);
  else contacts.delete(id);
}

/** What changes is replaced by a copy: one at a time, for copying a second object into it would double what that costs. */
function change(
  { agents }: AgentsOfCentre,
  id: AgentId,
  to: (agent: AgentStatus) => AgentStatus,
): void {
  const before = agents.get(id);
  const after = before && to(before);
  if (after && after !== before) agents.set(id, after);
}
