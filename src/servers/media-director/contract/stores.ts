/** What media stores ask: work enters, and what became of it. */
import { z } from 'zod';
import {
  AgentId,
  Channel,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import { ServiceObjective } from '#domain/configuration/routing.ts';
import { RequirementSteps } from '#domain/requirement/requirement.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { CloseEnding } from '#domain/work-item/event.ts';
import { Page } from '#domain/work-item/whole-centre.ts';
import { STORES, DESKTOP, itemErrors, nothing, pageErrors } from './common.ts';

/** What a store submits: references, never content. */
export const Submission = z.object({
  id: WorkItemId,
  conversation: ConversationId,
  interaction: InteractionId,
  channel: Channel,
  queue: QueueId,
  /** 0 is most urgent; left out: the queue's own. */
  priority: z.int().min(0).max(9).optional(),
  entryPoint: EntryPointId.optional(),
  contact: ContactId.optional(),
  /** When the customer began to wait, which may be long before. */
  enteredAt: Instant,
  preferredAgent: AgentId.optional(),
  /** The other agent to prefer: whose account it is. */
  accountOwner: AgentId.optional(),
  /** What it asks of its agent; left out: what its queue says. */
  requirements: RequirementSteps.optional(),
  /** Within which time it is meant to be served, as its entry point says; left out: what its queue says. */
  serviceObjective: ServiceObjective.optional(),
  /** A message that was left: nobody is at the other end, so it is never refused. */
  offline: z.boolean().optional(),
});
export type Submission = z.infer<typeof Submission>;

const Wait = z.object({ least: z.int().min(0), most: z.int().min(0) });

export const STORE_METHODS = {
  /**
   * Puts a work item in its queue, or where that passes it on by overflow. Submitting an item twice, or
   * one that has been closed since, has the effect of submitting it once: a store that lost the reply
   * submits again. Only work whose customer is at the other end is refused by a full or closed queue;
   * submitted again it may be let in.
   */
  submit: {
    params: z.object({ item: Submission }),
    result: z.object({ position: z.int() }),
    errors: {
      'unknown-queue': z.object({ queue: QueueId }),
      /** As many wait as may, and there is nowhere else to go. */
      'queue-full': z.object({ queue: QueueId }),
      /** Its hours are over, and there is nowhere else to go. `opensAt`: when they begin again. */
      'queue-closed': z.object({ queue: QueueId, opensAt: Instant.optional() }),
    },
    roles: STORES,
    idempotent: true,
  },
  /** The customer left: closes the item if nobody has accepted it, else changes nothing. Who is called back cannot leave. */
  abandon: {
    params: z.object({ item: WorkItemId }),
    result: z.object({ abandoned: z.boolean() }),
    roles: STORES,
    idempotent: true,
  },
  /**
   * The customer would rather be called back than wait: this pass ends, and another goes on in its place
   * under the id `to`, chosen by the caller. It has the age of the first, and its customer cannot leave it.
   */
  keepPlace: {
    params: z.object({ item: WorkItemId, to: WorkItemId }),
    result: z.object({ item: WorkItemId }),
    errors: itemErrors,
    roles: STORES,
    idempotent: true,
  },
  /** The customer called by themselves, or gave it up: closes the callback if nobody has accepted it, else changes nothing. */
  cancelCallback: {
    params: z.object({ item: WorkItemId }),
    result: z.object({ cancelled: z.boolean() }),
    roles: STORES,
    idempotent: true,
  },
  /** The customer wrote: wakes a parked item, ends waiting for the customer; else changes nothing. */
  customerWrote: {
    params: z.object({ item: WorkItemId }),
    result: nothing,
    roles: STORES,
    idempotent: true,
  },
  /**
   * The items a store should hold open, to reconcile after a restart: those of `channels`. In pages
   * as `snapshot`.
   */
  openItems: {
    params: z.object({ channels: z.array(Channel), page: Page.optional() }),
    result: z.object({
      items: z.array(OpenWorkItem),
      position: z.int(),
      next: Page.optional(),
    }),
    errors: pageErrors,
    roles: STORES,
    idempotent: true,
  },
  /** How items ended that are no longer open; one that was never submitted is missing from the answer. */
  endings: {
    params: z.object({ items: z.array(WorkItemId).max(10_000) }),
    result: z.object({
      endings: z.array(
        z.object({
          item: WorkItemId,
          ending: z.enum([...CloseEnding.options, 'transferred', 'merged']),
          to: WorkItemId.optional(),
        }),
      ),
    }),
    roles: STORES,
    idempotent: true,
  },

  /**
   * Which place in their queue's line items have, from 1, and how many milliseconds they will still wait,
   * at least and at most: left out where nobody can tell. One that does not wait is missing from the answer.
   */
  estimates: {
    params: z.object({ items: z.array(WorkItemId).max(10_000) }),
    result: z.object({
      estimates: z.array(
        z.object({ item: WorkItemId, place: z.int().min(1), wait: Wait.optional() }),
      ),
    }),
    roles: [...STORES, ...DESKTOP, 'web-chat-gateway'],
    idempotent: true,
  },
  /** How long customers would wait who came in now; no time at all where an agent is free for them. */
  expectedWaits: {
    params: z.object({
      lines: z.array(z.object({ queue: QueueId, channel: Channel })).max(10_000),
    }),
    /** In the order of the question; nothing where nobody can tell. */
    result: z.object({ waits: z.array(Wait.nullable()) }),
    roles: [...STORES, ...DESKTOP],
    idempotent: true,
  },
} as const;
