/**
 * The event socket, `GET /api/v1/events` upgraded to WebSocket: JSON text frames.
 *
 *     client                                   server
 *     {type:'follow', topics, cursor?}      →
 *                                           ←  {type:'snapshot', …}     unless the cursor could be resumed
 *                                           ←  {type:'work' | 'message' | …} in order, each with its position
 *                                           ←  {type:'caught-up', cursor}    after a replay, and every 10 s
 *
 * A client keeps the positions of the last `work` and `messages` event and says them when it comes
 * back: it misses nothing. When that was too long ago it gets a snapshot instead.
 */
import { z } from 'zod';
import { StoredDocument } from '#domain/configuration/documents.ts';
import { AgentId, ConversationId, Instant, WorkItemId } from '#domain/ids.ts';
import { Marks, Message, Party } from '#domain/message.ts';
import { EmailFact } from '#servers/email-media-store/contract.ts';
import { CentreSnapshot } from '#domain/work-item/centre.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import { Summary } from './work.ts';

/** What a client wants to hear of. `work`: items and agents it may see; `messages`: of conversations it owns or names, by e-mail too; `board`: live figures, for supervisors. */
export const Topic = z.enum(['work', 'messages', 'configuration', 'board']);
export type Topic = z.infer<typeof Topic>;

export const EventCursor = z.object({
  work: z.int(),
  messages: z.int(),
  /** Of the e-mail store; a client that leaves it out hears of e-mails from now on. */
  emails: z.int().optional(),
  /** The newest change of the configuration; where it is said, changes behind it are sent again. */
  configuration: z.int().optional(),
});
export type EventCursor = z.infer<typeof EventCursor>;

export const ClientFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('follow'),
    topics: z.array(Topic),
    cursor: EventCursor.optional(),
  }),
  /** Hear the messages of these conversations too, as far as one's role allows (a supervisor looks on). */
  z.object({ type: z.literal('watch'), conversations: z.array(ConversationId).max(100) }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const ServerFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('snapshot'),
    centre: CentreSnapshot,
    summaries: z.array(Summary),
    cursor: EventCursor,
  }),
  /** An event of the director's journal. */
  z.object({ type: z.literal('work'), record: DirectorRecord }),
  /** An item that has come into the client's sight: take it in before the events behind it. */
  z.object({ type: z.literal('item'), item: OpenWorkItem, summary: Summary.optional() }),
  /** An item that is open still but has left the client's sight, as by a transfer: forget it. */
  z.object({ type: z.literal('unseen'), item: WorkItemId }),
  z.object({ type: z.literal('summary'), summary: Summary }),
  z.object({ type: z.literal('message'), position: z.int(), message: Message }),
  z.object({
    type: z.literal('marked'),
    position: z.int(),
    conversation: ConversationId,
    marks: Marks,
  }),
  z.object({
    type: z.literal('conversation-ended'),
    position: z.int(),
    conversation: ConversationId,
    by: Party,
  }),
  z.object({
    type: z.literal('note'),
    position: z.int(),
    conversation: ConversationId,
    agent: AgentId,
    note: z.string(),
    at: Instant,
  }),
  /** Something happened in a conversation by e-mail: read it again behind what is known. */
  z.object({ type: z.literal('email'), position: z.int(), fact: EmailFact }),
  /** Who is writing an answer in a conversation by e-mail. */
  z.object({
    type: z.literal('writing'),
    conversation: ConversationId,
    writers: z.array(AgentId),
  }),
  z.object({
    type: z.literal('typing'),
    conversation: ConversationId,
    party: Party,
    typing: z.boolean(),
  }),
  z.object({ type: z.literal('configuration'), document: StoredDocument }),
  /** Live figures changed; `version` rises. Ask `GET /board`. */
  z.object({ type: z.literal('board'), version: z.int() }),
  /** How the client's state must look now: ids of open items it may see, in any order, as `id:state`. A difference means: follow anew without a cursor. */
  z.object({
    type: z.literal('caught-up'),
    cursor: EventCursor,
    serverTime: Instant,
    items: z.array(z.string()).optional(),
  }),
  z.object({ type: z.literal('refused'), code: z.string(), message: z.string() }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;
