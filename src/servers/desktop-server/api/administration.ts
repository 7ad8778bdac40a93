import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import { AgentId, Instant } from '#domain/ids.ts';
import { Standing } from '#domain/work-item/standing.ts';
import { Limit, Nothing } from './common.ts';

const document = z.object({ kind: DocumentKind, id: z.string().max(64) });
const Problems = z.array(z.object({ line: z.int(), problem: z.string() }));

export const ComponentState = z.object({
  component: z.string(),
  instance: z.string(),
  version: z.string(),
  since: Instant,
  state: z.enum(['good', 'degraded', 'bad', 'gone']),
  parts: z.array(z.object({ part: z.string(), state: z.string(), detail: z.string().optional() })),
  addresses: z.array(z.object({ row: z.string(), address: z.string() })),
});
export type ComponentState = z.infer<typeof ComponentState>;

export const Delivery = z.object({
  id: z.string(),
  webhook: z.string(),
  event: z.string(),
  position: z.int(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  tries: z.int(),
  lastStatus: z.string().optional(),
  at: Instant,
  nextTry: Instant.optional(),
});
export type Delivery = z.infer<typeof Delivery>;

/** Setting the centre up and looking after it. */
export const administrationApi = defineApi({
  listDocuments: {
    method: 'GET',
    path: '/configuration/{kind}',
    params: z.object({ kind: DocumentKind }),
    query: z.object({ retired: z.stringbool().default(false) }),
    result: z.object({ documents: z.array(StoredDocument), revision: z.int() }),
    roles: ['everybody'],
    summary:
      'All documents of a kind: agents, queues, skills, entry points, schedules, codes, canned texts …',
  },
  putDocument: {
    method: 'PUT',
    path: '/configuration/{kind}/{id}',
    params: document,
    query: z.object({ expected: z.coerce.number().int().optional() }),
    body: z.record(z.string(), z.unknown()),
    result: StoredDocument,
    roles: ['administrator'],
    summary: 'Creates or replaces a document.',
    errors: { invalid: 422, conflict: 409 },
  },
  retireDocument: {
    method: 'POST',
    path: '/configuration/{kind}/{id}/retire',
    params: document,
    body: z.object({ retired: z.boolean().default(true) }),
    result: StoredDocument,
    roles: ['administrator'],
    summary: 'Retires a document, or brings it back.',
    errors: { 'unknown-document': 404, 'in-use': 409, needed: 409, invalid: 422 },
  },
  configurationHistory: {
    method: 'GET',
    path: '/configuration-history',
    query: z.object({
      kind: DocumentKind.optional(),
      id: z.string().optional(),
      before: z.coerce.number().int().optional(),
      limit: Limit,
    }),
    result: z.object({
      changes: z.array(
        z.object({
          document: StoredDocument,
          at: Instant,
          by: z.string(),
          before: z.record(z.string(), z.unknown()).nullable(),
        }),
      ),
    }),
    roles: ['administrator'],
    summary: 'Who changed what, newest first.',
  },
  credentialHistory: {
    method: 'GET',
    path: '/credential-history',
    query: z.object({ before: z.coerce.number().int().optional(), limit: Limit }),
    result: z.object({
      acts: z.array(
        z.object({
          number: z.int(),
          at: Instant,
          by: z.string(),
          act: z.string(),
          subject: z.string(),
        }),
      ),
    }),
    roles: ['administrator'],
    summary: 'What was done to passwords, links, tokens and secrets, newest first; never a secret.',
  },
  exportConfiguration: {
    method: 'GET',
    path: '/configuration.txt',
    result: 'text/plain',
    roles: ['administrator'],
    summary: 'The configuration as one text.',
  },
  importConfiguration: {
    method: 'POST',
    path: '/configuration/import',
    body: z.object({ text: z.string().max(20_000_000), dryRun: z.boolean().default(false) }),
    result: z.object({
      changes: z.array(
        z.object({
          kind: DocumentKind,
          id: z.string(),
          change: z.enum(['new', 'changed', 'retired']),
        }),
      ),
    }),
    roles: ['administrator'],
    summary: 'Brings the configuration to what a text says, all or nothing.',
    errors: { invalid: 422 },
  },
  exportAgents: {
    method: 'GET',
    path: '/agents.csv',
    result: 'text/csv',
    roles: ['administrator'],
    summary: 'All agents in use as CSV, without passwords.',
  },
  importAgents: {
    method: 'POST',
    path: '/agents/import',
    body: z.object({ csv: z.string().max(800_000), dryRun: z.boolean().default(false) }),
    result: z.object({ created: z.int(), changed: z.int(), problems: Problems }),
    roles: ['administrator'],
    summary: 'Creates and changes agents from CSV; bad rows are named and left out.',
  },
  setPassword: {
    method: 'PUT',
    path: '/agents/{id}/password',
    params: z.object({ id: AgentId }),
    body: z.object({ password: z.string().max(200) }),
    result: Nothing,
    roles: ['administrator'],
    summary: 'Sets somebody’s password.',
    errors: { 'unknown-agent': 404, invalid: 422 },
  },
  issueSignInLink: {
    method: 'POST',
    path: '/agents/{id}/sign-in-link',
    params: z.object({ id: AgentId }),
    result: z.object({ url: z.string(), expires: Instant }),
    roles: ['administrator'],
    summary: 'A link that signs an agent in once.',
    errors: { 'unknown-agent': 404 },
  },
  issueToken: {
    method: 'POST',
    path: '/integrations/{id}/token',
    params: z.object({ id: z.string() }),
    result: z.object({ token: z.string() }),
    roles: ['administrator'],
    summary: 'A new bearer token, shown this once.',
    errors: { 'unknown-document': 404 },
  },
  webhookSecret: {
    method: 'POST',
    path: '/webhooks/{id}/secret',
    params: z.object({ id: z.string() }),
    body: z.object({ renew: z.boolean().default(false) }),
    result: z.object({ secret: z.string() }),
    roles: ['administrator'],
    summary: 'The secret a webhook is signed with.',
    errors: { 'unknown-document': 404 },
  },
  webhookDeliveries: {
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    params: z.object({ id: z.string() }),
    query: z.object({ limit: Limit }),
    result: z.object({ deliveries: z.array(Delivery), cursor: z.int() }),
    roles: ['administrator'],
    summary: 'What a webhook was sent, newest first.',
  },
  replayWebhook: {
    method: 'POST',
    path: '/webhooks/{id}/replay',
    params: z.object({ id: z.string() }),
    body: z.object({ since: z.int().min(0) }),
    result: Nothing,
    roles: ['administrator'],
    summary: 'Sends everything behind a cursor again.',
    errors: { 'unknown-document': 404 },
  },
  components: {
    method: 'GET',
    path: '/system/components',
    result: z.object({ components: z.array(ComponentState) }),
    roles: ['administrator', 'supervisor'],
    summary: 'Every component with its health.',
  },
  standing: {
    method: 'GET',
    path: '/system/standing',
    result: Standing,
    roles: ['administrator', 'supervisor'],
    summary: 'What came in, ended and is open, and whether every promise of the routing is kept.',
  },
  seats: {
    method: 'GET',
    path: '/system/seats',
    result: z.object({
      limits: z.array(z.object({ name: z.string(), used: z.int(), limit: z.int().optional() })),
      seats: z.array(z.object({ name: z.string(), holder: z.string(), since: Instant })),
    }),
    roles: ['administrator'],
    summary: 'Seats in use and their limits.',
  },
});
