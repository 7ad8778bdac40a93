import type { Instant } from '#base/time.ts';
import { CHANNELS, type QueueId, type WorkItemId } from '#domain/ids.ts';
import { brakedUntil } from './brake.ts';
import type { Due } from './by-the-clock.ts';
import { chooseAgent } from './choose-agent.ts';
import type { CommandParams, CommandReplies } from './command.ts';
import type { DirectorState } from './director-state.ts';
import { freed, type Rule } from './plan.ts';
import { refusedBy } from './rest.ts';

/** When a braked queue may give its next offer. */
export function dueOfQueue(state: DirectorState, queue: QueueId, at: Instant): Due[] {
  const until = brakedUntil(state, queue, at);
  if (until === undefined) return [];
  const command = { name: 'brakeOver', params: { queue } } as const;
  return [{ key: `brake ${queue}`, at: until, by: 'elapsed', stays: true, command }];
}

/** The queue may give an offer again: of each channel the first is looked at that anybody could have. */
export const brakeOver: Rule<CommandParams['brakeOver'], CommandReplies['brakeOver']> = (
  state,
  { queue },
  { at },
) => {
  const items = new Set<WorkItemId>();
  // by a wall clock that was set back a little: whoever is first is looked at, and this is due again
  const isStillBraked = brakedUntil(state, queue, at) !== undefined;
  for (const channel of CHANNELS) {
    const nobodyFor = new Set<unknown>();
    const first = state.waiting.line(queue, channel).find(({ item, only, asks }) => {
      const isLikeOthers = only.length === 0 && refusedBy(item).size === 0;
      if (isLikeOthers && nobodyFor.has(asks)) return false;
      if (isStillBraked || chooseAgent(state, item, at)) return true;
      if (isLikeOthers) nobodyFor.add(asks);
      return false;
    });
    if (first) items.add(first.id);
  }
  return freed({ items });
};
