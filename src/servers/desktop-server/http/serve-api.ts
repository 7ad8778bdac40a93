import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BlockList } from 'node:net';
import type { Milliseconds } from '#base/time.ts';
import { API_BASE, API_ROOT, type Api, api } from '../contract.ts';
import type { Caller } from '../rules/caller.ts';
import type { Admission } from '../sessions/admission.ts';
import { readSession, sessionCookie } from '../sessions/cookie.ts';
import { LAB_BASE, type LabApi, labApi } from '../api/lab.ts';
import { apiDocument } from './api-document.ts';
import { factsOf } from './connection-facts.ts';
import type { Exchange, Handlers } from './handlers.ts';
import { registerApi } from './registrar.ts';

export interface ServeApiOptions {
  readonly handlers: Handlers<Api>;
  /** The lab's own routes; left out where there is none. */
  readonly lab: Handlers<LabApi> | undefined;
  readonly admission: Admission;
  readonly proxies: BlockList;
  /** How addresses begin that are given to people; '' for as the caller came. */
  readonly publicUrl: string;
  readonly sessionLongest: Milliseconds;
  /** The version of the program. */
  readonly version: string;
}

/** Serves the public API and the document that describes it. */
export function serveApi(app: FastifyInstance, options: ServeApiOptions): void {
  const { proxies, admission } = options;
  const identify = async (request: FastifyRequest): Promise<Caller | undefined> =>
    (await admission.admit(request.raw)).caller;

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
  if (options.lab) registerApi(app, labApi, options.lab, { base: LAB_BASE, identify, exchange });
  let document: string | undefined; // made when first asked for: starting should not wait for it
  app.get(`${API_ROOT}/openapi.json`, (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .send((document ??= JSON.stringify(apiDocument(options.version)))),
  );
  // Else a misspelt path would be answered with the desktop's page.
  for (const path of [API_ROOT, `${API_ROOT}/*`]) {
    app.get(path, (_request, reply) => {
      reply.callNotFound();
      return reply;
    });
  }
}
