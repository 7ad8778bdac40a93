/**
 * Whether a document may be stored: its shape, what it refers to, what must be its alone. The server
 * asks before it stores; a form may ask the same before it sends.
 */
import type { z } from 'zod';
import { findUnstorable } from '#base/storable.ts';
import { RESERVED_REASONS } from '../agent/state.ts';
import { AgentId } from '../ids.ts';
import { mailboxProblems, templateProblems } from './check-mail.ts';
import { interruptProblems, queueProblems, stepProblems } from './check-routing.ts';
import type { Configuration } from './configuration.ts';
import {
  Agent,
  CannedText,
  Code,
  type DocumentBody,
  type DocumentKind,
  EntryPoint,
  Integration,
  Organisation,
  Queue,
  Schedule,
  Skill,
  Webhook,
} from './documents.ts';
import { MailTemplate, Mailbox } from './mail.ts';
import { WEBHOOK_EVENT_TYPES } from '../webhook-event-type.ts';
import { ORGANISATION } from './initial.ts';
import type { Problem } from './problem.ts';
import { referencesOf } from './references.ts';

export type Checked<Body> =
  | { readonly type: 'sound'; readonly body: Body }
  | { readonly type: 'invalid'; readonly problems: readonly Problem[] };

/**
 * Checks a document as it would stand among the others in use.
 *
 * @param among The configuration in use; an older version of the same document in it does not count.
 * @returns The body with its defaults filled in and unknown fields left out, or all that is wrong.
 */
export function checkDocument<K extends DocumentKind>(
  kind: K,
  id: string,
  body: unknown,
  among: Configuration,
): Checked<DocumentBody<K>> {
  const named = idProblems(kind, id);
  return named.length > 0 ? { type: 'invalid', problems: named } : CHECKS[kind](id, body, among);
}

/** Who may administer: there must always be one. */
export function administratorsOf(configuration: Configuration): AgentId[] {
  return [...configuration.all('agent')]
    .filter(([, agent]) => agent.roles.includes('administrator'))
    .map(([id]) => id);
}

/** Logins compare without case and however their accents are written. */
export const sameLogin = (one: string, other: string): boolean => loginKey(one) === loginKey(other);

/** What a login is found by. */
export const loginKey = (login: string): string => login.trim().normalize('NFKC').toLowerCase();

type Check<Body> = (id: string, body: unknown, among: Configuration) => Checked<Body>;

const CHECKS: { readonly [K in DocumentKind]: Check<DocumentBody<K>> } = {
  organisation: checkOf('organisation', Organisation, organisationProblems),
  agent: checkOf('agent', Agent, agentProblems),
  queue: checkOf('queue', Queue, queueProblems),
  skill: checkOf('skill', Skill),
  schedule: checkOf('schedule', Schedule, scheduleProblems),
  'entry-point': checkOf('entry-point', EntryPoint, entryPointProblems),
  code: checkOf('code', Code, codeProblems),
  'canned-text': checkOf('canned-text', CannedText, cannedTextProblems),
  mailbox: checkOf('mailbox', Mailbox, mailboxProblems),
  'mail-template': checkOf('mail-template', MailTemplate, templateProblems),
  integration: checkOf('integration', Integration),
  webhook: checkOf('webhook', Webhook, webhookProblems),
};

/** The schema first, then the references, then what only this kind must keep. */
function checkOf<K extends DocumentKind>(
  kind: K,
  schema: z.ZodType<DocumentBody<K>>,
  more: (body: DocumentBody<K>, id: string, among: Configuration) => Problem[] = () => [],
): Check<DocumentBody<K>> {
  return (id, body, among) => {
    const read = schema.safeParse(body);
    const problems = read.success
      ? [
          ...textProblems(read.data),
          ...referenceProblems(kind, read.data, among),
          ...more(read.data, id, among),
        ]
      : read.error.issues.map((issue) => ({ path: issue.path.join('.'), problem: issue.message }));
    return read.success && problems.length === 0
      ? { type: 'sound', body: read.data }
      : { type: 'invalid', problems };
  };
}

function idProblems(kind: DocumentKind, id: string): Problem[] {
  const named = AgentId.safeParse(id); // the ids of all kinds look alike
  if (!named.success)
    return [{ path: 'id', problem: `"${id}" is no id: ${named.error.issues[0]?.message}` }];
  return kind === 'organisation' && id !== ORGANISATION
    ? [{ path: 'id', problem: `there is one organisation and its id is "${ORGANISATION}"` }]
    : [];
}

function textProblems(body: unknown): Problem[] {
  const path = findUnstorable(body);
  return path === undefined ? [] : [{ path, problem: 'it holds a character that no text has' }];
}

