/**
 * The state of the centre as a fold over the director's journal: the open work items and the agents.
 * Director, data servers, desktop server and browsers all use this one fold, so they cannot disagree.
 */
import { z } from 'zod';
import { Readiness } from '../agent/state.ts';
import {
  AgentId,
  Channel,
  CodeId,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  QueueId,
  SegmentId,
  WorkItemId,
} from '../ids.ts';
import { RequeueReason, type DirectorEvent, type DirectorRecord } from './event.ts';
import { WorkItemState } from './state.ts';

/** An item remembers so many of its returns: enough to see whose hands it went through. */
const LONGEST_MEMORY = 20;

/** A return to the queue: from whom, when and why. */
export const WorkItemReturn = z.object({
  agent: AgentId.optional(),
  at: Instant,
  reason: RequeueReason,
  /** The offer it came back from, where it was one. */
  offer: z.int().optional(),
});
export type WorkItemReturn = z.infer<typeof WorkItemReturn>;

export const OpenWorkItem = z.object({
  id: WorkItemId,
  conversation: ConversationId,
  interaction: InteractionId,
  channel: Channel,
  queue: QueueId,
  priority: z.int().min(0).max(9),
  entryPoint: EntryPointId.optional(),
  contact: ContactId.optional(),
  state: WorkItemState,
  /** When the customer began to wait. */
  enteredAt: Instant,
  /** When it came into this queue. */
  queuedAt: Instant,
  /** When it came into its present state. */
  since: Instant,
  /** The owner, or whom it is offered to; of a parked item, who parked it. */
  agent: AgentId.optional(),
  segment: SegmentId.optional(),
  offer: z.int().optional(),
  deadline: Instant.optional(),
  parkedUntil: Instant.optional(),
  onlyAgent: AgentId.optional(),
  preferredAgent: AgentId.optional(),
  serviceLevelDeadline: Instant.optional(),
  /** True once answered, abandoned or late: its service level is counted once. */
  serviceLevelCounted: z.boolean(),
  /** How it came back to its queue, the newest last; at most the last 20. */
  returns: z.array(WorkItemReturn).max(LONGEST_MEMORY).optional(),
});
export type OpenWorkItem = z.infer<typeof OpenWorkItem>;

export const AgentStatus = z.object({
  id: AgentId,
  loggedInSince: Instant,
  station: z.string(),
  channels: z.array(Channel),
  readiness: Readiness,
  /** Takes effect when work ends. */
  pending: Readiness.optional(),
  /** When `readiness` last changed. */
  since: Instant,
  present: z.boolean(),
  /** Since when no browser of theirs is there. */
  absentSince: Instant.optional(),
  /** When the agent last had nothing to do: the last contact ended, or they logged in. */
  idleSince: Instant,
  /** Segments in wrap-up, and until when it may last. */
  wrapUps: z.array(
    z.object({
      item: WorkItemId,
      segment: SegmentId,
      since: Instant,
      until: Instant.optional(),
      queue: QueueId.optional(),
      channel: Channel.optional(),
      codeRequired: z.boolean().optional(),
    }),
  ),
});
export type AgentStatus = z.infer<typeof AgentStatus>;

/** A snapshot as it goes over a wire. */
export const CentreSnapshot = z.object({
  position: z.int(),
  items: z.array(OpenWorkItem),
  agents: z.array(AgentStatus),
});
export type CentreSnapshot = z.infer<typeof CentreSnapshot>;

/**
 * Open work items and logged-in agents at one position of the journal. What changes is replaced, never
 * altered: an item or agent that somebody holds stays as it was.
 */
export class Centre {
  position = 0;
  readonly items = new Map<WorkItemId, OpenWorkItem>();
  readonly agents = new Map<AgentId, AgentStatus>();

  static of(snapshot: CentreSnapshot): Centre {
    const centre = new Centre();
    centre.position = snapshot.position;
    for (const item of snapshot.items) centre.items.set(item.id, item);
    for (const agent of snapshot.agents) centre.agents.set(agent.id, agent);
    return centre;
  }

  snapshot(): CentreSnapshot {
    return {
      position: this.position,
      items: [...this.items.values()],
      agents: [...this.agents.values()],
    };
  }

  /** Takes the next event in; one already taken changes nothing. */
  apply(record: DirectorRecord): void {
    if (record.position <= this.position) return;
    this.position = record.position;
    applyEvent(this, record.at, record.body);
  }
}

/** What an agent is busy with: offers, owned items and wrap-ups. Parked work is nobody's. */
export function workOf(centre: Centre, agent: AgentId): OpenWorkItem[] {
  return [...centre.items.values()].filter((i) => i.agent === agent && i.state !== 'parked');
}

