/**
 * What the media director promises: the universal queue. Stores put work items in; it finds each an
 * agent; desktops accept, decline and finish. Every answer that changes something is durable first.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { isStorable } from '#base/storable.ts';
import { Readiness } from '#domain/agent/state.ts';
import {
  AgentId,
  Channel,
  CodeId,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import { AgentStatus, CentreSnapshot, OpenWorkItem } from '#domain/work-item/centre.ts';
import { CloseEnding, DirectorRecord } from '#domain/work-item/event.ts';
import { Page } from '#domain/work-item/whole-centre.ts';

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
});
export type Submission = z.infer<typeof Submission>;

const STORES = ['simple-messaging-media-store', 'task-media-store'] as const;
const DESKTOP = ['desktop-server'] as const;
const nothing = z.object({});
const UnknownItem = z.object({ item: WorkItemId });
const itemErrors = {
  /** No open work item has that id: it may have been closed meanwhile. */
  'unknown-item': UnknownItem,
  /** The item is in a state that does not allow this; `state` is that state. */
  'wrong-state': z.object({ item: WorkItemId, state: z.string() }),
  /** The caller's agent does not own the item, or the offer was to somebody else. */
  'not-yours': z.object({ item: WorkItemId, owner: AgentId.optional() }),
};
const staleOffer = {
  /** That offer is over: it ran out, was withdrawn, or somebody else holds the item now. */
  'offer-over': z.object({ item: WorkItemId, agent: AgentId.optional() }),
};
const agentErrors = {
  /** The agent is not logged in. */
  'not-logged-in': z.object({ agent: AgentId }),
};
export type { Page };

const pageErrors = {
  /** That answer is no longer kept: begin again. */
  'unknown-page': nothing,
};
const target = z.union([z.object({ queue: QueueId }), z.object({ agent: AgentId })]);

export const mediaDirector = defineContract({
  name: 'media-director',
  version: 1,
  methods: {
    /**
     * Puts a work item in its queue. Submitting an item twice, or one that has been closed since, has
     * the effect of submitting it once: a store that lost the reply submits again.
     */
    submit: {
      params: z.object({ item: Submission }),
      result: z.object({ position: z.int() }),
      errors: { 'unknown-queue': z.object({ queue: QueueId }) },
      roles: STORES,
      idempotent: true,
    },
    /** The customer left: closes the item if nobody has accepted it, else changes nothing. */
    abandon: {
      params: z.object({ item: WorkItemId }),
      result: z.object({ abandoned: z.boolean() }),
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

    /** Which place in their queue's line items have, from 1; one that does not wait is missing from the answer. */
    places: {
      params: z.object({ items: z.array(WorkItemId).max(10_000) }),
      result: z.object({
        places: z.array(z.object({ item: WorkItemId, place: z.int().min(1) })),
      }),
      roles: [...STORES, ...DESKTOP],
      idempotent: true,
    },

    /**
     * Logs an agent in at a station, not ready with reason `logged-in`. Logging in again at the same
     * station changes nothing; at another it is refused, unless `takeOver` is set.
     */
    logIn: {
      params: z.object({
        agent: AgentId,
        station: z
          .string()
          .min(1)
          .max(64)
          .refine(isStorable, { error: 'a station is text without control characters' }),
        takeOver: z.boolean().optional(),
      }),
      result: z.object({ agent: AgentStatus }),
      errors: {
        'logged-in-elsewhere': z.object({ agent: AgentId, station: z.string() }),
        'unknown-agent': z.object({ agent: AgentId }),
        'no-seat': z.object({ agent: AgentId, limit: z.int() }),
      },
      roles: DESKTOP,
      idempotent: true,
    },
    /** Takes effect before the next offer; logging out twice has the effect of once. Work still owned is refused unless `by` is a supervisor forcing it: then it is requeued. */
    logOut: {
      params: z.object({ agent: AgentId, by: AgentId.optional() }),
      result: nothing,
      errors: {
        ...agentErrors,
        'has-work': z.object({ agent: AgentId, items: z.array(WorkItemId) }),
      },
      roles: DESKTOP,
      idempotent: true,
    },
    /**
     * Ready or not; the newest wins. Not ready while there is work is kept as pending: no more offers, and
     * it takes effect when the work ends. Everything else takes effect at once.
     */
    setReadiness: {
      params: z.object({ agent: AgentId, readiness: Readiness, by: AgentId.optional() }),
      result: z.object({ agent: AgentStatus }),
      errors: { ...agentErrors, 'unknown-code': z.object({ code: CodeId }) },
      roles: DESKTOP,
      idempotent: true,
    },
    /** The desktops that are there now; to be said every 5 s. One not named for the grace time has vanished. */
    present: {
      params: z.object({ agents: z.array(AgentId).max(10_000) }),
      result: nothing,
      roles: DESKTOP,
      idempotent: true,
    },

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
    /** Ends this pass and begins another under the id `to`, chosen by the caller, with its age kept. */
    transfer: {
      params: z.object({
        item: WorkItemId,
        agent: AgentId,
        target,
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

    /**
     * Everything open and everybody logged in, at a position to follow the journal from. What does not
     * fit into one message comes in pages of that same moment: while an answer has `next`, ask again
     * with it as `page`, within a minute; `wholeCentre` does so.
     */
    snapshot: {
      params: z.object({ page: Page.optional() }),
      result: CentreSnapshot.extend({ next: Page.optional() }),
      errors: pageErrors,
      roles: [...DESKTOP, ...STORES, 'web-chat-gateway', 'ids-multimedia', 'ids-view'],
      idempotent: true,
    },
  },
  streams: {
    /** The journal, every event once it is durable. Without `since`: from now on. */
    journal: {
      event: DirectorRecord,
      cursor: z.int().min(0),
      roles: [...DESKTOP, ...STORES, 'web-chat-gateway', 'ids-multimedia', 'ids-view'],
    },
  },
});
