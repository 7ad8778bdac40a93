import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { codeOf } from '#base/failure.ts';
import { Refusal } from '#base/refusal.ts';
import type { Platform } from '#platform/platform.ts';
import { API_HEADERS, COMMON_HEADERS, STRICT_TRANSPORT } from '../rules/security-headers.ts';
import { apiFailureOf, retryAfterOf } from './api-failure.ts';
import { readJsonBodies } from './json-body.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Codes of this route beside the common ones, and their statuses. */
    errors?: Readonly<Record<string, number>>;
  }
}

/** The longest path of ours is far below; identifiers in it have at most 64 characters. */
const PARAMETER_CHARACTERS = 200;

export interface AppOptions {
  readonly platform: Pick<Platform, 'clock' | 'metrics' | 'trace'>;
  /** What the API's paths begin with, of whatever version. */
  readonly root: string;
  /** Whether browsers may be told to come over TLS only, from now on: for names that are surely ours. */
  readonly strictTransport: (request: FastifyRequest) => boolean;
}

/** Makes the HTTP application without its routes: how it fails, what every answer says, what is counted. */
export function createApp({ platform, root, strictTransport }: AppOptions): FastifyInstance {
  const app = fastify({
    forceCloseConnections: false, // the doors own the connections
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: PARAMETER_CHARACTERS, ignoreTrailingSlash: false },
    // What the router itself refuses passes by the hooks and handlers below.
    frameworkErrors(error, { url }, reply) {
      void reply.headers({ ...COMMON_HEADERS, ...(isBeneath(root, url) && API_HEADERS) });
      const { status, body } = apiFailureOf(new Refusal('bad-request', unroutable(error.code)));
      sendFailure(reply, status, body);
    },
  });
  // A form of another origin can send text; only scripts of ours can send JSON.
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);

  const isApi = (request: FastifyRequest): boolean => isBeneath(root, request.url);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(COMMON_HEADERS);
    if (strictTransport(request)) void reply.headers(STRICT_TRANSPORT);
    if (isApi(request)) void reply.headers(API_HEADERS);
  });
  app.setErrorHandler((error, request, reply) => {
    const failure = apiFailureOf(error, request.routeOptions.config.errors);
    if (!failure.expected) traceFailure(platform, request, error);
    return sendFailure(
      reply,
      failure.status,
      failure.body,
      retryAfterOf(error, platform.clock.now()),
    );
  });
  app.setNotFoundHandler((request, reply) => {
    if (!isApi(request)) return reply.code(404).type('text/plain').send('There is nothing here.\n');
    const { status, body } = apiFailureOf(
      new Refusal('not-found', `There is no ${request.method} ${request.url.replace(/\?.*$/, '')}`),
    );
    return sendFailure(reply, status, body);
  });
  countRequests(app, platform.metrics);
  return app;
}

const isBeneath = (root: string, url: string): boolean =>
  url.startsWith(root) && /^(?:$|[/?])/.test(url.slice(root.length));

const unroutable = (code: string): string =>
  code === 'FST_ERR_MAX_PARAM_LENGTH'
    ? `A part of the path has more than ${PARAMETER_CHARACTERS} characters`
    : 'The path cannot be read: a "%" in it must be written as "%25"';

function sendFailure(
  reply: FastifyReply,
  status: number,
  body: unknown,
  retryAfter?: number,
): FastifyReply {
  if (retryAfter !== undefined) void reply.header('retry-after', retryAfter);
  return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

function traceFailure(
  platform: AppOptions['platform'],
  request: FastifyRequest,
  error: unknown,
): void {
  if (codeOf(error) === 'ERR_STREAM_PREMATURE_CLOSE') return; // the caller hung up on us
  const route = request.routeOptions.url ?? 'unknown';
  platform.trace.fault('request.failed', error, { method: request.method, route });
}

function countRequests(app: FastifyInstance, metrics: Registry): void {
  const requests = new Counter({
    name: 'emcee_desktop_server_requests_total',
    help: 'Requests answered, by route and class of status.',
    labelNames: ['route', 'status'],
    registers: [metrics],
  });
  const seconds = new Histogram({
    name: 'emcee_desktop_server_request_seconds',
    help: 'Time from a request’s head to its answer’s end.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 20],
    registers: [metrics],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    requests.inc({ route, status: `${Math.floor(reply.statusCode / 100)}xx` });
    seconds.observe(reply.elapsedTime / 1_000);
  });
}