function applyEvent(centre: Centre, at: Instant, event: DirectorEvent): void {
  switch (event.type) {
    case 'work-item-entered':
      centre.items.set(event.item, {
        id: event.item,
        conversation: event.conversation,
        interaction: event.interaction,
        channel: event.channel,
        queue: event.queue,
        priority: event.priority,
        entryPoint: event.entryPoint,
        contact: event.contact,
        state: 'queued',
        enteredAt: event.enteredAt,
        queuedAt: at,
        since: at,
        onlyAgent: event.onlyAgent,
        preferredAgent: event.preferredAgent,
        serviceLevelDeadline: event.serviceLevelDeadline,
        serviceLevelCounted: false,
      });
      return;
    case 'work-item-offered':
      return change(centre, event.item, at, {
        state: 'offered',
        agent: event.agent,
        offer: event.offer,
        deadline: event.deadline,
      });
    case 'offer-ended':
      return; // what follows (accepted, requeued, closed) says what became of the item
    case 'work-item-requeued': {
      const before = centre.items.get(event.item);
      return change(centre, event.item, at, {
        ...UNOWNED,
        state: 'queued',
        // Whoever refused it is not waited for again; an offer taken back was no refusal.
        onlyAgent: event.reason === 'withdrawn' ? before?.onlyAgent : undefined,
        preferredAgent: event.preferredAgent,
        returns: [
          ...(before?.returns ?? []).slice(1 - LONGEST_MEMORY),
          { agent: before?.agent, at, reason: event.reason, offer: before?.offer },
        ],
      });
    }
    case 'work-item-accepted':
      return change(centre, event.item, at, {
        state: 'accepted',
        agent: event.agent,
        segment: event.segment,
        offer: event.offer,
        deadline: undefined,
        serviceLevelCounted: true,
      });
    case 'work-item-awaits-customer':
      return change(centre, event.item, at, { state: 'awaiting-customer' });
    case 'customer-replied':
      return change(centre, event.item, at, { state: 'accepted' });
    case 'work-item-parked':
      return change(centre, event.item, at, {
        ...UNOWNED,
        state: 'parked',
        agent: event.by,
        parkedUntil: event.until,
        preferredAgent: event.preferredAgent,
      });
    case 'work-item-transferred':
    case 'work-item-merged':
    case 'work-item-closed':
      centre.items.delete(event.item);
      return;
    case 'segment-ended':
      return changeAgent(centre, event.agent, { idleSince: at });
    case 'service-level-missed': {
      const late = centre.items.get(event.item);
      if (late) centre.items.set(event.item, { ...late, serviceLevelCounted: true });
      return;
    }
    case 'wrap-up-started': {
      const wrapUps = centre.agents.get(event.agent)?.wrapUps ?? [];
      const { type: _, agent: __, ...wrapUp } = event;
      return changeAgent(centre, event.agent, { wrapUps: [...wrapUps, { ...wrapUp, since: at }] });
    }
    case 'wrap-up-ended': {
      const wrapUps = centre.agents.get(event.agent)?.wrapUps ?? [];
      return changeAgent(centre, event.agent, {
        wrapUps: wrapUps.filter((w) => w.segment !== event.segment),
        idleSince: at,
      });
    }
    case 'agent-logged-in':
      centre.agents.set(event.agent, {
        id: event.agent,
        loggedInSince: at,
        station: event.station,
        channels: event.channels,
        readiness: { state: 'not-ready', reason: LOGGED_IN },
        since: at,
        present: true,
        idleSince: at,
        wrapUps: [],
      });
      return;
    case 'agent-logged-out':
      centre.agents.delete(event.agent);
      // Who moves to another station is back at once; for everybody else nobody waits.
      if (event.reason !== 'taken-over') openToAll(centre, event.agent);
      return;
    case 'agent-readiness-changed': {
      const before = centre.agents.get(event.agent);
      const same = JSON.stringify(before?.readiness) === JSON.stringify(event.readiness);
      return changeAgent(centre, event.agent, {
        readiness: event.readiness,
        pending: event.pending,
        since: same && before ? before.since : at,
      });
    }
    case 'agent-presence-changed':
      return changeAgent(centre, event.agent, {
        present: event.present,
        absentSince: event.present ? undefined : at,
      });
  }
}

/** Items that waited for this agent alone are anybody's now. */
function openToAll(centre: Centre, agent: AgentId): void {
  for (const item of centre.items.values()) {
    if (item.onlyAgent !== agent) continue;
    centre.items.set(item.id, { ...item, onlyAgent: undefined, preferredAgent: agent });
  }
}

const LOGGED_IN = CodeId.parse('logged-in');

const UNOWNED = {
  agent: undefined,
  segment: undefined,
  offer: undefined,
  deadline: undefined,
  parkedUntil: undefined,
} satisfies Partial<OpenWorkItem>;

function change(centre: Centre, id: WorkItemId, at: Instant, to: Partial<OpenWorkItem>): void {
  const item = centre.items.get(id);
  if (item) centre.items.set(id, { ...item, ...to, since: at });
}

function changeAgent(centre: Centre, id: AgentId, to: Partial<AgentStatus>): void {
  const agent = centre.agents.get(id);
  if (agent) centre.agents.set(id, { ...agent, ...to });
}
