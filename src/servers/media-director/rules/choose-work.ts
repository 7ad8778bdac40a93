import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorState } from './director-state.ts';
import { compareWork } from './order.ts';
import { isResting } from './rest.ts';
import { firstOf, type Line } from './waiting-work.ts';

/**
 * Chooses the work for an agent, among all that waits in the queues they serve or for them alone: the
 * most urgent, of equal priority the oldest. Work that they cannot take holds nothing up.
 */
export function chooseWork(
  state: DirectorState,
  agent: AgentId,
  at: Instant,
): OpenWorkItem | undefined {
  const { free, waiting, policy } = state;
  const channels = free.channelsOf(agent);
  const queues = free.queuesOf(agent);
  if (channels.length === 0 || !queues) return undefined;

  let best: OpenWorkItem | undefined;
  const look = (line: Line, fits: (item: OpenWorkItem) => boolean): void => {
    const first = firstOf(line, fits);
    if (first && (!best || compareWork(first, best) < 0)) best = first;
  };
  const mayHave = (item: OpenWorkItem): boolean => !isResting(policy, item, agent, at);
  look(
    waiting.only(agent),
    (item) => channels.includes(item.channel) && state.hasRoomFor(item.queue, agent),
  );
  for (const channel of channels) {
    for (const queue of queues) {
      if (state.hasRoomFor(queue, agent)) look(waiting.line(queue, channel), mayHave);
    }
  }
  return best;
}
