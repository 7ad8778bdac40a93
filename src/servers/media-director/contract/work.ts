/** What agents do with what they are offered. */
import { z } from 'zod';
import { AgentId, CodeId, QueueId, WorkItemId } from '#domain/ids.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { DESKTOP, nothing, itemErrors, staleOffer, agentErrors } from './common.ts';

export const WORK_METHODS = {
  accept: {
    params: z.object({ item: WorkItemId, agent: AgentId, offer: z.int() }),
    result: z.object({ item: OpenWorkItem }),
    errors: { ...itemErrors, ...staleOffer },
    roles: DESKTOP,
    idempotent: true,
  },
  decline: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      offer: z.int(),
      reason: CodeId.optional(),
    }),
    result: nothing,
    errors: { ...itemErrors, ...staleOffer },
    roles: DESKTOP,
    idempotent: true,
  },
  /** Ends the owner's work on it. `code` is a work code; wrap-up follows where the queue has one. */
  close: {
    params: z.object({ item: WorkItemId, agent: AgentId, code: CodeId.optional() }),
    result: nothing,
    errors: {
      ...itemErrors,
      'unknown-code': z.object({ code: CodeId }),
      'code-required': z.object({ queue: QueueId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  endWrapUp: {
    params: z.object({ agent: AgentId, item: WorkItemId, code: CodeId.optional() }),
    result: nothing,
    errors: {
      ...agentErrors,
      'unknown-code': z.object({ code: CodeId }),
      'code-required': z.object({ queue: QueueId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
