/** Work that goes elsewhere, or on another time. */
import { z } from 'zod';
import { AgentId, Instant, QueueId, WorkItemId } from '#domain/ids.ts';
import { Place } from '#domain/work-item/event.ts';
import { DESKTOP, nothing, itemErrors } from './common.ts';

export const MOVING_METHODS = {
  /**
   * Ends this pass and begins another under the id `to`, chosen by the caller, with its age kept. A
   * colleague who is consulted or confers has it at once. Any other agent may refuse: then it goes on to
   * `ifRefused`, left out: back to who transferred it, as preferred.
   */
  transfer: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      target: Place,
      ifRefused: Place.optional(),
      to: WorkItemId,
      by: AgentId.optional(),
    }),
    result: z.object({ item: WorkItemId }),
    errors: {
      ...itemErrors,
      'unknown-queue': z.object({ queue: QueueId }),
      'unknown-agent': z.object({ agent: AgentId }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /** Sets it aside until a time, or until the customer writes or somebody wakes it. */
  park: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      until: Instant.optional(),
      by: AgentId.optional(),
    }),
    result: nothing,
    errors: itemErrors,
    roles: DESKTOP,
    idempotent: true,
  },
  wake: {
    params: z.object({ item: WorkItemId, by: AgentId }),
    result: nothing,
    errors: itemErrors,
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
