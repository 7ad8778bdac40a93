/** What supervisors do by hand. */
import { z } from 'zod';
import { AgentId, CodeId, WorkItemId } from '#domain/ids.ts';
import { STORES, DESKTOP, nothing, UnknownItem, itemErrors, agentErrors } from './common.ts';

export const SUPERVISION_METHODS = {
  /** A supervisor offers a waiting or parked item to an agent of their choice, whatever the rules say; the cap holds. */
  assign: {
    params: z.object({ item: WorkItemId, agent: AgentId, by: AgentId }),
    result: nothing,
    errors: { ...itemErrors, ...agentErrors, 'no-capacity': z.object({ agent: AgentId }) },
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
  /** A supervisor ends an item from whatever state it is in. */
  forceClose: {
    params: z.object({ item: WorkItemId, by: AgentId, code: CodeId.optional() }),
    result: nothing,
    errors: { 'unknown-item': UnknownItem },
    roles: [...DESKTOP, ...STORES],
    idempotent: true,
  },
} as const;
