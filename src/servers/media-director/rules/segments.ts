/** How an agent's part ends, and the wrap-up behind it. */
import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { DirectorEvent, SegmentEnding } from '#domain/work-item/event.ts';
import type { DirectorState } from './director-state.ts';

/** That the owner's part in an item ended, where it has an owner. */
export function segmentEnded(item: OpenWorkItem, ending: SegmentEnding): DirectorEvent[] {
  const { id, agent, segment } = item;
  return agent === undefined || segment === undefined
    ? []
    : [{ type: 'segment-ended', item: id, agent, segment, ending }];
}

/** The wrap-up that the item's queue asks for after its owner's part. */
export function wrapUpAfter(
  state: DirectorState,
  item: OpenWorkItem,
  at: Instant,
  codeMissing: boolean,
): DirectorEvent[] {
  const { id, agent, segment, queue, channel } = item;
  const longest = state.queue(queue)?.wrapUp.longest ?? 0;
  if (agent === undefined || segment === undefined || longest === 0) return [];
  return [
    {
      type: 'wrap-up-started',
      agent,
      item: id,
      segment,
      until: at + longest,
      queue,
      channel,
      codeRequired: codeMissing ? true : undefined,
    },
  ];
}

/** Ends all wrap-ups of an agent who leaves. */
export const endWrapUps = (state: DirectorState, agent: AgentId): DirectorEvent[] =>
  (state.centre.agents.get(agent)?.wrapUps ?? []).map(({ item, segment }) => ({
    type: 'wrap-up-ended',
    agent,
    item,
    segment,
  }));
