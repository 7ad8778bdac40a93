/**
 * Why a work item went to one agent and to no other, or why it still waits: the closed list of reasons, as
 * data. They are recomputed by the rules that decided, from the state that the journal gives back.
 */
import { z } from 'zod';
import { AgentId, Channel, CodeId, Instant, QueueId, WorkItemId } from '../ids.ts';
import { Choice, CloseEnding, OfferEnding } from './event.ts';

const of = <const T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

/** What put another agent first. */
export const Advantage = z.enum([
  /** This one had it before and did not keep it. */
  'refused-before',
  'preferred-agent',
  'account-owner',
  /** What the work prefers, without asking for it. */
  'preferred-skills',
  /** Fewer offers, contacts and wrap-ups. */
  'least-at-hand',
  'longest-idle',
  'least-occupied',
  'most-skilled',
  'most-spare-capacity',
  'round-robin',
  /** They were equal in everything: the order of their ids decided. */
  'id',
]);
export type Advantage = z.infer<typeof Advantage>;

/** Why an agent does not get a work item. */
export const Reason = z.discriminatedUnion('type', [
  /** No configured agent any more, though still logged in. */
  of('retired', {}),
  of('not-of-this-queue', { queue: QueueId }),
  /** What the work item asks for is more than they have: `part` is what is missing, as it is printed. */
  of('lacks', { part: z.string(), step: z.int() }),
  /** The work item waits for that agent alone. */
  of('not-the-only', { agent: AgentId }),
  of('away', { since: Instant.optional() }),
  of('not-ready', { reason: CodeId.optional() }),
  /** They asked to be not ready and finish what they have. */
  of('not-ready-soon', { reason: CodeId.optional() }),
  /** One offer or invitation rings at a time. */
  of('rings', { item: WorkItemId.optional() }),
  of('not-theirs', { channel: Channel }),
  of('no-seat', { channel: Channel }),
  of('not-ready-for-channel', { channel: Channel, reason: CodeId.optional() }),
  of('device-error', { channel: Channel, fault: CodeId.optional() }),
  /** They have as many as they may: by their own limit, the centre's or the queue's. */
  of('full', { limit: z.enum(['agent', 'centre', 'queue']), most: z.int() }),
  of('over-budget', { budget: z.int() }),
  /** They did not take it, and are not asked again yet. */
  of('rests', { until: Instant }),
  /** It waits a little for an agent it prefers, who is busy. */
  of('waits-for-preferred', { until: Instant }),
  /** The queue's brake: so many offers a minute have been made. */
  of('braked', { queue: QueueId, until: Instant }),
  /** Their switch gives them its calls first, and has not let go of them yet. */
  of('interlock', {}),
  /** What they are at their switch keeps them: on a call, not ready there, or nobody knows. */
  of('at-switch', { state: z.string() }),
  /** Calls come to them from their switch alone. */
  of('given-out-by-switch', {}),
  /** They could have had it; somebody else came first. Values are of what `by` compares. */
  of('outranked', {
    by: Advantage,
    theirs: z.number().optional(),
    chosens: z.number().optional(),
  }),
  /** They could have it, but this other work comes first for them. */
  of('other-work', { item: WorkItemId }),
  /** A supervisor chose by hand: nobody else was asked. */
  of('by-hand', { by: AgentId.optional() }),
]);
export type Reason = z.infer<typeof Reason>;
export type ReasonType = Reason['type'];

/** What a work item had over others when it was chosen. */
export const WorkStanding = z.object({
  tier: z.int(),
  priority: z.int(),
  enteredAt: Instant,
  /** From 0; left out where it asks for nothing. */
  step: z.int().optional(),
  /** What it asked for, as it is printed. */
  asks: z.string().optional(),
  /** The work that this agent would have had next, and what put the chosen one first. */
  next: z
    .object({
      item: WorkItemId,
      by: z.enum(['tier', 'priority', 'age', 'need', 'order']),
    })
    .optional(),
});
export type WorkStanding = z.infer<typeof WorkStanding>;

/** One reason and whom it holds for: all of them are counted, the first are named. */
export const ReasonGroup = z.object({
  type: z.string(),
  count: z.int(),
  agents: z.array(z.object({ agent: AgentId, reason: Reason })),
});
export type ReasonGroup = z.infer<typeof ReasonGroup>;

/** One decision about a work item, with everybody it did not choose. */
export const Decision = z.object({
  at: Instant,
  queue: QueueId,
  work: WorkStanding,
  /** The offer it led to; left out: it still waits. */
  offer: z
    .object({
      number: z.int(),
      position: z.int(),
      agent: AgentId,
      choice: Choice,
      /** Whether the rules of today choose the same on what was known then. */
      isReproduced: z.boolean(),
      /** Left out: it rings. */
      ended: z.object({ at: Instant, ending: OfferEnding }).optional(),
    })
    .optional(),
  /** The most frequent reason first. */
  groups: z.array(ReasonGroup),
  /** Configured agents of the centre who were not logged in. */
  notLoggedIn: z.int(),
  /** The agent who was asked about: `chosen`, not logged in, or why not. */
  asked: z
    .object({
      agent: AgentId,
      is: z.enum(['chosen', 'not-logged-in', 'unknown', 'not-chosen']),
      reason: Reason.optional(),
    })
    .optional(),
});
export type Decision = z.infer<typeof Decision>;

/** What `explain` answers about a work item. */
export const Explanation = z.object({
  item: WorkItemId,
  /** How it came in, where that is still kept. */
  entry: z.object({ at: Instant, channel: Channel, queue: QueueId, enteredAt: Instant }).optional(),
  /** The oldest first; last why it waits now, if it does. */
  decisions: z.array(Decision),
  /** How it ended; `as` is what it goes on as, or in. Left out: it is open. */
  ended: z
    .object({
      at: Instant,
      ending: z.enum([...CloseEnding.options, 'transferred', 'merged']),
      code: CodeId.optional(),
      as: WorkItemId.optional(),
    })
    .optional(),
});
export type Explanation = z.infer<typeof Explanation>;
