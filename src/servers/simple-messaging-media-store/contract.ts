/**
 * What the simple messaging media store promises: conversations of short messages, whatever gateway
 * they come through. A message is acknowledged once it is durable and never stored twice.
 */
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import {
  AgentId,
  Channel,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  WorkItemId,
} from '#domain/ids.ts';
import { Conversation, Marks, Message, MessageText, Party } from '#domain/message.ts';

const GATEWAYS = ['web-chat-gateway', 'sms-gateway', 'xmpp-gateway'] as const;
const DESKTOP = ['desktop-server'] as const;
const unknownConversation = { 'unknown-conversation': z.object({ conversation: ConversationId }) };
const ended = { 'conversation-ended': z.object({ conversation: ConversationId }) };

const opened = z.object({
  type: z.literal('conversation-opened'),
  conversation: ConversationId,
  interaction: InteractionId,
  entryPoint: EntryPointId,
  channel: Channel,
  contact: ContactId.optional(),
});
/** Who wrote is known now; it comes soon after the opening, or later if the directory was away. */
const matched = z.object({
  type: z.literal('contact-matched'),
  conversation: ConversationId,
  contact: ContactId,
});
const marked = z.object({
  type: z.literal('marked'),
  conversation: ConversationId,
  marks: Marks,
});
const ownerChanged = z.object({
  type: z.literal('owner-changed'),
  conversation: ConversationId,
  workItem: WorkItemId.optional(),
  owner: AgentId.optional(),
});
const conversationEnded = z.object({
  type: z.literal('conversation-ended'),
  conversation: ConversationId,
  by: Party,
});

/** Nobody could take the customer on: what they wrote waits as a message that was left. */
const turnedAway = z.object({
  type: z.literal('turned-away'),
  conversation: ConversationId,
  reason: z.enum(['full', 'closed']),
  /** Of `closed`: when it opens again, where that is known. */
  opensAt: Instant.optional(),
});
export type TurnedAway = z.infer<typeof turnedAway>;

/** What happens in conversations, in the order of the store's journal. */
export const MessagingEvent = z.discriminatedUnion('type', [
  opened,
  matched,
  /** The text is filled in from the store when read; '' once the person has been erased. */
  z.object({ type: z.literal('message-posted'), message: Message }),
  marked,
  ownerChanged,
  turnedAway,
  conversationEnded,
  z.object({
    type: z.literal('note-added'),
    conversation: ConversationId,
    agent: AgentId,
    note: z.string(),
    at: Instant,
  }),
]);
export type MessagingEvent = z.infer<typeof MessagingEvent>;

/**
 * The same as the journal keeps it and as ids-multimedia is sent it: ids and times, never content, so
 * that a person can be erased without touching a journal.
 */
export const MessagingFact = z.discriminatedUnion('type', [
  opened,
  matched,
  Message.omit({ text: true, at: true }).extend({ type: z.literal('message-posted') }),
  marked,
  ownerChanged,
  turnedAway,
  conversationEnded,
  z.object({
    type: z.literal('note-added'),
    conversation: ConversationId,
    id: z.string(),
    agent: AgentId,
  }),
]);
export type MessagingFact = z.infer<typeof MessagingFact>;

/** A numbered fact, as it travels to ids-multimedia. */
export const MessagingRecord = z.object({
  position: z.int(),
  at: Instant,
  body: MessagingFact,
});
export type MessagingRecord = z.infer<typeof MessagingRecord>;

/** A sign of the moment; lost with the connection, and that is all right. */
export const Typing = z.object({
  conversation: ConversationId,
  party: Party,
  agent: AgentId.optional(),
  typing: z.boolean(),
});
export type Typing = z.infer<typeof Typing>;

