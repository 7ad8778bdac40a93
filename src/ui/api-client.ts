import type { ApiDefinition, RouteDefinition, RouteRequest, RouteResult } from '#base/http-api.ts';

/** The server declined, or could not be reached (`code` is then `unreachable`). */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;
  readonly status: number;
  readonly data: unknown;

  constructor(code: string, message: string, status: number, data?: unknown) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

type NoRequest = Record<string, undefined>;

/** One function per route of `A`. */
export type ApiClient<A extends ApiDefinition> = {
  readonly [K in keyof A]: (
    ...request: NoRequest extends RouteRequest<A[K]> ? [RouteRequest<A[K]>?] : [RouteRequest<A[K]>]
  ) => Promise<RouteResult<A[K]>>;
};

/** How long most answers may take before the request counts as unreachable. */
const DEADLINE = 20_000;

/**
 * Calls the API in `api` under `base`, with the browser's session cookie.
 * Every function throws `ApiFailure` when the answer is not a success.
 */
export function createApiClient<const A extends ApiDefinition>(api: A, base: string): ApiClient<A> {
  const calls = Object.entries(api).map(([name, route]) => [
    name,
    (request: Request = {}) => send(route, base, request),
  ]);
  return Object.fromEntries(calls) as ApiClient<A>;
}

interface Request {
  params?: Record<string, unknown>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
}

/** The address of a route, as links and downloads need it. */
export function addressOf(route: RouteDefinition, base: string, request: Request = {}): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(request.params?.[name])),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `${base}${path}${query.size > 0 ? `?${query}` : ''}`;
}

async function send(route: RouteDefinition, base: string, request: Request): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(addressOf(route, base, request), {
      method: route.method,
      signal: AbortSignal.timeout(route.within ?? DEADLINE),
      ...(request.body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(request.body),
          }),
    });
  } catch {
    throw new ApiFailure('unreachable', 'The server cannot be reached. Check the network.', 0);
  }
  if (!response.ok) throw await failureOf(response);
  return typeof route.result === 'string' ? response.text() : response.json();
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const answer: unknown = await response.json().catch(() => undefined);
  const error = (
    answer as { error?: { code?: string; message?: string; data?: unknown } } | undefined
  )?.error;
  return new ApiFailure(
    error?.code ?? 'unreachable',
    error?.message ?? `The server answered ${response.status}.`,
    response.status,
    error?.data,
  );
}
