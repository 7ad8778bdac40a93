/** What supervisors do by hand. */
import { z } from 'zod';
import { AgentId, CodeId, WorkItemId } from '#domain/ids.ts';
import { Place } from '#domain/work-item/event.ts';
import { STORES, DESKTOP, nothing, UnknownItem, itemErrors, agentErrors } from './common.ts';

/** What can be done to many at once. */
export const ForMany = z.discriminatedUnion('type', [
  z.object({ type: z.literal('assign'), agent: AgentId }),
  z.object({ type: z.literal('pullBack') }),
  z.object({
    type: z.literal('reorder'),
    priority: z.int().min(0).max(9).optional(),
    tier: z.int().min(0).max(9).optional(),
  }),
  z.object({ type: z.literal('forceClose'), code: CodeId.optional() }),
  /** Each item's pass goes on under the id that stands beside it as `to`. */
  z.object({ type: z.literal('transfer'), target: Place, ifRefused: Place.optional() }),
  z.object({ type: z.literal('wake') }),
]);
export type ForMany = z.infer<typeof ForMany>;

export const SUPERVISION_METHODS = {
  /**
   * A supervisor offers a waiting or parked item to an agent of their choice, whatever the rules say; the
   * cap holds. Text for an agent whose calls the switch gives out is offered once it has let go of them.
   */
  assign: {
    params: z.object({ item: WorkItemId, agent: AgentId, by: AgentId }),
    result: nothing,
    errors: {
      ...itemErrors,
      ...agentErrors,
      'no-capacity': z.object({ agent: AgentId }),
      /** Their browser is gone. */
      away: z.object({ agent: AgentId }),
      /** An offer or an invitation rings there. */
      rings: z.object({ agent: AgentId }),
    },
    roles: DESKTOP,
  },
  /** A supervisor takes an offered or owned item back into its queue, age kept. */
  pullBack: {
    params: z.object({ item: WorkItemId, by: AgentId }),
    result: nothing,
    errors: itemErrors,
    roles: DESKTOP,
    idempotent: true,
  },
  /** A supervisor ends an item from whatever state it is in; `code` is a work code of its queue. */
  forceClose: {
    params: z.object({ item: WorkItemId, by: AgentId, code: CodeId.optional() }),
    result: nothing,
    errors: { 'unknown-item': UnknownItem, 'unknown-code': z.object({ code: CodeId }) },
    roles: [...DESKTOP, ...STORES],
    idempotent: true,
  },
  /** A supervisor moves an item within its line, or above all lines. What is left out stays. */
  reorder: {
    params: z.object({
      item: WorkItemId,
      priority: z.int().min(0).max(9).optional(),
      tier: z.int().min(0).max(9).optional(),
      by: AgentId,
    }),
    result: nothing,
    errors: itemErrors,
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * The same to many, each for itself: the answer names what became of every one, in the order asked.
   * None is undone because another was refused.
   */
  many: {
    params: z.object({
      items: z
        .array(z.object({ item: WorkItemId, to: WorkItemId.optional() }))
        .min(1)
        .max(1_000),
      what: ForMany,
      by: AgentId,
    }),
    result: z.object({
      outcomes: z.array(
        z.object({
          item: WorkItemId,
          /** `done`, or the code of the refusal. */
          outcome: z.string(),
          message: z.string().optional(),
        }),
      ),
    }),
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
