import { isIP } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { Refusal } from '#base/refusal.ts';
import type { ConnectionFacts } from './connection-facts.ts';

export interface StatusOptions {
  readonly metrics: Registry;
  readonly factsOf: (request: FastifyRequest) => ConnectionFacts;
  /** Whether the request bears a known token. */
  readonly isProgram: (request: FastifyRequest) => Promise<boolean>;
  /** What keeps this server from its work, one sentence each; nothing when it is ready. */
  readonly obstacles: () => readonly string[];
}

/** For those who watch over servers: is it alive, is it ready, and what does it count? */
export function serveStatus(app: FastifyInstance, options: StatusOptions): void {
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('alive\n'));
  app.get('/readyz', (_request, reply) => {
    const obstacles = options.obstacles();
    return reply
      .code(obstacles.length === 0 ? 200 : 503)
      .type('text/plain')
      .send(obstacles.length === 0 ? 'ready\n' : `${obstacles.join('\n')}\n`);
  });
  app.get('/metrics', async (request, reply) => {
    const facts = options.factsOf(request);
    if (!isHere(facts) && !(await options.isProgram(request))) {
      throw new Refusal(
        'forbidden',
        'Metrics are for this machine, or for the token of an integration',
      );
    }
    return reply.type(options.metrics.contentType).send(await options.metrics.metrics());
  });
}

/** Asked on this machine itself, by no browser's page and through no proxy. */
function isHere({ address, direct, origin, fetchSite }: ConnectionFacts): boolean {
  const isLoopback = address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
  return isLoopback && direct && origin === undefined && (fetchSite ?? 'none') === 'none';
}
