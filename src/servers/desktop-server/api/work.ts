import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import {
  AgentId,
  CodeId,
  ContactId,
  ConversationId,
  Instant,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import { Conversation, Marks, Message, MessageText, Party } from '#domain/message.ts';
import { Task, TaskBody } from '#domain/task.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import { AskedPlace, Nothing } from './common.ts';

const id = z.object({ id: WorkItemId });
const itemErrors = { 'unknown-item': 404, 'wrong-state': 409, 'not-yours': 403 } as const;
const offerErrors = { ...itemErrors, 'offer-over': 409 } as const;

/** What a list shows of a work item beside its state. */
export const Summary = z.object({
  item: WorkItemId,
  /** The customer's name, or a task's title. */
  title: z.string(),
  /** The beginning of the last message, or of a task's text. */
  text: z.string(),
  lastFrom: Party.optional(),
  /** Messages of the customer the agent has not read. */
  unread: z.int(),
});
export type Summary = z.infer<typeof Summary>;

/** Work items: what agents do with theirs, and supervisors with everybody's. */
export const workApi = defineApi({
  listWorkItems: {
    method: 'GET',
    path: '/work-items',
    query: z.object({ agent: AgentId.optional(), queue: QueueId.optional() }),
    result: z.object({ items: z.array(OpenWorkItem), summaries: z.array(Summary) }),
    roles: ['everybody'],
    summary:
      'Open work items the caller may see: an agent their own and their queues’, a supervisor all.',
  },
  createWorkItem: {
    method: 'POST',
    path: '/work-items',
    body: z.object({
      /** Chosen by the caller, so that creating again after a lost answer creates once. */
      id: ConversationId,
      queue: QueueId,
      priority: z.int().min(0).max(9).optional(),
      contact: ContactId.optional(),
      preferredAgent: AgentId.optional(),
      task: TaskBody,
    }),
    result: Task,
    roles: ['everybody'],
    summary: 'Puts a task in a queue: a generic work item with a title, fields and a link.',
    errors: { 'unknown-queue': 422, 'unknown-agent': 422 },
  },
  cancelTask: {
    method: 'DELETE',
    path: '/tasks/{id}',
    params: z.object({ id: ConversationId }),
    result: Nothing,
    roles: ['everybody'],
    summary: 'Takes a task back, also while an agent has it.',
    errors: { 'unknown-task': 404 },
  },
  readTask: {
    method: 'GET',
    path: '/tasks/{id}',
    params: z.object({ id: ConversationId }),
    result: Task,
    roles: ['everybody'],
    summary: 'One task.',
    errors: { 'unknown-task': 404 },
  },
  workItemHistory: {
    method: 'GET',
    path: '/work-items/{id}/history',
    params: id,
    result: z.object({ records: z.array(DirectorRecord) }),
    roles: ['everybody'],
    summary: 'Everything that happened to a work item, in order.',
    errors: { 'unknown-item': 404 },
  },
  accept: {
    method: 'POST',
    path: '/work-items/{id}/accept',
    params: id,
    body: z.object({ offer: z.int() }),
    result: OpenWorkItem,
    roles: ['agent'],
    summary: 'Accepts an offer; `offer` is its token.',
    errors: offerErrors,
  },
  decline: {
    method: 'POST',
    path: '/work-items/{id}/decline',
    params: id,
    body: z.object({ offer: z.int(), reason: CodeId.optional() }),
    result: Nothing,
    roles: ['agent'],
    summary: 'Declines an offer; the item keeps its age.',
    errors: offerErrors,
  },
  failOffer: {
    method: 'POST',
    path: '/work-items/{id}/fail-offer',
    params: id,
    body: z.object({ offer: z.int(), fault: CodeId.optional() }),
    result: Nothing,
    roles: ['agent'],
    summary:
      'The offer cannot ring here: it goes on, and nothing of its channel is offered until the device works.',
    errors: offerErrors,
  },
  awaitCustomer: {
    method: 'POST',
    path: '/work-items/{id}/await-customer',
    params: id,
    result: Nothing,
    roles: ['agent'],
    summary: 'It is the customer’s turn; the contact stays with the agent until they write.',
    errors: itemErrors,
  },
  close: {
    method: 'POST',
    path: '/work-items/{id}/close',
    params: id,
    body: z.object({ code: CodeId.optional() }),
    result: Nothing,
    roles: ['agent'],
    summary: 'Finishes a work item with a work code.',
    errors: { ...itemErrors, 'code-required': 422, 'unknown-code': 422 },
  },
  transfer: {
    method: 'POST',
    path: '/work-items/{id}/transfer',
    params: id,
    body: z.object({
      to: WorkItemId,
      target: AskedPlace,
      /** Where it goes when the agent does not take it; left out: back to who transfers it. */
      ifRefused: AskedPlace.optional(),
    }),
    result: z.object({ item: WorkItemId }),
    roles: ['agent', 'supervisor'],
    summary: 'Hands it to a queue or an agent under a new id of the caller’s choice, age kept.',
    errors: { ...itemErrors, 'unknown-queue': 422, 'unknown-agent': 422 },
  },
  park: {
    method: 'POST',
    path: '/work-items/{id}/park',
    params: id,
    body: z.object({ until: Instant.optional() }),
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary: 'Sets it aside until a time, or until the customer writes.',
    errors: itemErrors,
  },
  wake: {
    method: 'POST',
    path: '/work-items/{id}/wake',
    params: id,
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary: 'Brings a parked item back now.',
    errors: itemErrors,
  },
  assign: {
    method: 'POST',
    path: '/work-items/{id}/assign',
    params: id,
    body: z.object({ agent: AgentId }),
    result: Nothing,
    roles: ['supervisor'],
    summary: 'Offers it to a named agent.',
    errors: { ...itemErrors, 'not-logged-in': 409, 'no-capacity': 409, away: 409, rings: 409 },
  },
  pullBack: {
    method: 'POST',
    path: '/work-items/{id}/pull-back',
    params: id,
    result: Nothing,
    roles: ['supervisor'],
    summary: 'Takes it back into its queue, age kept.',
    errors: itemErrors,
  },
  forceClose: {
    method: 'POST',
    path: '/work-items/{id}/force-close',
    params: id,
    body: z.object({ code: CodeId.optional() }),
    result: Nothing,
    roles: ['supervisor'],
    summary: 'Ends it from whatever state it is in; `code` is a work code of its queue.',
    errors: { 'unknown-item': 404, 'unknown-code': 422 },
  },

  readConversation: {
    method: 'GET',
    path: '/conversations/{id}',
    params: z.object({ id: ConversationId }),
    query: z.object({ since: z.coerce.number().int().min(0).default(0) }),
    result: z.object({
      conversation: Conversation,
      messages: z.array(Message),
      notes: z.array(z.object({ agent: AgentId, note: z.string(), at: Instant })),
      position: z.int(),
    }),
    roles: ['everybody'],
    summary: 'A conversation and its messages behind number `since`, at most 500.',
    errors: { 'unknown-conversation': 404 },
  },
  postMessage: {
    method: 'POST',
    path: '/conversations/{id}/messages',
    params: z.object({ id: ConversationId }),
    body: z.object({ id: z.string().min(1).max(64), text: MessageText }),
    result: Message,
    roles: ['agent'],
    summary: 'Writes to the customer; the same `id` again stores nothing new.',
    errors: { 'unknown-conversation': 404, 'conversation-ended': 409, 'not-yours': 403 },
  },
  mark: {
    method: 'POST',
    path: '/conversations/{id}/marks',
    params: z.object({ id: ConversationId }),
    body: z.object({ delivered: z.int().min(0).optional(), read: z.int().min(0).optional() }),
    result: Marks,
    roles: ['agent'],
    summary: 'Says how far the agent has received and read.',
    errors: { 'unknown-conversation': 404 },
  },
  typing: {
    method: 'POST',
    path: '/conversations/{id}/typing',
    params: z.object({ id: ConversationId }),
    body: z.object({ typing: z.boolean() }),
    result: Nothing,
    roles: ['agent'],
    summary: 'Shows the customer that somebody is typing.',
  },
  addNote: {
    method: 'POST',
    path: '/conversations/{id}/notes',
    params: z.object({ id: ConversationId }),
    body: z.object({ id: z.string().min(1).max(64), note: z.string().min(1).max(8_000) }),
    result: Nothing,
    roles: ['agent', 'supervisor'],
    summary: 'Adds a note that customers never see.',
    errors: { 'unknown-conversation': 404 },
  },
});
