import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { Contact, ContactBody } from '#domain/contact.ts';
import {
  AgentId,
  Channel,
  CodeId,
  ContactId,
  ConversationId,
  Instant,
  QueueId,
  WorkItemId,
} from '#domain/ids.ts';
import { Limit, Nothing, Offset } from './common.ts';

const id = z.object({ id: ContactId });

/** One pass of a contact through a queue, as a history shows it. */
export const HistoryEntry = z.object({
  item: WorkItemId,
  conversation: ConversationId,
  channel: Channel,
  queue: QueueId,
  agent: AgentId.optional(),
  enteredAt: Instant,
  acceptedAt: Instant.optional(),
  endedAt: Instant.optional(),
  ending: z.string().optional(),
  code: CodeId.optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

export const contactsApi = defineApi({
  searchContacts: {
    method: 'GET',
    path: '/contacts',
    query: z.object({ text: z.string().max(200).default(''), limit: Limit, offset: Offset }),
    result: z.object({ contacts: z.array(Contact), total: z.int() }),
    roles: ['everybody'],
    summary: 'Finds contacts by name, address or digits.',
  },
  readContact: {
    method: 'GET',
    path: '/contacts/{id}',
    params: id,
    result: Contact,
    roles: ['everybody'],
    summary: 'One contact.',
    errors: { 'unknown-contact': 404 },
  },
  putContact: {
    method: 'PUT',
    path: '/contacts/{id}',
    params: id,
    query: z.object({ expected: z.coerce.number().int().optional() }),
    body: ContactBody,
    result: Contact,
    roles: ['everybody'],
    summary: 'Creates or changes a contact; with `expected`, only that revision.',
    errors: { conflict: 409, 'unknown-organisation': 422 },
  },
  eraseContact: {
    method: 'DELETE',
    path: '/contacts/{id}',
    params: id,
    result: Nothing,
    roles: ['administrator'],
    summary: 'Erases a person for good.',
  },
  contactHistory: {
    method: 'GET',
    path: '/contacts/{id}/history',
    params: id,
    query: z.object({ before: z.coerce.number().int().optional(), limit: Limit }),
    result: z.object({ entries: z.array(HistoryEntry) }),
    roles: ['everybody'],
    summary: 'What happened with a contact, newest first.',
  },
  exportContacts: {
    method: 'GET',
    path: '/contacts.csv',
    result: 'text/csv',
    roles: ['administrator'],
    summary: 'All contacts as CSV.',
  },
  importContacts: {
    method: 'POST',
    path: '/contacts/import',
    body: z.object({ csv: z.string().max(800_000), dryRun: z.boolean().default(false) }),
    result: z.object({
      created: z.int(),
      changed: z.int(),
      problems: z.array(z.object({ line: z.int(), problem: z.string() })),
    }),
    roles: ['administrator'],
    summary: 'Takes contacts in from CSV; bad rows are named and left out.',
  },
});
