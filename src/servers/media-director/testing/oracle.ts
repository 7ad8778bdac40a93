/**
 * What must hold after every step of a history, asked from first principles: it looks through everything
 * and uses none of the director's indexes. Only tests import this file.
 */
import type { AgentId } from '#domain/ids.ts';
import { Centre } from '#domain/work-item/centre.ts';
import { type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import { overloads, violationsOf } from '../rules/invariants.ts';
import { isResting } from '../rules/rest.ts';
import { POLICY, type RuleCentre } from './centre.ts';
import { faultsOfLine, faultsOfWaiting } from './line-oracle.ts';
import {
  faultsOfChoice,
  faultsOfSteps,
  isHeldBack,
  isKeptFor,
  isOfUse,
  mustComeBefore,
  refusedInPassBefore,
} from './order-oracle.ts';
import { usesOf, type Moment } from './moment.ts';
import { faultsOfPeople, isInvited } from './people-oracle.ts';
import { hasRoom } from './room-oracle.ts';

type Offer = DirectorEvent & { type: 'work-item-offered' };

/** The moment before a step. What changes is replaced, so a copy of the maps is enough. */
export const momentOf = ({ state }: RuleCentre): Moment => ({
  position: state.position,
  items: new Map(state.centre.items),
  agents: new Map(state.centre.agents),
});

/** What is wrong after a step that began at `from` with everything as it was `before`. */
export function faultsAfter(centre: RuleCentre, before: Moment, from: number): string[] {
  const { state, journal } = centre;
  const faults = violationsOf(state).map((violation) => violation.what);
  for (const { id, state: is, deadline = 0 } of state.centre.items.values()) {
    if (is === 'offered' && deadline + 1_000 < centre.now)
      faults.push(`P08: ${id} rings on and on`);
  }
  faults.push(...faultsOfPeople(centre), ...faultsOfSteps(centre), ...faultsOfWaiting(centre));
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
  const told = new Set<number>();
  for (const record of events) {
    const { body } = record;
    if (body.type === 'work-item-offered') faults.push(...faultsOfOffer(centre, fold, body));
    faults.push(...faultsOfLine(centre, fold, body, told));
    if (body.type === 'offer-ended') told.add(body.offer);
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

const isIdle = (then: Moment, id: AgentId): boolean => usesOf(then, id).length === 0;

/** Whether the agent could have been offered the item then. What costs least to find out is asked first. */
function couldTake(centre: RuleCentre, then: Moment, id: AgentId, item: OpenWorkItem): boolean {
  if (item.state !== 'queued' || (item.onlyAgent !== undefined && item.onlyAgent !== id)) {
    return false;
  }
  const status = then.agents.get(id);
  if (!status?.present || status.readiness.state !== 'ready') return false;
  if (status.readiness.except?.[item.channel] !== undefined) return false;
  if (status.pending?.state === 'not-ready') return false;
  if (status.faults?.[item.channel] ?? status.without?.includes(item.channel)) return false;
  const { configuration } = centre.state;
  if (!configuration.get('agent', id) || !configuration.get('queue', item.queue)) return false;
  if (isRung(then, id) || !hasRoom(centre, then, id, item)) return false;
  if (item.onlyAgent !== undefined) return true;
  if (!isOfUse(centre, id, item) || isResting(POLICY, item, id, centre.now)) return false;
  if (isHeldBack(centre, then, item)) return false;
  const isKept = [...then.agents.keys()].some((other) => isKeptFor(centre, then, item, other));
  return !isKept || isKeptFor(centre, then, item, id);
}

/** Whether anything rings at the agent: work, or a colleague who asks. */
function isRung({ items }: Moment, id: AgentId): boolean {
  for (const { agent, state } of items.values()) {
    if (agent === id && state === 'offered') return true;
  }
  return isInvited(items.values(), id);
}

function faultsOfOffer(centre: RuleCentre, then: Moment, offer: Offer): string[] {
  const item = then.items.get(offer.item);
  if (!item) return [`${offer.item} was offered and is not open`];
  if (offer.choice.by !== 'director') return [];
  const able = [...then.agents.keys()].filter((id) => couldTake(centre, then, id, item));
  const overtaken = [...then.items.values()].filter(
    (other) =>
      mustComeBefore(centre, then, offer.agent, other, item) &&
      couldTake(centre, then, offer.agent, other),
  );
  const faults = overtaken.map((other) => `R03: ${item.id} overtook ${other.id}`);
  if (!able.includes(offer.agent)) faults.push(`${offer.agent} could not take ${item.id}`);
  if (offer.choice.candidates !== able.length) {
    faults.push(`${offer.choice.candidates} candidates were told, ${able.length} there were`);
  }
  if (refusedInPassBefore(centre, offer)) {
    faults.push(`${offer.agent} refused the pass before ${item.id} and has it at once`);
  }
  return [...faults, ...faultsOfChoice(centre, then, item, offer.agent, able)];
}
