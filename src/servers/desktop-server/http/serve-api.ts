import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BlockList } from 'node:net';
import { Refusal } from '#base/refusal.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import { API_BASE, type Api, api } from '../contract.ts';
import type { Caller } from '../rules/caller.ts';
import { readSession, sessionCookie } from '../sessions/cookie.ts';
import { type Identity, checkCause, proofOf } from '../sessions/identity.ts';
import { apiDocument } from './api-document.ts';
import { factsOf } from './connection-facts.ts';
import type { Exchange, Handlers } from './handlers.ts';
import { Limiter, sourceOf } from './limiter.ts';
import { registerApi } from './registrar.ts';

export interface ServeApiOptions {
  readonly handlers: Handlers<Api>;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly proxies: BlockList;
  /** How addresses begin that are given to people; '' for as the caller came. */
  readonly publicUrl: string;
  readonly sessionLongest: Milliseconds;
  readonly requestsPerSecond: number;
  /** The version of the program. */
  readonly version: string;
}

/** Serves the public API and the document that describes it. */
export function serveApi(app: FastifyInstance, options: ServeApiOptions): void {
  const { clock, proxies, identity } = options;
  const every = 1_000 / options.requestsPerSecond;
  const limiter = new Limiter({ burst: options.requestsPerSecond * 10, every }, clock);

  /** Who asks; a flood is stopped here, before anything is read or asked of another component. */
  async function identify(request: FastifyRequest): Promise<Caller | undefined> {
    const facts = factsOf(request.raw, proxies);
    const proof = proofOf(facts, request.headers);
    checkCause(facts, proof);
    const caller = await identity.callerOf(proof);
    const wait = limiter.draw(caller?.by ?? sourceOf(facts.address));
    if (wait === 0) return caller;
    const retryAt = clock.now() + wait;
    throw new Refusal('too-many-requests', 'Too many requests; slow down', { retryAt });
  }

  function exchange(request: FastifyRequest, reply: FastifyReply): Exchange {
    const facts = factsOf(request.raw, proxies);
    const own = `${facts.secure ? 'https' : 'http'}://${facts.host ?? ''}`;
    return {
      address: facts.address,
      origin: options.publicUrl === '' ? own : options.publicUrl.replace(/\/$/, ''),
      session: readSession(facts, request.headers.cookie),
      keepSession: (secret) =>
        void reply.header('set-cookie', sessionCookie(facts, secret, options.sessionLongest)),
    };
  }

  registerApi(app, api, options.handlers, { base: API_BASE, identify, exchange });
  let document: string | undefined; // made when first asked for: starting should not wait for it
  app.get('/api/openapi.json', (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .send((document ??= JSON.stringify(apiDocument(options.version)))),
  );
}
