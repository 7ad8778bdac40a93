import { z } from 'zod';
import { Contact } from '#domain/contact.ts';
import { StoredDocument } from '#domain/configuration/documents.ts';
import { Conversation, Message } from '#domain/message.ts';
import { Board } from '#domain/metrics/board.ts';
import { Task } from '#domain/task.ts';
import { Expression, NESTED_EXPRESSIONS } from '#domain/requirement/requirement.ts';
import { AgentStatus } from '#domain/agent/agent-status.ts';
import { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { DirectorRecord } from '#domain/work-item/event.ts';
import { ClientFrame, ServerFrame } from '../api/events.ts';
import { Me } from '../api/session.ts';
import { Summary } from '../api/work.ts';
import { API_BASE, EVENTS_PATH, api } from '../contract.ts';
import { openApiOf } from './openapi.ts';

const NAMED = {
  AgentStatus,
  Board,
  ClientFrame,
  Contact,
  Conversation,
  DirectorRecord,
  Expression,
  ...NESTED_EXPRESSIONS,
  Me,
  Message,
  OpenWorkItem,
  ServerFrame,
  StoredDocument,
  Summary,
  Task,
} satisfies Record<string, z.ZodType>;

const DESCRIPTION = `
The API of an Emcee contact centre: all that its browser applications do, programs can do too.

A browser proves itself by its session cookie; each change must come from our own page. A program sends
\`Authorization: Bearer TOKEN\`, with the token of an integration that an administrator set up; with role
\`agent\` it names whom it acts for in the header \`Emcee-Agent\`. Times are milliseconds UTC since 1970.
Whatever is refused has the form of \`ApiError\`; \`429\` and some others say \`Retry-After\`.
Fields that are not described here may be added at any time: ignore those you do not know.
`.trim();

/** The OpenAPI document of the public API, its event socket and its webhooks. */
export function apiDocument(version: string): Readonly<Record<string, unknown>> {
  return openApiOf(api, {
    title: 'Emcee',
    version,
    description: DESCRIPTION,
    base: API_BASE,
    named: NAMED,
    paths: { [EVENTS_PATH]: { get: EVENT_SOCKET } },
    webhooks: { event: { post: WEBHOOK } },
  });
}

const EVENT_SOCKET = {
  operationId: 'events',
  summary: 'Events as they happen, over WebSocket.',
  description:
    'Upgrade to WebSocket; frames are JSON text. Say `ClientFrame`, first of all `follow`; hear `ServerFrame`. ' +
    'Keep the positions you were told and say them as `cursor` when you come back: you miss nothing. ' +
    'Close codes: 1012 the server restarts, 4400 a broken frame, 4401 sign in again, 4408 you read too slowly, 4429 too many follow frames.',
  responses: {
    101: { description: 'The event socket.' },
    401: { $ref: '#/components/responses/Refused401' },
    403: { $ref: '#/components/responses/Refused403' },
    429: { $ref: '#/components/responses/Refused429' },
  },
};

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

const WEBHOOK = {
  summary: 'An event, signed as Standard Webhooks describe.',
  description:
    'Types: `work-item.*`, `agent.*`, `conversation.*`. Answer 2xx within 15 s; anything else is tried again for ' +
    'days, under the same `webhook-id`. At least once, not always in order.',
  parameters: [
    header('webhook-id', 'The same whenever this event is sent.'),
    header('webhook-timestamp', 'Seconds since 1970, of this try.'),
    header('webhook-signature', '`v1,` and HMAC-SHA256 in base64 over id, timestamp and body.'),
  ],
  requestBody: {
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['type', 'timestamp', 'data'],
          properties: {
            type: { type: 'string', examples: ['work-item.closed'] },
            timestamp: { type: 'string', format: 'date-time' },
            data: { type: 'object' },
          },
        },
      },
    },
  },
  responses: { '2XX': { description: 'Received.' } },
};
