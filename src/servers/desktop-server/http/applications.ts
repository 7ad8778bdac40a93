import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { NONCE_PLACEHOLDER, pageHeaders } from '../rules/security-headers.ts';

/** The application at `/`; the others are at their own names. */
const MAIN = 'desktop';
const OTHERS = ['control-panel', 'board'] as const;
const LAB = 'lab';
/** A page as a customer sees it, within the lab's. */
const CUSTOMER = `/${LAB}/customer`;

/** Built files whose name holds a hash of their content: they never change. */
const HASHED = /[/\\]assets[/\\]/;

export interface ApplicationsOptions {
  /** Where the build put them: a page in a folder each, `assets/` for what they share. */
  readonly directory: string;
  readonly lab: boolean;
}

/** Serves the browser applications: each one's page for every path beneath it, and the files they load. */
export async function serveApplications(
  app: FastifyInstance,
  { directory, lab }: ApplicationsOptions,
): Promise<void> {
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    index: false,
    cacheControl: false,
    preCompressed: true,
    dotfiles: 'ignore',
    setHeaders: (response, path) => {
      const forever = HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
      void response.header('cache-control', forever);
    },
  });
  const page =
    (name: string, file = 'index') =>
    (_request: unknown, reply: FastifyReply) =>
      sendPage(reply, join(directory, name, `${file}.html`), lab);

  for (const name of lab ? [...OTHERS, LAB] : OTHERS) {
    app.get(`/${name}`, page(name));
    app.get(`/${name}/*`, page(name));
  }
  if (lab) app.get(CUSTOMER, page(LAB, 'customer'));
  else {
    for (const path of [`/${LAB}`, `/${LAB}/*`]) app.get(path, (_, reply) => reply.callNotFound());
  }
  app.get('/assets/*', (request, reply) => sendFile(request.url, reply));
  app.get('/*', (request, reply) =>
    isFile(request.url) ? sendFile(request.url, reply) : page(MAIN)(request, reply),
  );
}

const isFile = (url: string): boolean => /\.\w+$/.test(pathOf(url));
const pathOf = (url: string): string => url.replace(/[?#].*$/, '');

/**
 * What is not there is said to be missing, never answered with a page: a module that is HTML helps nobody.
 * Nor is anything there for who climbs out of the folder.
 */
function sendFile(url: string, reply: FastifyReply): FastifyReply {
  const path = pathOf(url);
  const isWithin = !path.split(/[/\\]/).includes('..');
  if (isWithin && !path.endsWith('.html')) return reply.sendFile(path);
  reply.callNotFound();
  return reply;
}

async function sendPage(reply: FastifyReply, path: string, lab: boolean): Promise<FastifyReply> {
  const built = await readFile(path, 'utf8').catch(() => undefined);
  if (built === undefined) {
    return reply
      .code(503)
      .type('text/plain')
      .send('This application has not been built: run "npm run build".\n');
  }
  const nonce = randomBytes(18).toString('base64');
  return reply
    .headers(pageHeaders(nonce, lab))
    .type('text/html; charset=utf-8')
    .send(built.replaceAll(NONCE_PLACEHOLDER, nonce));
}
