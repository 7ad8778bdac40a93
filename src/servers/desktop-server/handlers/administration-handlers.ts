import { Refusal } from '#base/refusal.ts';
import { DocumentKind, type StoredDocument } from '#domain/configuration/documents.ts';
import type { administrationApi } from '../api/administration.ts';
import type { Handlers } from '../http/handlers.ts';
import { type Caller, hasRole } from '../rules/caller.ts';
import {
  type LineProblem,
  type AgentRow,
  readAgentsCsv,
  writeAgentsCsv,
} from '../rules/agents-csv.ts';
import type { Workplace } from './workplace.ts';

type AdministrationHandlers = Handlers<typeof administrationApi>;

/** How long an import of the largest file allowed may take. */
const IMPORT_TIMEOUT = 120_000;

/** Documents in which addresses of other programs stand: for administrators. */
const FOR_ADMINISTRATORS: ReadonlySet<DocumentKind> = new Set(['integration', 'webhook']);

/** What administrators set up. */
export function documentHandlers(
  place: Workplace,
): Pick<
  AdministrationHandlers,
  | 'listDocuments'
  | 'putDocument'
  | 'retireDocument'
  | 'configurationHistory'
  | 'exportConfiguration'
  | 'importConfiguration'
  | 'exportAgents'
  | 'importAgents'
> {
  const configuration = place.rooms.configuration.call;

  const taken = (document: StoredDocument): StoredDocument => {
    place.configuration.take(document);
    return document;
  };

  return {
    listDocuments({ params, query }, caller) {
      if (FOR_ADMINISTRATORS.has(params.kind) && !hasRole(caller, 'administrator')) {
        throw new Refusal('forbidden', 'This takes the role administrator');
      }
      return configuration.list({ kind: params.kind, retired: query.retired });
    },
    async putDocument({ params, query, body }, { by }) {
      if (params.kind === 'webhook') requireTarget(place, body['url']);
      const answer = await configuration.put({ ...params, body, expected: query.expected, by });
      return taken(answer.document);
    },
    async retireDocument({ params, body }, { by }) {
      const answer = await configuration.retire({ ...params, retired: body.retired, by });
      return taken(answer.document);
    },
    configurationHistory: ({ query }) => configuration.history(query),
    exportConfiguration: async () => (await configuration.exportText({})).text,
    importConfiguration: ({ body }, { by }) =>
      configuration.importText({ ...body, by }, { timeout: IMPORT_TIMEOUT }),
    exportAgents: () => writeAgentsCsv(place.configuration.current.all('agent')),
    importAgents: ({ body }, caller) => importAgents(place, body, caller),
  };
}

/** Where a webhook may never go it is not stored: else it would fail without a word, event by event. */
function requireTarget({ webhooks }: Workplace, url: unknown): void {
  const problem = typeof url === 'string' ? webhooks.problemOf(url) : undefined;
  if (problem === undefined) return;
  throw new Refusal('invalid', `It cannot be stored: "url": ${problem}`, {
    problems: [{ path: 'url', problem }],
  });
}

/** Credentials of people and programs. */
export function credentialHandlers(
  place: Workplace,
): Pick<
  AdministrationHandlers,
  'setPassword' | 'issueSignInLink' | 'issueToken' | 'webhookSecret' | 'credentialHistory'
> {
  const configuration = place.rooms.configuration.call;
  return {
    async setPassword({ params, body }, { by }) {
      await configuration.setPassword({ agent: params.id, password: body.password, by });
      await place.sessions.endAllOf(params.id); // whoever knew the old one is out
      return {};
    },
    async issueSignInLink({ params }, { by }, { origin }) {
      const { token, expires } = await configuration.issueLink({
        purpose: 'sign-in',
        agent: params.id,
        by,
      });
      return { url: signInLink(origin, token), expires };
    },
    async issueToken({ params }, { by }) {
      const { token } = await configuration.issueToken({ integration: params.id, by });
      place.tokens.forget();
      return { token };
    },
    webhookSecret: ({ params, body }, { by }) =>
      configuration.webhookSecret({ webhook: params.id, renew: body.renew, by }),
    credentialHistory: ({ query }) => configuration.audit(query),
  };
}

/** The token stands behind `#`, which browsers keep to themselves: no log ever sees it. */
const signInLink = (origin: string, token: string): string =>
  `${origin}/#sign-in=${encodeURIComponent(token)}`;

interface ImportResult {
  created: number;
  changed: number;
  problems: LineProblem[];
}

/** Stores row by row: a row that the configuration server finds wanting is named and left out. */
async function importAgents(
  place: Workplace,
  { csv, dryRun }: { readonly csv: string; readonly dryRun: boolean },
  { by }: Caller,
): Promise<ImportResult> {
  const known = place.configuration.current.all('agent');
  const { rows, problems } = readAgentsCsv(
    csv,
    [...known].map(([id, agent]) => ({ id, agent })),
  );
  const result: ImportResult = { created: 0, changed: 0, problems: [...problems] };
  for (const row of rows) {
    const isKnown = known.has(row.id);
    const problem = dryRun ? undefined : await storeAgent(place, row, by);
    if (problem !== undefined) result.problems.push({ line: row.line, problem });
    else if (isKnown) result.changed++;
    else result.created++;
  }
  result.problems.sort((a, b) => a.line - b.line);
  return result;
}

async function storeAgent(
  place: Workplace,
  { id, body, password }: AgentRow,
  by: string,
): Promise<string | undefined> {
  const configuration = place.rooms.configuration.call;
  try {
    const { document } = await configuration.put({ kind: 'agent', id, body: { ...body }, by });
    place.configuration.take(document);
    if (password === undefined) return undefined;
    await configuration.setPassword({ agent: id, password, by });
    await place.sessions.endAllOf(id);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return wordsOf(error);
    throw error;
  }
}

/** The first thing that is wrong, in words. */
function wordsOf(refusal: Refusal): string {
  const { problems } = (refusal.data ?? {}) as {
    problems?: { path: string; problem: string }[];
  };
  const first = problems?.[0];
  return first ? `${first.path}: ${first.problem}` : refusal.message;
}
