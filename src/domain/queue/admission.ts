/** Where new work goes: into its queue, on to another, or nowhere. The same for director and gateways. */
import type { Instant } from '#base/time.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { Queue } from '../configuration/documents.ts';
import { openingAt, type Opening } from '../entry-point/opening.ts';
import type { Channel, QueueId } from '../ids.ts';

/** Channels on which the customer is at the other end while they wait. All others can always wait. */
const WAITS_AT_THE_OTHER_END: Readonly<Record<Channel, boolean>> = {
  voice: true,
  'web-chat': true,
  xmpp: true,
  sms: false, // a text message is answered when there is time, and nobody can be told to come again
  email: false,
  preview: false, // the customer does not know yet
  task: false,
};

/** What tells whether somebody waits at the other end. */
export interface Waiting {
  readonly channel: Channel;
  readonly offline?: boolean | undefined;
  readonly callback?: boolean | undefined;
}

/** Whether its customer is at the other end while it waits: only such work counts against a queue's limit. */
export const isLive = ({ channel, offline, callback }: Waiting): boolean =>
  WAITS_AT_THE_OTHER_END[channel] && offline !== true && callback !== true;

/** Overflow goes on from queue to queue so often at most. */
export const MOST_HOPS = 10;

/** What becomes of new work. */
export type Admission =
  | {
      readonly type: 'admitted';
      readonly queue: QueueId;
      /** The queues that could not take it, the first first. */
      readonly passed: readonly QueueId[];
    }
  | { readonly type: 'full'; readonly queue: QueueId }
  | { readonly type: 'closed'; readonly queue: QueueId; readonly opensAt?: Instant | undefined }
  | { readonly type: 'unknown' };

export interface AdmissionFacts {
  readonly configuration: Configuration;
  /** Whether one more would be too many. */
  readonly isFull: (id: QueueId, queue: Queue) => boolean;
  readonly at: Instant;
}

/**
 * Decides where work goes that comes in for `first`. A queue that is full, or closed, passes it on to
 * its overflow. Where that ends nowhere, somebody who waits at the other end is told so at once, and
 * all else waits where it was meant to: an e-mail is never refused.
 */
export function admit(first: QueueId, waiting: Waiting, facts: AdmissionFacts): Admission {
  const { configuration } = facts;
  if (!configuration.get('queue', first)) return { type: 'unknown' };
  const live = isLive(waiting);
  const passed: QueueId[] = [];
  let reason: Admission | undefined;
  for (const [id, queue] of overflowChain(configuration, first)) {
    const hindrance = hindranceAt(id, queue, live, facts);
    if (!hindrance) return { type: 'admitted', queue: id, passed };
    reason ??= hindrance;
    passed.push(id);
  }
  return live && reason ? reason : { type: 'admitted', queue: first, passed: [] };
}

/** The queue that work has waited too long in: a retired one, too, passes on what is left in it. */
export type Overflowing = Pick<Queue, 'overflow'> & { readonly id: QueueId };

/**
 * Where work goes on that has waited too long in `from`: to the next queue behind it that is open, full
 * or not, and never back to one it has been in.
 */
export function overflowTarget(
  from: Overflowing,
  passed: readonly QueueId[],
  facts: OpeningFacts,
): QueueId | undefined {
  return openingsBehind(from, passed, facts).find(({ opening }) => opening.open)?.id;
}

/** When `overflowTarget` finds a queue: `at` itself, later, or never where nothing is returned. */
export function nextOpeningBehind(
  from: Overflowing,
  passed: readonly QueueId[],
  facts: OpeningFacts,
): Instant | undefined {
  const times = openingsBehind(from, passed, facts).flatMap(({ opening }) =>
    opening.open ? [facts.at] : (opening.opensAt ?? []),
  );
  return times.length > 0 ? Math.min(...times) : undefined;
}

/**
 * Whether a change of these queues and schedules may open or close what is behind a queue: where its
 * overflow goes on then, and when.
 */
export function overflowsBy(
  overflow: QueueId | undefined,
  changed: { readonly queues: ReadonlySet<string>; readonly schedules: ReadonlySet<string> },
  configuration: Configuration,
): boolean {
  const chain = overflowChain(configuration, overflow);
  const end = chain.size > 0 ? [...chain.values()].at(-1)?.overflow : overflow; // in use or not
  return (
    (end !== undefined && changed.queues.has(end)) ||
    [...chain].some(
      ([id, { schedule }]) =>
        changed.queues.has(id) || (schedule !== undefined && changed.schedules.has(schedule)),
    )
  );
}

type OpeningFacts = Pick<AdmissionFacts, 'configuration' | 'at'>;

function openingsBehind(
  { id: from, overflow }: Overflowing,
  passed: readonly QueueId[],
  { configuration, at }: OpeningFacts,
): { id: QueueId; opening: Opening }[] {
  return [...overflowChain(configuration, overflow)]
    .filter(([id]) => id !== from && !passed.includes(id))
    .map(([id, queue]) => ({ id, opening: openingOf(configuration, queue, at) }));
}

/** A queue and those behind it, each once: up to one that is not in use. */
function overflowChain(
  configuration: Configuration,
  first: QueueId | undefined,
): Map<QueueId, Queue> {
  const chain = new Map<QueueId, Queue>();
  for (let id = first; id && !chain.has(id) && chain.size <= MOST_HOPS;) {
    const queue: Queue | undefined = configuration.get('queue', id);
    if (!queue) break;
    chain.set(id, queue);
    id = queue.overflow;
  }
  return chain;
}

function hindranceAt(
  id: QueueId,
  queue: Queue,
  live: boolean,
  { configuration, isFull, at }: AdmissionFacts,
): Admission | undefined {
  const opening = openingOf(configuration, queue, at);
  if (!opening.open) return { type: 'closed', queue: id, opensAt: opening.opensAt };
  return live && isFull(id, queue) ? { type: 'full', queue: id } : undefined;
}

const openingOf = (configuration: Configuration, { schedule }: Queue, at: Instant): Opening =>
  openingAt(schedule && configuration.get('schedule', schedule), at);
