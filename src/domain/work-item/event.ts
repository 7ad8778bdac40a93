/**
 * What happens to work items and agents, as the media director's journal keeps it. Ids, times and
 * codes, never personal data: a person can be erased without touching a journal.
 */
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
import { Readiness } from '../agent/state.ts';

/** Why an item is back in its queue. */
export const RequeueReason = z.enum([
  'declined',
  'no-answer',
  'device-error',
  'withdrawn',
  'agent-vanished',
  'pulled-back',
  'woken',
]);
export type RequeueReason = z.infer<typeof RequeueReason>;

/** How an offer ended; distinct, so that a missed offer never looks like a declined one. */
export const OfferEnding = z.enum([
  'accepted',
  'declined',
  'no-answer',
  'abandoned',
  'withdrawn',
  'device-error',
]);
export type OfferEnding = z.infer<typeof OfferEnding>;

/** How a work item's pass ended. */
export const CloseEnding = z.enum(['handled', 'abandoned', 'forced']);
export type CloseEnding = z.infer<typeof CloseEnding>;

/** How an agent's part ended. */
export const SegmentEnding = z.enum([
  'closed',
  'transferred',
  'parked',
  'merged',
  'pulled-back',
  'agent-vanished',
  'forced',
]);
export type SegmentEnding = z.infer<typeof SegmentEnding>;

/** Why this agent: enough to recompute everybody else's reason from the journal. */
export const Choice = z.object({
  /** `director`: by the rules; `supervisor`: assigned by hand; `transfer`: to a named agent. */
  by: z.enum(['director', 'supervisor', 'transfer']),
  /** The rule that broke the tie, as `longest-idle`. */
  rule: z.string(),
  /** How many agents could have taken it. */
  candidates: z.int(),
  /** The revision of the configuration that the decision saw. */
  configuration: z.int(),
});
export type Choice = z.infer<typeof Choice>;

const of = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

const item = WorkItemId;
const agent = AgentId;
const queue = QueueId;

export const DirectorEvent = z.discriminatedUnion('type', [
  of('work-item-entered', {
    item,
    conversation: ConversationId,
    interaction: InteractionId,
    channel: Channel,
    queue,
    /** 0 is most urgent, 9 least. */
    priority: z.int().min(0).max(9),
    entryPoint: EntryPointId.optional(),
    contact: ContactId.optional(),
    /** When the customer began to wait: its age, kept through every return and transfer. */
    enteredAt: Instant,
    /** When waiting longer misses the queue's service level; from its entry into this queue. */
    serviceLevelDeadline: Instant.optional(),
    /** The only agent it may go to, for a transfer to an agent. */
    onlyAgent: AgentId.optional(),
    /** Whom to prefer while they are there. */
    preferredAgent: AgentId.optional(),
    /** The work item whose transfer made this one. */
    previous: WorkItemId.optional(),
  }),
  of('work-item-offered', {
    item,
    agent,
    queue,
    /** The fencing token: accept and decline must present it. Rises within the whole centre. */
    offer: z.int(),
    deadline: Instant,
    choice: Choice,
  }),
  of('offer-ended', {
    item,
    agent,
    queue,
    offer: z.int(),
    ending: OfferEnding,
    reason: CodeId.optional(),
  }),
  of('work-item-requeued', {
    item,
    queue,
    reason: RequeueReason,
    preferredAgent: AgentId.optional(),
    by: AgentId.optional(),
  }),
  of('work-item-accepted', { item, agent, queue, segment: SegmentId, offer: z.int() }),
  of('work-item-awaits-customer', { item, agent }),
  of('customer-replied', { item }),
  of('work-item-parked', {
    item,
    by: AgentId.optional(),
    until: Instant.optional(),
    preferredAgent: AgentId.optional(),
  }),
  of('work-item-transferred', {
    item,
    to: WorkItemId,
    by: AgentId,
    queue: QueueId.optional(),
    agent: AgentId.optional(),
  }),
  of('work-item-merged', { item, into: WorkItemId, by: AgentId }),
  of('work-item-closed', {
    item,
    queue,
    ending: CloseEnding,
    code: CodeId.optional(),
    by: AgentId.optional(),
  }),
  of('segment-ended', { item, agent, segment: SegmentId, ending: SegmentEnding }),
  of('service-level-missed', { item, queue }),
  of('wrap-up-started', {
    agent,
    item,
    segment: SegmentId,
    until: Instant.optional(),
    /** Whose wrap-up it is, and where it takes up room. */
    queue: QueueId.optional(),
    channel: Channel.optional(),
    /** The contact was closed without a work code, and one is a must. */
    codeRequired: z.boolean().optional(),
  }),
  of('wrap-up-ended', { agent, item, segment: SegmentId, code: CodeId.optional() }),
  of('agent-logged-in', { agent, station: z.string(), channels: z.array(Channel) }),
  of('agent-logged-out', {
    agent,
    reason: z.enum(['asked', 'forced', 'vanished', 'retired', 'taken-over']),
    by: AgentId.optional(),
  }),
  /** Ready or not, per channel; `pending` takes effect when work ends, the newest wins. */
  of('agent-readiness-changed', {
    agent,
    readiness: Readiness,
    pending: Readiness.optional(),
    by: AgentId.optional(),
  }),
  of('agent-presence-changed', { agent, present: z.boolean() }),
]);
export type DirectorEvent = z.infer<typeof DirectorEvent>;

/** A numbered event of the director's journal. */
export const DirectorRecord = z.object({ position: z.int(), at: Instant, body: DirectorEvent });
export type DirectorRecord = z.infer<typeof DirectorRecord>;
