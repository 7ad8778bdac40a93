/** How the tests of a configuration server ask it. */
import type { Client } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { ManualClock } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import { initialDocuments } from '#domain/configuration/initial.ts';
import { AgentId } from '#domain/ids.ts';
import type { configurationServer } from '../contract.ts';

export type Configuration = Client<typeof configurationServer>;

/** Opens an empty server and a client of it. Disposing the client releases all of it. */
export type OpenConfiguration = (clock: ManualClock) => Promise<Configuration>;

export const BY = 'agent-1';
export const ADMINISTRATOR = AgentId.parse('agent-1');
export const PASSWORD = 'correct horse battery';
export const START = Date.UTC(2026, 0, 5, 9);

export const put = (
  client: Configuration,
  kind: DocumentKind,
  id: string,
  body: Record<string, unknown>,
  expected?: number,
): Promise<{ document: StoredDocument }> =>
  client.call.put({ kind, id, body, by: BY, ...(expected === undefined ? {} : { expected }) });

/** Sets the centre up: an administrator, a queue, an entry point. */
export async function setUp(client: Configuration): Promise<void> {
  const { token } = await client.call.issueLink({ purpose: 'set-up' });
  await client.call.setUp({
    token,
    organisation: { name: 'Example', timeZone: 'Europe/Berlin' },
    documents: [
      {
        kind: 'entry-point',
        id: 'chat',
        body: { name: 'Chat', channel: 'web-chat', queue: 'sales' },
      },
      { kind: 'queue', id: 'sales', body: { name: 'Sales' } },
      {
        kind: 'agent',
        id: 'agent-1',
        body: { name: 'Agent 1', login: 'agent.1', roles: ['administrator', 'agent'] },
      },
      ...initialDocuments(),
    ],
    passwords: [{ agent: ADMINISTRATOR, password: PASSWORD }],
  });
}

/** The refusal a call ends with. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: string; data: unknown }> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refusal)) throw new Error('Expected a refusal', { cause: error });
  return { code: error.code, data: error.data };
}

export const codeOf = async (call: Promise<unknown>): Promise<string> =>
  (await refusalOf(call)).code;
