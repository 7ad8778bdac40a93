/** What is going on now: the part of the derived state that the next event may need. */
import { z } from 'zod';
import { AgentId, Instant, QueueId, SegmentId, WorkItemId } from '#domain/ids.ts';
import { HistorySegment } from '#domain/metrics/history.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import type { LiveAgent } from '../contract.ts';

/** An open pass, with what the shared fold does not keep. */
export const LivePass = z.object({
  item: OpenWorkItem,
  /** Since when it waits for an agent without a break; left out while it does not. */
  waitingSince: Instant.optional(),
  /** The first acceptance. */
  answeredAt: Instant.optional(),
  /** The last owner. */
  owner: AgentId.optional(),
});
export type LivePass = z.infer<typeof LivePass>;

/** An agent's part in a pass: while it lasts, and behind it until its wrap-up is over. */
export const LiveSegment = HistorySegment.extend({ item: WorkItemId, queue: QueueId });
export type LiveSegment = z.infer<typeof LiveSegment>;

/** All that goes on at one position of the journal; what a restart loads. */
export interface Live {
  readonly position: number;
  readonly passes: readonly LivePass[];
  readonly segments: readonly LiveSegment[];
  readonly agents: readonly LiveAgent[];
  /** Since the journal's beginning. */
  readonly entered: number;
  readonly ended: number;
}

/** Before the first event. */
export const NOTHING_LIVE: Live = {
  position: 0,
  passes: [],
  segments: [],
  agents: [],
  entered: 0,
  ended: 0,
};

export const isOpen = (segment: LiveSegment): boolean => segment.to === undefined;

export const isWrappingUp = (segment: LiveSegment): boolean =>
  segment.wrapUpFrom !== undefined && segment.wrapUpTo === undefined;

/** The keys of what is live, as they are stored. */
export type LiveKey =
  | { readonly kind: 'pass'; readonly id: WorkItemId }
  | { readonly kind: 'segment'; readonly id: SegmentId }
  | { readonly kind: 'agent'; readonly id: AgentId };
