/** What the director promises whatever happens, and how it stands with that at a moment. */
import { z } from 'zod';
import { AgentId, Instant, WorkItemId } from '../ids.ts';
import { WORK_ITEM_STATES } from './state.ts';

/** The rules that no restart, no race and no fault of a network may break. */
export const PROMISES = ['one-owner', 'balance', 'deadline', 'capacity'] as const;
export const PromiseName = z.enum(PROMISES);
export type PromiseName = z.infer<typeof PromiseName>;

/** A promise that was broken: a fault of the program. */
export const Violation = z.object({
  promise: PromiseName,
  /** One sentence. */
  what: z.string(),
  item: WorkItemId.optional(),
  agent: AgentId.optional(),
});
export type Violation = z.infer<typeof Violation>;

/** A violation as it is told: since when it is seen. */
export const SeenViolation = Violation.extend({ since: Instant });
export type SeenViolation = z.infer<typeof SeenViolation>;

/** How it stands: what came in, what ended, what is open, and whether every promise is kept. */
export const Standing = z.object({
  /** In = closed + open, always. */
  entered: z.int(),
  ended: z.int(),
  open: z.int(),
  /** The open ones by their state. */
  states: z.partialRecord(z.enum(WORK_ITEM_STATES), z.int()),
  /** Who is logged in. */
  agents: z.int(),
  /** Whose limits were lowered, or passed over by a supervisor, below what they have: no promise is broken by that. */
  agentsAboveLimit: z.int(),
  /** When everything open was last looked through; nothing before the first time. */
  checkedAt: Instant.optional(),
  promises: z.array(
    z.object({
      promise: PromiseName,
      /** How often it was broken since this director is in office. */
      broken: z.int(),
      /** What is broken now. */
      violations: z.array(SeenViolation),
    }),
  ),
});
export type Standing = z.infer<typeof Standing>;
