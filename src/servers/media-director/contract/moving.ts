/** Work that goes elsewhere, or on another time. */
import { z } from 'zod';
import { AgentId, Channel, Instant, QueueId, WorkItemId } from '#domain/ids.ts';
import { Place } from '#domain/work-item/event.ts';
import { DESKTOP, nothing, itemErrors } from './common.ts';

const liveContact = {
  /** Its customer is at the other end: such contacts are not merged or split. */
  'live-contact': z.object({ item: WorkItemId, channel: Channel }),
};

export const MOVING_METHODS = {
  /**
   * Ends this pass and begins another under the id `to`, chosen by the caller, with its age kept. A
   * colleague who is consulted or confers has it at once. Any other agent may refuse, or be busy for longer than
   * the queue waits for them, or not be there for it: then it goes on to `ifRefused`, left out: back to who
   * transferred it, as preferred.
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
  /**
   * Two matters that are one: `item` ends with all its timers, and what it holds goes on with `into`. Both
   * of one channel and one contact, and none with its customer at the other end. The agent has at least
   * one of them and nobody else the other; a supervisor (`by`) may whoever has them.
   */
  merge: {
    params: z.object({
      item: WorkItemId,
      into: WorkItemId,
      agent: AgentId,
      by: AgentId.optional(),
    }),
    result: nothing,
    errors: {
      ...itemErrors,
      ...liveContact,
      /** They do not belong together. */
      'cannot-merge': z.object({
        item: WorkItemId,
        into: WorkItemId,
        why: z.enum(['same-item', 'other-channel', 'other-contact']),
      }),
    },
    roles: DESKTOP,
    idempotent: true,
  },
  /** A second matter gets a pass of its own under the id `to`, in `queue` or the same; the first goes on. */
  split: {
    params: z.object({
      item: WorkItemId,
      agent: AgentId,
      to: WorkItemId,
      queue: QueueId.optional(),
    }),
    result: z.object({ item: WorkItemId }),
    errors: { ...itemErrors, ...liveContact, 'unknown-queue': z.object({ queue: QueueId }) },
    roles: DESKTOP,
    idempotent: true,
  },
} as const;
