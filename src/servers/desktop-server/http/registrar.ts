import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { ApiDefinition, RouteDefinition } from '#base/http-api.ts';
import { Refusal } from '#base/refusal.ts';
import { findUnstorable } from '#base/storable.ts';
import type { Caller } from '../rules/caller.ts';
import type { Exchange, FileAnswer, Handlers } from './handlers.ts';
import { type Text, sendFile, sendText } from './send.ts';

/** Bodies are short, but for what is imported. */
const BODY_BYTES = 1024 * 1024;
const IMPORT_BYTES = 24 * 1024 * 1024;
const IMPORTS: ReadonlySet<string> = new Set(['importConfiguration']);

/** Issues named in one refusal; more would only repeat the first mistake. */
const ISSUES_NAMED = 10;

export interface RegistrarOptions {
  readonly base: string;
  /** Who makes the request; nobody when it bears no proof. @throws {Refusal} When the proof is bad. */
  readonly identify: (request: FastifyRequest) => Promise<Caller | undefined>;
  readonly exchange: (request: FastifyRequest, reply: FastifyReply) => Exchange;
}

/**
 * Makes every route of `api` answer by its handler. Who may call is decided before the body is read, all
 * that comes in is validated, and what goes out is cut down to what the route promises.
 */
export function registerApi<const A extends ApiDefinition>(
  app: FastifyInstance,
  api: A,
  handlers: Handlers<A>,
  options: RegistrarOptions,
): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  for (const [name, route] of Object.entries(api)) {
    const handle = handlers[name] as unknown as AnyHandler;
    app.route({
      method: route.method,
      url: `${options.base}${route.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      bodyLimit: IMPORTS.has(name) ? IMPORT_BYTES : BODY_BYTES,
      config: { errors: route.errors ?? {} },
      onRequest: async (request) => {
        const caller = await options.identify(request);
        admit(route, caller);
        if (caller) callers.set(request, caller);
      },
      handler: async (request, reply) => {
        const input = {
          params: accept('path', route.params, request.params),
          query: accept('query', route.query, request.query),
          // A body of which nothing is required may be left out.
          body: accept('body', route.body, request.body ?? (route.body && {})),
        };
        const answer = await handle(input, callers.get(request), options.exchange(request, reply));
        if (route.result === 'file') return sendFile(answer as FileAnswer, reply);
        return typeof route.result === 'string'
          ? sendText(route.path, route.result, answer as Text, reply)
          : route.result.parse(answer);
      },
    });
  }
}

type AnyHandler = (
  input: unknown,
  caller: Caller | undefined,
  exchange: Exchange,
) => Promise<unknown>;

function admit(route: RouteDefinition, caller: Caller | undefined): void {
  if (route.roles.includes('nobody-yet')) return;
  if (!caller) throw new Refusal('not-signed-in', 'Sign in first');
  if (route.roles.includes('everybody')) return;
  if (route.roles.some((role) => (caller.roles as readonly string[]).includes(role))) return;
  throw new Refusal('forbidden', `This takes the role ${route.roles.join(' or ')}`);
}

function accept(part: string, schema: z.ZodType | undefined, given: unknown): unknown {
  if (!schema) return part === 'body' ? undefined : {};
  const parsed = schema.safeParse(given ?? {});
  // In bodies such characters may be somebody's text, and rooms know what to make of them.
  const odd = parsed.success && part !== 'body' ? findUnstorable(parsed.data) : undefined;
  if (parsed.success && odd === undefined) return parsed.data;
  const problems = parsed.error?.issues.slice(0, ISSUES_NAMED).map((issue) => ({
    path: issue.path.map(String).join('.'),
    problem: problemOf(issue, given),
  })) ?? [{ path: odd ?? '', problem: 'it holds a character that no text has' }];
  const first = problems[0];
  const where = first?.path ? `"${first.path}" of the ${part}` : `the ${part}`;
  throw new Refusal('bad-request', `Cannot accept ${where}: ${first?.problem}`, { problems });
}

/** What is not there at all is said to be missing; the schema would tell of what it made of nothing. */
function problemOf(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message;
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Readonly<Record<PropertyKey, unknown>> | null | undefined)?.[key],
    given,
  );
  if (value === undefined) return 'it is missing';
  return issue.expected === 'number' && typeof value === 'string'
    ? 'it must be a number'
    : issue.message;
}
