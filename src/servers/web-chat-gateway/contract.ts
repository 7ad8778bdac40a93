/**
 * What the web chat gateway and its widget say to each other: small JSON objects, one per WebSocket
 * text frame, at `/chat/socket`. See `docs/decisions/0016-chat-widget-wire.md`.
 *
 *     widget                                        gateway
 *     hello    {entryPoint, session?, since?}   →
 *                                               ←   welcome  {session, conversation?, entry}
 *                                               ←   messages {messages}           what it does not hold yet
 *     message  {id, text, …}                    →
 *                                               ←   ack      {id, number, at}     once it is durable
 *     mark, typing, address, end                →
 *                                               ←   messages, marks, typing, owner, waiting, turned-away, ended, entry
 *                                               ←   refused  {code, message, id?, retryAfter?}
 *     ping                                      →
 *                                               ←   pong
 *
 * A widget that hears nothing asks with `ping`; one that says nothing for long is disconnected. After
 * a lost connection it says hello with its session and the number of the last message it holds, and
 * sends again, under their ids, the messages that were not acknowledged.
 */
import { z } from 'zod';
import { EntryPointId } from '#domain/ids.ts';

/** Where the gateway is found on the public face. */
export const CHAT_PATH = '/chat';

const Id = z.string().regex(/^[\w.:-]{1,64}$/);

export const ClientFrame = z.discriminatedUnion('type', [
  /** Begins or resumes; said again it begins anew, as after the end of a conversation. */
  z.object({
    type: z.literal('hello'),
    entryPoint: EntryPointId,
    session: z.string().max(200).optional(),
    /** The number of the last message the widget holds. */
    since: z.int().min(0).default(0),
  }),
  /** The first one opens the conversation; all but `id` and `text` counts only then. */
  z.object({
    type: z.literal('message'),
    id: Id,
    text: z.string().min(1),
    name: z.string().max(120).optional(),
    email: z.string().max(254).optional(),
    /** Left while nobody is there; needs an e-mail address to answer to. */
    offline: z.boolean().optional(),
    page: z.string().max(2_000).optional(),
    language: z.string().max(35).optional(),
    /** A number that the browser keeps, so that a visitor who comes back is known. */
    visitor: Id.optional(),
  }),
  z.object({
    type: z.literal('mark'),
    delivered: z.int().min(0).optional(),
    read: z.int().min(0).optional(),
  }),
  z.object({ type: z.literal('typing'), typing: z.boolean() }),
  /** Where to answer to, from who was turned away after they had written. */
  z.object({
    type: z.literal('address'),
    email: z.string().max(254),
    name: z.string().max(120).optional(),
  }),
  z.object({ type: z.literal('end') }),
  z.object({ type: z.literal('ping') }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** Whether somebody is there for an entry point, and what to show. */
export interface EntryState {
  /**
   * `closed`: outside opening hours; `nobody`: within them, but nobody is logged in for it; `full`: as many
   * wait as may.
   */
  readonly availability: 'open' | 'closed' | 'nobody' | 'full';
  /** When it opens again; milliseconds UTC. */
  readonly opensAt?: number;
  readonly name: string;
  readonly greeting: string;
  readonly closed: string;
  readonly consent: string;
}

export interface ChatMessage {
  readonly id: string;
  readonly number: number;
  readonly from: 'customer' | 'agent' | 'system';
  /** Of the agent. */
  readonly name?: string;
  readonly text: string;
  readonly at: number;
}

/** How far each side has got, as message numbers. */
export interface ChatMarks {
  /** To the agents' side, and by it. */
  readonly delivered: number;
  readonly read: number;
  /** By the customer, in whichever tab. */
  readonly seen: number;
}

/**
 * Why something was refused:
 *
 * - `too-fast`: wait `retryAfter` milliseconds, then say it again.
 * - `try-again`: what should have taken it is away; say it again after `retryAfter`.
 * - `too-long`: a message over the limit.
 * - `closed`: nobody is there; leave a message with an e-mail address.
 * - `no-address`: that is no e-mail address.
 * - `ended`: the conversation is over; begin a new one.
 * - `unknown-entry-point`: no such entry point is in use.
 * - `not-understood`: the frame is none of these; the connection ends.
 */
export type RefusalCode =
  | 'too-fast'
  | 'try-again'
  | 'too-long'
  | 'closed'
  | 'no-address'
  | 'ended'
  | 'unknown-entry-point'
  | 'not-understood';

export type ServerFrame =
  | {
      readonly type: 'welcome';
      /** To be kept and said with the next hello; proves who may read this conversation. */
      readonly session: string;
      readonly entry: EntryState;
      /** Left out while nothing has been written. */
      readonly conversation?: {
        readonly owner?: string;
        readonly marks: ChatMarks;
        readonly lastNumber: number;
        /** It is a message left while nobody was there, or nobody could take the customer on. */
        readonly offline: boolean;
        /** There is an address to answer to. */
        readonly hasAddress: boolean;
        readonly ended?: 'customer' | 'agent' | 'system';
      };
    }
  | { readonly type: 'entry'; readonly entry: EntryState }
  | { readonly type: 'messages'; readonly messages: readonly ChatMessage[] }
  | { readonly type: 'ack'; readonly id: string; readonly number: number; readonly at: number }
  | ({ readonly type: 'marks' } & ChatMarks)
  | { readonly type: 'typing'; readonly typing: boolean }
  | { readonly type: 'owner'; readonly name?: string }
  | {
      /** All places in the line are taken, or it is closed: what was written is kept as a message that was left. */
      readonly type: 'turned-away';
      readonly reason: 'full' | 'closed';
      readonly opensAt?: number;
    }
  /** How the customer stands in the line, in the words of the queue; '' says no more than before. */
  | { readonly type: 'waiting'; readonly text: string }
  /** The address is kept. */
  | { readonly type: 'address-kept' }
  | { readonly type: 'ended'; readonly by: 'customer' | 'agent' | 'system' }
  | {
      readonly type: 'refused';
      readonly code: RefusalCode;
      readonly message: string;
      readonly id?: string;
      readonly retryAfter?: number;
    }
  | { readonly type: 'pong' };

/** Close codes beside those of RFC 6455 §7.4.1. */
export const CLOSE = {
  /** Broken frame, or too many of them. */
  policy: 1008,
  /** The server goes away, or what it needs is away: come back soon. */
  tryAgain: 1013,
} as const;
