/** What reporting remembers of a contact: its passes through queues, and the agents' parts in them. */
import { z } from 'zod';
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
import { SegmentEnding } from '../work-item/event.ts';

/** One agent's part in a pass. */
export const HistorySegment = z.object({
  segment: SegmentId,
  agent: AgentId,
  from: Instant,
  /** Left out while it lasts. */
  to: Instant.optional(),
  ending: SegmentEnding.optional(),
  wrapUpFrom: Instant.optional(),
  wrapUpTo: Instant.optional(),
  /** The work code given in wrap-up. */
  code: CodeId.optional(),
});
export type HistorySegment = z.infer<typeof HistorySegment>;

/** One pass through a queue. */
export const HistoryItem = z.object({
  item: WorkItemId,
  conversation: ConversationId,
  interaction: InteractionId,
  channel: Channel,
  queue: QueueId,
  entryPoint: EntryPointId.optional(),
  contact: ContactId.optional(),
  /** When the customer began to wait, which may be before this pass. */
  enteredAt: Instant,
  /** When it entered this queue. */
  queuedAt: Instant,
  /** The first acceptance. */
  answeredAt: Instant.optional(),
  endedAt: Instant.optional(),
  ending: z.enum(['handled', 'abandoned', 'forced', 'transferred', 'merged']).optional(),
  /** The last owner. */
  agent: AgentId.optional(),
  /** The work code it was closed with. */
  code: CodeId.optional(),
  /** Where the work went on: the pass a transfer or merge led to. */
  next: WorkItemId.optional(),
  segments: z.array(HistorySegment),
  /** Of the whole conversation, where it has messages. */
  messages: z
    .object({
      customer: z.int(),
      agent: z.int(),
      /** The first an agent wrote. */
      firstReplyAt: Instant.optional(),
    })
    .optional(),
});
export type HistoryItem = z.infer<typeof HistoryItem>;
