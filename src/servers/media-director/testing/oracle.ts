/**
 * What must hold after every step of a history, asked from first principles: it looks through everything
 * and uses none of the director's indexes. Only tests import this file.
 */
import { doesServe } from '#domain/agent/eligible.ts';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type AgentStatus } from '#domain/agent/agent-status.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { overloads, violationsOf } from '../rules/invariants.ts';
import { isResting, refusedBy } from '../rules/rest.ts';
import { POLICY, type RuleCentre } from './centre.ts';

/** Everything open and everybody logged in at one moment. */
export interface Moment {
  readonly items: ReadonlyMap<WorkItemId, OpenWorkItem>;
  readonly agents: ReadonlyMap<AgentId, AgentStatus>;
}

type Offer = DirectorEvent & { type: 'work-item-offered' };

/** The moment before a step. What changes is replaced, so a copy of the maps is enough. */
export const momentOf = ({ state }: RuleCentre): Moment => ({
  items: new Map(state.centre.items),
  agents: new Map(state.centre.agents),
});

/** What is wrong after a step that began at `from` with everything as it was `before`. */
export function faultsAfter(centre: RuleCentre, before: Moment, from: number): string[] {
  const { state, journal } = centre;
  const faults = violationsOf(state).map((violation) => violation.what);
  const events = journal.slice(journal.findLastIndex((r) => r.position === from) + 1);
  faults.push(
    ...overloads(
      state,
      events.map((record) => record.body),
    ).map((v) => v.what),
  );

  const fold = Centre.of({
    position: from,
    items: [...before.items.values()],
    agents: [...before.agents.values()],
  });
  for (const record of events) {
    const { body } = record;
    if (body.type === 'work-item-offered') faults.push(...faultsOfOffer(centre, fold, body));
    const was = 'item' in body ? fold.items.get(body.item) : undefined;
    fold.apply(record);
    const is = was && fold.items.get(was.id);
    if (is && is.enteredAt !== was.enteredAt) faults.push(`${was.id} lost its age`);
  }

  for (const item of state.centre.items.values()) {
    for (const agent of state.centre.agents.keys()) {
      if (!couldTake(centre, state.centre, agent, item)) continue;
      faults.push(`R02: ${item.id} waits though ${agent} could take it`);
    }
  }
  for (const { id, pending } of state.centre.agents.values()) {
    if (pending && isIdle(state.centre, id))
      faults.push(`P09: ${id} is idle and not yet what they asked`);
  }
  return faults;
}

const isIdle = (then: Moment, id: AgentId): boolean => standing(then, id).load === 0;

/** Whether the agent could have been offered the item then. */
function couldTake(centre: RuleCentre, then: Moment, id: AgentId, item: OpenWorkItem): boolean {
  const status = then.agents.get(id);
  const agent = centre.state.configuration.get('agent', id);
  const queue = centre.state.configuration.get('queue', item.queue);
  if (!status?.present || !agent || !queue || status.readiness.state !== 'ready') return false;
  if (status.readiness.except?.[item.channel] !== undefined) return false;
  if (status.pending?.state === 'not-ready' || item.state !== 'queued') return false;
  const has = [...then.items.values()].filter((i) => i.agent === id && i.state !== 'parked');
  if (has.some((i) => i.state === 'offered')) return false;
  const used = [...has, ...status.wrapUps].filter((w) => w.channel === item.channel).length;
  if (used >= (agent.capacity[item.channel] ?? 0)) return false;
  if (item.onlyAgent !== undefined) return item.onlyAgent === id;
  return doesServe(id, agent, queue.serves) && !isResting(POLICY, item, id, centre.now);
}

function faultsOfOffer(centre: RuleCentre, then: Moment, offer: Offer): string[] {
  const item = then.items.get(offer.item);
  if (!item) return [`${offer.item} was offered and is not open`];
  if (offer.choice.by === 'supervisor') return [];
  const able = [...then.agents.keys()].filter((id) => couldTake(centre, then, id, item));
  const overtaken = [...then.items.values()].filter(
    (other) => isBefore(other, item) && couldTake(centre, then, offer.agent, other),
  );
  const faults = overtaken.map((other) => `R03: ${item.id} overtook ${other.id}`);
  if (!able.includes(offer.agent)) faults.push(`${offer.agent} could not take ${item.id}`);
  if (offer.choice.candidates !== able.length) {
    faults.push(`${offer.choice.candidates} candidates were told, ${able.length} there were`);
  }
  return [...faults, ...faultsOfChoice(then, item, offer, able)];
}

/** Whether the best of those who could take it has it. */
function faultsOfChoice(
  then: Moment,
  item: OpenWorkItem,
  { agent }: Offer,
  able: readonly AgentId[],
): string[] {
  const refused = refusedBy(item);
  const fresh = able.filter((id) => !refused.has(id));
  if (fresh.length > 0 && refused.has(agent)) return [`${agent} refused it, and others could`];
  const { preferredAgent } = item;
  if (preferredAgent !== undefined && fresh.includes(preferredAgent)) {
    return preferredAgent === agent ? [] : [`${agent} has it and not the preferred agent`];
  }
  const among = fresh.length > 0 ? fresh : able;
  const better = among.filter((id) => isBetter(standing(then, id), standing(then, agent)));
  return better.map((id) => `${id} came before ${agent}`);
}

interface Standing {
  readonly load: number;
  readonly idleSince: number;
}

function standing(then: Moment, id: AgentId): Standing {
  const status = then.agents.get(id);
  const has = [...then.items.values()].filter((i) => i.agent === id && i.state !== 'parked').length;
  return { load: has + (status?.wrapUps.length ?? 0), idleSince: status?.idleSince ?? 0 };
}

const isBetter = (a: Standing, b: Standing): boolean =>
  a.load === b.load ? a.idleSince < b.idleSince : a.load < b.load;

const isBefore = (a: OpenWorkItem, b: OpenWorkItem): boolean => {
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.enteredAt === b.enteredAt ? a.id < b.id : a.enteredAt < b.enteredAt;
};
