import type { Instant } from '#base/time.ts';
import { doesServe } from '#domain/agent/eligible.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { decideEntry } from '#domain/entry-point/decide-entry.ts';
import type { EntryPointId, QueueId } from '#domain/ids.ts';
import { admit, isLive } from '#domain/queue/admission.ts';
import type { Centre } from '#domain/work-item/centre.ts';
import type { EntryState } from '../contract.ts';

/** What the state of an entry point follows from. */
export interface EntryFacts {
  readonly configuration: Configuration;
  /** Left out while the director has not been heard: then somebody is taken to be there. */
  readonly centre: Pick<Centre, 'agents' | 'items'> | undefined;
  readonly at: Instant;
}

/**
 * Whether somebody is there for an entry point, and what its widget shows.
 *
 * Somebody is there while an agent who serves its queue, or the one that its work overflows to now, is
 * logged in for chat, ready or not: who is busy now is free in a while. A customer is never turned away
 * because of something not known; whether a queue takes one more, the director decides.
 *
 * @returns Nothing where no such entry point is in use for chat.
 */
export function entryState(id: EntryPointId, facts: EntryFacts): EntryState | undefined {
  const { configuration, centre, at } = facts;
  const entryPoint = configuration.get('entry-point', id);
  if (entryPoint?.channel !== 'web-chat') return undefined;
  const schedule = entryPoint.schedule && configuration.get('schedule', entryPoint.schedule);
  const { open, opensAt, queue, greeting, closed, consent } = decideEntry({
    entryPoint,
    schedule,
    at,
  });
  const waiting = { channel: 'web-chat' } as const;
  const admission = admit(queue, waiting, {
    configuration,
    isFull: (id, { limits }) =>
      limits.waiting !== undefined && liveIn(id, centre) >= Math.max(1, limits.waiting),
    at,
  });
  const goesTo = admission.type === 'admitted' ? admission.queue : queue;
  const serves = configuration.get('queue', goesTo)?.serves;
  const somebody =
    !centre ||
    !serves ||
    centre.agents.values().some(({ id: agent, channels }) => {
      const who = configuration.get('agent', agent);
      return who && channels.includes('web-chat') && doesServe(agent, who, serves);
    });
  const texts = { name: entryPoint.name, greeting, closed, consent };
  if (!open || admission.type === 'closed') {
    const opens = latest(opensAt, admission.type === 'closed' ? admission.opensAt : undefined);
    return { availability: 'closed', ...(opens !== undefined && { opensAt: opens }), ...texts };
  }
  const isFull = admission.type === 'full';
  return { availability: isFull ? 'full' : somebody ? 'open' : 'nobody', ...texts };
}

/** Both the door and the queue behind it must be open. */
const latest = (...times: readonly (Instant | undefined)[]): Instant | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
};

/** How many wait in a queue whose customer is at the other end. Asked of queues with a limit alone. */
function liveIn(queue: QueueId, centre: EntryFacts['centre']): number {
  let live = 0;
  for (const item of centre?.items.values() ?? []) {
    if (item.queue === queue && item.state === 'queued' && isLive(item)) live++;
  }
  return live;
}
