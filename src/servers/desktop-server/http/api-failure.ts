import type { FastifyError } from 'fastify';
import { z } from 'zod';
import { CallFailure, type CallFailureCode } from '#base/call-failure.ts';
import type { RouteDefinition } from '#base/http-api.ts';
import { Refusal } from '#base/refusal.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import type { ApiError } from '../api/common.ts';

/** Codes that every route may answer with, and their statuses. */
export const COMMON_ERRORS: Readonly<Record<string, number>> = {
  'bad-request': 400,
  'not-signed-in': 401,
  forbidden: 403,
  'foreign-origin': 403,
  'not-found': 404,
  'too-large': 413,
  'wrong-media-type': 415,
  'too-many-requests': 429,
  internal: 500,
  busy: 503,
  timeout: 504,
};

const FAILURES: Readonly<Record<CallFailureCode, string>> = {
  unavailable: 'busy',
  timeout: 'timeout',
  'connection-lost': 'busy',
  busy: 'busy',
  'too-large': 'too-large',
  internal: 'internal',
  'bad-answer': 'internal',
  closed: 'busy',
};

const FASTIFY_FAILURES: Readonly<Record<number, string>> = {
  400: 'bad-request',
  404: 'not-found',
  413: 'too-large',
  414: 'too-large',
  415: 'wrong-media-type',
};

export interface ApiFailure {
  readonly status: number;
  readonly body: ApiError;
  /** False where somebody must look: it is traced. */
  readonly expected: boolean;
}

/** What a caller is told of whatever a handler threw. What is not a refusal keeps its reason to itself. */
export function apiFailureOf(thrown: unknown, errors: RouteDefinition['errors'] = {}): ApiFailure {
  if (thrown instanceof Refusal) return ofRefusal(thrown, errors);
  if (thrown instanceof CallFailure) return ofFailure(thrown);
  if (thrown instanceof DatabaseGoneError) {
    return failure('busy', 'The database cannot be reached; try again soon');
  }
  const status = (thrown as Partial<FastifyError> | undefined)?.statusCode;
  const code = status === undefined ? undefined : FASTIFY_FAILURES[status];
  if (code !== undefined) return failure(code, (thrown as Error).message);
  return {
    ...failure('internal', 'Something went wrong here; the trace says what'),
    expected: false,
  };
}

function ofRefusal(refusal: Refusal, errors: NonNullable<RouteDefinition['errors']>): ApiFailure {
  const own = Object.hasOwn(errors, refusal.code) ? errors[refusal.code] : undefined;
  if (own !== undefined) return failure(refusal.code, refusal.message, refusal.data, own);
  if (refusal.code === 'invalid-params') return ofInvalidParams(refusal, errors);
  if (Object.hasOwn(COMMON_ERRORS, refusal.code)) {
    return failure(refusal.code, refusal.message, refusal.data);
  }
  return {
    ...failure('internal', 'Something went wrong here; the trace says what'),
    expected: false,
  };
}

/** Another component found the request wanting where our schema did not: its method is nobody's business. */
function ofInvalidParams(
  { message, data }: Refusal,
  errors: NonNullable<RouteDefinition['errors']>,
): ApiFailure {
  const issues = Issues.safeParse(data).data;
  const problems = issues?.map((issue) => ({ path: issue.path, problem: issue.message })) ?? [];
  const [first] = problems;
  const code = Object.hasOwn(errors, 'invalid') ? 'invalid' : 'bad-request';
  return first
    ? failure(code, sentenceOf(first), { problems }, errors[code])
    : failure(code, message, undefined, errors[code]);
}

/** As `invalidParams` of the RPC lists them. */
const Issues = z.array(z.object({ path: z.string(), message: z.string() })).min(1);

function sentenceOf({ path, problem }: { path: string; problem: string }): string {
  return path === '' ? `Cannot accept this: ${problem}` : `Cannot accept "${path}": ${problem}`;
}

function ofFailure(thrown: CallFailure): ApiFailure {
  const code = FAILURES[thrown.code];
  const data = thrown.reference === undefined ? undefined : { reference: thrown.reference };
  return { ...failure(code, thrown.message, data), expected: code !== 'internal' };
}

function failure(
  code: string,
  message: string,
  data?: unknown,
  status = COMMON_ERRORS[code] ?? 500,
): ApiFailure {
  // Whoever asked in vain finds all that is wrong in one place, whoever found it.
  const isWrong = code === 'bad-request' || code === 'invalid';
  const told = data ?? (isWrong ? { problems: [{ path: '', problem: message }] } : undefined);
  const error = { code, message, ...(told !== undefined && { data: told }) };
  return { status, body: { error }, expected: true };
}

/** How long to wait, where a refusal says so: in whole seconds, as `Retry-After` wants it. */
export function retryAfterOf(thrown: unknown, now: number): number | undefined {
  const data =
    thrown instanceof Refusal ? (thrown.data as { retryAt?: unknown } | null) : undefined;
  return typeof data?.retryAt === 'number'
    ? Math.max(1, Math.ceil((data.retryAt - now) / 1_000))
    : undefined;
}
