/**
 * The wire between the chat widget and the gateway: JSON text frames over `/chat/socket`.
 *
 *     widget                                          gateway
 *     {type:'hello', entryPoint, session?, since?}  →
 *                                                   ←  {type:'welcome', …}         what to show; the rest of the conversation
 *     {type:'open', id, text, name?, address?}      →
 *                                                   ←  {type:'opened', session, …} once it is durable
 *     {type:'post', id, text}                       →
 *                                                   ←  {type:'message', …}         durable; the same to every tab and to the agent
 *     {type:'mark', …} {type:'typing', …} {type:'end'}
 *
 * A session is an unguessable token bound to one conversation; whoever holds it is the customer. A
 * widget that comes back says `hello` with it and the number of the last message it has, and sends
 * again, under the same ids, whatever was not confirmed: nothing is lost and nothing doubled.
 */
import { z } from 'zod';
import { EntryPointId, Instant } from '#domain/ids.ts';
import { Marks, MessageText, Party } from '#domain/message.ts';

const MessageId = z.string().min(1).max(64);

export const WidgetFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    entryPoint: EntryPointId,
    session: z.string().max(400).optional(),
    /** The number of the last message this widget holds. */
    since: z.int().min(0).optional(),
    language: z.string().max(35).optional(),
    /** The page the widget stands on. */
    page: z.string().max(2_000).optional(),
  }),
  z.object({
    type: z.literal('open'),
    id: MessageId,
    text: MessageText,
    name: z.string().trim().max(120).optional(),
    /** An e-mail address to answer to; must be given when nobody is there. */
    address: z.email().max(254).optional(),
  }),
  z.object({ type: z.literal('post'), id: MessageId, text: MessageText }),
  z.object({
    type: z.literal('mark'),
    delivered: z.int().min(0).optional(),
    read: z.int().min(0).optional(),
  }),
  z.object({ type: z.literal('typing'), typing: z.boolean() }),
  /** The customer ends the conversation. */
  z.object({ type: z.literal('end') }),
]);
export type WidgetFrame = z.infer<typeof WidgetFrame>;

/** A message as the customer sees it. */
export const ChatMessage = z.object({
  number: z.int(),
  id: z.string(),
  from: Party,
  /** The agent's name. */
  name: z.string().optional(),
  text: z.string(),
  at: Instant,
});
export type ChatMessage = z.infer<typeof ChatMessage>;

export const GatewayFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    /** Somebody is there and the schedule is open. False: the widget shows its offline form. */
    isOpen: z.boolean(),
    greeting: z.string(),
    /** What to say when nobody is there. */
    closed: z.string(),
    /** What the customer must agree to first; '' asks nothing. */
    consent: z.string(),
    /** The session's conversation; left out where there is none, or it is gone. */
    conversation: z
      .object({
        messages: z.array(ChatMessage),
        marks: Marks,
        /** The agent who has it now. */
        agent: z.string().optional(),
        ended: z.boolean(),
      })
      .optional(),
  }),
  z.object({ type: z.literal('opened'), session: z.string(), message: ChatMessage }),
  z.object({ type: z.literal('message'), message: ChatMessage }),
  z.object({ type: z.literal('marks'), marks: Marks }),
  z.object({ type: z.literal('typing'), typing: z.boolean() }),
  /** An agent has come, or nobody has the conversation for the moment. */
  z.object({ type: z.literal('agent'), name: z.string().optional() }),
  /** Somebody has come or all have gone; says nothing about a conversation that is open. */
  z.object({ type: z.literal('availability'), isOpen: z.boolean() }),
  z.object({ type: z.literal('ended'), by: Party }),
  /** `id` names the message that was refused; `retryAfter` is in milliseconds. */
  z.object({
    type: z.literal('refused'),
    code: z.enum([
      'too-fast',
      'too-long',
      'ended',
      'unknown-entry-point',
      'bad-frame',
      'busy',
      'address-missing',
    ]),
    message: z.string(),
    id: z.string().optional(),
    retryAfter: z.int().optional(),
  }),
]);
export type GatewayFrame = z.infer<typeof GatewayFrame>;
