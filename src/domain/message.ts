/** Messages of a conversation: chat, SMS, XMPP. */
import { z } from 'zod';
import {
  AgentId,
  Channel,
  ContactId,
  ConversationId,
  EntryPointId,
  Instant,
  InteractionId,
  WorkItemId,
} from './ids.ts';

/** A message over this many UTF-8 bytes is refused. */
export const MESSAGE_BYTES = 32_768;

const encoder = new TextEncoder();

/** Whether a message may be that long. A UTF-16 unit makes at most three bytes, so most need no counting. */
export const fitsMessage = (text: string): boolean =>
  text.length * 3 <= MESSAGE_BYTES || encoder.encode(text).length <= MESSAGE_BYTES;

export const MessageText = z
  .string()
  .min(1)
  .max(MESSAGE_BYTES)
  .refine(fitsMessage, {
    error: `a message has at most ${MESSAGE_BYTES} bytes`,
  });

export const Party = z.enum(['customer', 'agent', 'system']);
export type Party = z.infer<typeof Party>;

/** One message as everybody sees it. */
export const Message = z.object({
  conversation: ConversationId,
  /** 1, 2, 3, … within its conversation, in the order in which they became durable. */
  number: z.int().min(1),
  /** Chosen by who wrote it, unique within its conversation: sending twice stores once. */
  id: z.string().min(1).max(64),
  from: Party,
  agent: AgentId.optional(),
  text: z.string(),
  at: Instant,
});
export type Message = z.infer<typeof Message>;

/** How far each side has got, as message numbers. */
export const Marks = z.object({
  customerDelivered: z.int(),
  customerRead: z.int(),
  agentDelivered: z.int(),
  agentRead: z.int(),
});
export type Marks = z.infer<typeof Marks>;

export const Conversation = z.object({
  id: ConversationId,
  interaction: InteractionId,
  channel: Channel,
  entryPoint: EntryPointId,
  contact: ContactId.optional(),
  /** What the customer calls themselves; '' where they said nothing. */
  customerName: z.string(),
  /** Their address, number or e-mail where known. */
  customerAddress: z.string().optional(),
  language: z.string().optional(),
  /** The page they wrote from. */
  page: z.string().optional(),
  openedAt: Instant,
  endedAt: Instant.optional(),
  endedBy: Party.optional(),
  /** The open work item, if any. */
  workItem: WorkItemId.optional(),
  owner: AgentId.optional(),
  /** A message left while nobody was there. */
  offline: z.boolean(),
  lastNumber: z.int(),
  marks: Marks,
});
export type Conversation = z.infer<typeof Conversation>;