function referenceProblems<K extends DocumentKind>(
  kind: K,
  body: DocumentBody<K>,
  among: Configuration,
): Problem[] {
  return referencesOf(kind, body)
    .filter((to) => !among.has(to.kind, to.id))
    .map((to) => ({ path: to.path, problem: `there is no ${wordOf(to.kind)} "${to.id}" in use` }));
}

function organisationProblems(body: Organisation): Problem[] {
  const { language, timeZone } = body;
  const problems = [...timeZoneProblems(timeZone), ...interruptProblems(body)];
  if (!isLanguage(language)) {
    problems.push({
      path: 'language',
      problem: `"${language}" is no language tag as "en" or "pt-BR"`,
    });
  }
  return problems;
}

function agentProblems({ login }: Agent, id: string, among: Configuration): Problem[] {
  return isTaken(among, 'agent', id, (other) => sameLogin(other.login, login))
    ? [{ path: 'login', problem: `another agent signs in as "${login}"` }]
    : [];
}

function scheduleProblems({ timeZone, week, days }: Schedule): Problem[] {
  const problems = timeZoneProblems(timeZone);
  week.forEach((spans, at) => problems.push(...spanProblems(spans, `week.${at}`)));
  const seen = new Set<string>();
  days.forEach(({ date, spans }, at) => {
    if (seen.has(date)) {
      problems.push({ path: `days.${at}.date`, problem: `${date} is there twice` });
    }
    seen.add(date);
    problems.push(...spanProblems(spans, `days.${at}.spans`));
  });
  return problems;
}

function spanProblems(spans: Schedule['week'][number], path: string): Problem[] {
  return spans.flatMap(({ from, to }, at) => {
    const problem = (text: string): Problem[] => [{ path: `${path}.${at}`, problem: text }];
    if (from >= to) return problem(`it ends at ${to}, not after it begins at ${from}`);
    const earlier = spans.slice(0, at);
    return earlier.some((other) => from < other.to && other.from < to)
      ? problem(`${from} to ${to} overlaps another span of that day`)
      : [];
  });
}

function entryPointProblems(body: EntryPoint, id: string, among: Configuration): Problem[] {
  const { address, channel, requirements = [] } = body;
  const problems = stepProblems(requirements);
  if (address !== undefined) {
    const isSame = (other: EntryPoint): boolean =>
      other.channel === channel && other.address?.toLowerCase() === address.toLowerCase();
    if (isTaken(among, 'entry-point', id, isSame)) {
      problems.push({
        path: 'address',
        problem: `another entry point has the address "${address}"`,
      });
    }
  }
  body.origins.forEach((origin, at) => {
    if (!isOrigin(origin)) {
      problems.push({
        path: `origins.${at}`,
        problem: `"${origin}" is no origin as "https://www.example.com", without a path`,
      });
    }
  });
  return problems;
}

function webhookProblems({ url, events }: Webhook): Problem[] {
  const problems = /^https?:$/.test(new URL(url).protocol)
    ? []
    : [{ path: 'url', problem: 'it must begin with https:// or http://' }];
  events.forEach((type, at) => {
    if (WEBHOOK_EVENT_TYPES.has(type)) return;
    const known = [...WEBHOOK_EVENT_TYPES].join(', ');
    problems.push({
      path: `events.${at}`,
      problem: `there is no event "${type}"; there are ${known}`,
    });
  });
  return problems;
}

function codeProblems({ use }: Code, id: string): Problem[] {
  return use === 'not-ready' && RESERVED_REASONS.some((reserved) => reserved === id)
    ? [{ path: 'id', problem: `the reason "${id}" is the product's own` }]
    : [];
}

function cannedTextProblems({ key }: CannedText, id: string, among: Configuration): Problem[] {
  return key !== '' && isTaken(among, 'canned-text', id, (other) => other.key === key)
    ? [{ path: 'key', problem: `another canned text has the key "${key}"` }]
    : [];
}

function isTaken<K extends DocumentKind>(
  among: Configuration,
  kind: K,
  id: string,
  isSame: (other: DocumentBody<K>) => boolean,
): boolean {
  for (const [other, body] of among.all(kind)) {
    if (other !== id && isSame(body)) return true;
  }
  return false;
}

function timeZoneProblems(timeZone: string): Problem[] {
  try {
    Intl.DateTimeFormat('en', { timeZone });
    return [];
  } catch {
    return [{ path: 'timeZone', problem: `"${timeZone}" is no time zone as "Europe/Berlin"` }];
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** Scheme, host and port, nothing behind; a slash at the end is what browsers add when one copies it. */
function isOrigin(text: string): boolean {
  const { origin, protocol } = new URL(text);
  return /^https?:$/.test(protocol) && (origin === text || `${origin}/` === text);
}

const wordOf = (kind: DocumentKind): string => kind.replaceAll('-', ' ');
