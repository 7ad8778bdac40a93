/** Nobody waits longer in a queue than it allows: work goes on to the next queue, with its age. */
import type { Instant } from '#base/time.ts';
import { isLive, nextOpeningBehind, overflowTarget } from '#domain/queue/admission.ts';
import { asWaiting } from '#domain/work-item/fold-work-items.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { entering, goingOn } from './entering.ts';
import { waitOfNew } from './expected-wait.ts';
import { done, forbids, type Rule } from './plan.ts';
import { isReturnable, sentOn } from './refused-transfer.ts';

/**
 * When a waiting item overflows: after the longest wait, or if nothing behind its queue is open then,
 * as soon as something opens.
 *
 * @returns Nothing where it stays, as things are.
 */
export function overflowsAt(
  centre: Pick<DirectorState, 'configuration' | 'queue'>,
  item: OpenWorkItem,
  at: Instant,
): Instant | undefined {
  const { state, queue, passed = [] } = item;
  if (state !== 'queued') return undefined;
  const { limits, overflow } = centre.queue(queue) ?? {};
  const longestWait = limits?.longestWait;
  if (longestWait === undefined || overflow === undefined) return undefined;
  const since = waitsSince(item) + longestWait;
  if (at < since) return since;
  const { configuration } = centre;
  return nextOpeningBehind({ id: queue, overflow }, passed, { configuration, at });
}

/** It has waited for as long as anybody may: it goes on elsewhere, if there is anywhere to go. */
export const waitedTooLong: Rule<
  CommandParams['waitedTooLong'],
  CommandReplies['waitedTooLong']
> = (state, { item: id }, { at, newItem }) => {
  const item = state.item(id);
  if (!item || forbids(item, 'transfer', 'director')) return done();
  if (isReturnable(item)) return done(sentOn(state, item, { at, newItem }));
  const { configuration } = state;
  const { queue, onlyAgent, preferredAgent = onlyAgent } = item;
  const from = { id: queue, overflow: state.queue(queue)?.overflow };
  const target = overflowTarget(from, item.passed ?? [], { configuration, at });
  const definition = target && configuration.get('queue', target);
  if (!definition) return done();
  const to = newItem();
  const work = {
    ...goingOn(item, to, state.queue(queue)),
    preferredAgent,
    passed: [...(item.passed ?? []), queue],
  };
  const entered = entering({ id: target, queue: definition }, work, at);
  const estimate = isLive(item) ? waitOfNew(state, asWaiting(entered, at), at) : undefined;
  return done([
    { type: 'work-item-transferred', item: id, to, queue: target, cause: 'overflow' },
    { ...entered, estimate },
  ]);
};