export const simpleMessagingMediaStore = defineContract({
  name: 'simple-messaging-media-store',
  version: 1,
  methods: {
    /**
     * Opens a conversation under an id the gateway chose, with its first message, and puts a work item
     * in the entry point's queue. Opening twice has the effect of once. `offline` files a message that
     * was left while the entry point was closed: it waits in the queue like any other. So does what a
     * full or closed queue has turned away, once `turned-away` has been told. A message with another id,
     * to a conversation that is open already, is posted to it.
     */
    open: {
      params: z.object({
        conversation: ConversationId,
        entryPoint: EntryPointId,
        channel: Channel,
        customerName: z.string().max(120).default(''),
        customerAddress: z.string().max(254).optional(),
        /** Tells this customer from others where there is no address: a browser's own number. */
        visitor: z.string().max(64).optional(),
        language: z.string().max(35).optional(),
        page: z.string().max(2_000).optional(),
        offline: z.boolean().default(false),
        message: z.object({ id: z.string().min(1).max(64), text: MessageText }),
      }),
      result: z.object({ conversation: Conversation, message: Message }),
      errors: { 'unknown-entry-point': z.object({ entryPoint: EntryPointId }), ...ended },
      roles: GATEWAYS,
      idempotent: true,
    },
    /** Stores a message; the same id again returns what was stored. An agent must own the conversation. */
    post: {
      params: z.object({
        conversation: ConversationId,
        id: z.string().min(1).max(64),
        from: Party,
        agent: AgentId.optional(),
        text: MessageText,
      }),
      result: z.object({ message: Message }),
      errors: {
        ...unknownConversation,
        ...ended,
        'not-yours': z.object({ owner: AgentId.optional() }),
      },
      roles: [...GATEWAYS, ...DESKTOP],
      idempotent: true,
    },
    /** The customer says who they are and where to answer to, after the conversation has begun. What is known already stays. */
    leaveAddress: {
      params: z.object({
        conversation: ConversationId,
        customerName: z.string().max(120).default(''),
        customerAddress: z.string().trim().min(1).max(254),
      }),
      result: z.object({ conversation: Conversation }),
      errors: unknownConversation,
      roles: GATEWAYS,
      idempotent: true,
    },
    /** Moves a mark forward; never back. */
    mark: {
      params: z.object({
        conversation: ConversationId,
        party: z.enum(['customer', 'agent']),
        delivered: z.int().min(0).optional(),
        read: z.int().min(0).optional(),
      }),
      result: z.object({ marks: Marks }),
      errors: unknownConversation,
      roles: [...GATEWAYS, ...DESKTOP],
      idempotent: true,
    },
    typing: {
      params: Typing,
      result: z.object({}),
      roles: [...GATEWAYS, ...DESKTOP],
      idempotent: true,
    },
    /** The customer ends it; an open work item is abandoned if nobody has accepted it. An agent ends it by closing the work item. */
    end: {
      params: z.object({ conversation: ConversationId }),
      result: z.object({}),
      errors: unknownConversation,
      roles: GATEWAYS,
      idempotent: true,
    },
    addNote: {
      params: z.object({
        conversation: ConversationId,
        id: z.string().min(1).max(64),
        agent: AgentId,
        note: z.string().min(1).max(8_000),
      }),
      result: z.object({}),
      errors: unknownConversation,
      roles: DESKTOP,
      idempotent: true,
    },
    /**
     * One conversation with its messages behind number `since`, oldest first, and its notes. At most 500
     * messages, fewer when they are long: there are more while the last one's number is not `lastNumber`.
     */
    read: {
      params: z.object({ conversation: ConversationId, since: z.int().min(0).default(0) }),
      result: z.object({
        conversation: Conversation,
        messages: z.array(Message),
        notes: z.array(z.object({ agent: AgentId, note: z.string(), at: Instant })),
        /** The journal's position that this answer reflects. */
        position: z.int(),
      }),
      errors: unknownConversation,
      roles: [...GATEWAYS, ...DESKTOP],
      idempotent: true,
    },
    /** The journal's newest position: whoever follows `events` from there misses nothing that comes after. */
    position: {
      params: z.object({}),
      result: z.object({ position: z.int() }),
      roles: [...GATEWAYS, ...DESKTOP, 'ids-multimedia'],
      idempotent: true,
    },
    /** What a list shows of conversations: heads and the last message's beginning. Unknown ids are left out. */
    summarise: {
      params: z.object({ conversations: z.array(ConversationId).max(1_000) }),
      result: z.object({
        summaries: z.array(
          z.object({
            conversation: Conversation,
            lastText: z.string(),
            lastFrom: Party.optional(),
          }),
        ),
        /** The journal's position that this answer reflects: follow `events` from here. */
        position: z.int(),
      }),
      roles: DESKTOP,
      idempotent: true,
    },
    /** Conversations of a contact, newest first, those before `before` when given. */
    ofContact: {
      params: z.object({
        contact: ContactId,
        before: Instant.optional(),
        limit: z.int().min(1).max(200).default(50),
      }),
      result: z.object({ conversations: z.array(Conversation) }),
      roles: DESKTOP,
      idempotent: true,
    },
  },
  streams: {
    /** Every event once durable. Without `since`: from now on. */
    events: {
      event: z.object({ position: z.int(), at: Instant, body: MessagingEvent }),
      cursor: z.int().min(0),
      roles: [...GATEWAYS, ...DESKTOP, 'ids-multimedia'],
    },
    typing: { event: Typing, roles: [...GATEWAYS, ...DESKTOP] },
  },
});
