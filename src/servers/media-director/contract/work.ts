/** What agents do with what they are offered. */
import { z } from 'zod';
import { AgentId, CodeId, QueueId, WorkItemId } from '#domain/ids.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { DESKTOP, STORES, nothing, itemErrors, staleOffer, agentErrors } from './common.ts';

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
  /**
   * The agent takes what waits in a queue that allows it, before it is offered: it is theirs at once. `item` is
   * what became of it: still waiting where a switch must let go of the agent first; then it is offered to them.
   */
  take: {
    params: z.object({ item: WorkItemId, agent: AgentId }),
    result: z.object({ item: OpenWorkItem.optional() }),
    errors: {
      ...itemErrors,
      ...agentErrors,
      /** Its queue does not allow it, or they do not serve it, or it is for somebody else. */
      'may-not-take': z.object({ item: WorkItemId }),
      'no-capacity': z.object({ agent: AgentId }),
      away: z.object({ agent: AgentId }),
      rings: z.object({ agent: AgentId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * The offer could not ring: the agent's device for that channel does not work, and `fault` says why.
   * The item goes back with its age; they are offered no more of the channel until `reportDevice` says
   * that it works.
   */
  failOffer: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      offer: z.int(),
      fault: CodeId.optional(),
    }),
    result: nothing,
    errors: { ...itemErrors, ...staleOffer },
    roles: DESKTOP,
    idempotent: true,
  },
  /**
   * The owner has answered, and it is the customer's turn. The contact stays theirs; after a time that
   * the organisation sets it takes up none of their room until the customer writes.
   */
  awaitCustomer: {
    params: z.object({ item: WorkItemId, agent: AgentId }),
    result: nothing,
    errors: itemErrors,
    roles: [...DESKTOP, ...STORES],
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
