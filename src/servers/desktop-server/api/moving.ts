import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { AgentId, CodeId, QueueId, WorkItemId } from '#domain/ids.ts';
import { AskedPlace, Nothing } from './common.ts';

const id = z.object({ id: WorkItemId });
const itemErrors = { 'unknown-item': 404, 'wrong-state': 409, 'not-yours': 403 } as const;
const Order = z.int().min(0).max(9);

/** Work that is joined, divided, or moved by a supervisor. */
export const movingApi = defineApi({
  merge: {
    method: 'POST',
    path: '/work-items/{id}/merge',
    params: id,
    body: z.object({ into: WorkItemId }),
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary:
      'Joins it with another of the same channel and contact, which goes on with the content of both.',
    errors: { ...itemErrors, 'cannot-merge': 409, 'live-contact': 409 },
  },
  split: {
    method: 'POST',
    path: '/work-items/{id}/split',
    params: id,
    body: z.object({ to: WorkItemId, queue: QueueId.optional() }),
    result: z.object({ item: WorkItemId }),
    roles: ['agent'],
    summary: 'Gives a second matter a pass of its own under a new id of the caller’s choice.',
    errors: { ...itemErrors, 'live-contact': 409, 'unknown-queue': 422 },
  },
  reorder: {
    method: 'POST',
    path: '/work-items/{id}/reorder',
    params: id,
    body: z.object({ priority: Order.optional(), tier: Order.optional() }),
    result: Nothing,
    roles: ['supervisor'],
    summary: 'Moves it within its line (`priority`), or above all lines (`tier`); 0 comes first.',
    errors: itemErrors,
  },
  manyWorkItems: {
    method: 'POST',
    path: '/work-items/many',
    body: z.object({
      /** `to`: the new id under which a transferred item goes on. */
      items: z
        .array(z.object({ item: WorkItemId, to: WorkItemId.optional() }))
        .min(1)
        .max(1_000),
      what: z.discriminatedUnion('type', [
        z.object({ type: z.literal('assign'), agent: AgentId }),
        z.object({ type: z.literal('pullBack') }),
        z.object({ type: z.literal('wake') }),
        z.object({
          type: z.literal('reorder'),
          priority: Order.optional(),
          tier: Order.optional(),
        }),
        z.object({ type: z.literal('forceClose'), code: CodeId.optional() }),
        z.object({
          type: z.literal('transfer'),
          target: AskedPlace,
          ifRefused: AskedPlace.optional(),
        }),
      ]),
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
    roles: ['supervisor'],
    summary:
      'The same to up to 1,000 work items, each for itself; the answer names what became of every one.',
  },
});
