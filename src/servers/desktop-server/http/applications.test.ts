import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveApplications } from './applications.ts';

const PAGE = (name: string) =>
  `<meta property="csp-nonce" nonce="__CSP_NONCE__"><title>${name}</title><style nonce="__CSP_NONCE__">`;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'emcee-applications-'));
  for (const name of ['desktop', 'control-panel', 'board', 'lab']) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'index.html'), PAGE(name));
  }
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'assets', 'main-abc123.js'), 'plain');
  writeFileSync(join(directory, 'assets', 'main-abc123.js.gz'), 'smaller');
  writeFileSync(join(directory, 'icon.svg'), '<svg/>');
  writeFileSync(join(directory, '.secret'), 'secret');
});

afterAll(() => rmSync(directory, { recursive: true }));

async function serve(lab: boolean): Promise<FastifyInstance> {
  const app = fastify();
  await serveApplications(app, { directory, lab });
  return app;
}

const titleOf = (html: string): string | undefined => /<title>(?<name>.*)<\/title>/.exec(html)?.[1];

test('serveApplications() answers each application’s paths with its page', async () => {
  await using app = await serve(false);
  const titles = await Promise.all(
    ['/', '/anything/else', '/control-panel', '/control-panel/agents', '/board', '/boards'].map(
      async (url) => titleOf((await app.inject({ url })).body),
    ),
  );
  expect(titles).toEqual([
    'desktop',
    'desktop',
    'control-panel',
    'control-panel',
    'board',
    'desktop',
  ]);
});

test('serveApplications() gives each page a nonce of its own, which its policy names', async () => {
  await using app = await serve(false);
  const [one, two] = await Promise.all([app.inject({ url: '/' }), app.inject({ url: '/' })]);
  const nonce = /nonce="(?<nonce>[^"]+)"/.exec(one.body)?.[1] ?? '';
  expect(nonce).toMatch(/^[\w+/]{24}$/);
  expect(one.body.match(new RegExp(`nonce="${nonce.replaceAll('+', '\\+')}"`, 'g'))).toHaveLength(
    2,
  );
  expect(one.body).not.toBe(two.body);
  const policy = String(one.headers['content-security-policy']);
  expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(one.headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-cache' });
});

test('serveApplications() lets browsers keep hashed files for ever, and compressed ones travel', async () => {
  await using app = await serve(false);
  const url = '/assets/main-abc123.js';
  const plain = await app.inject({ url });
  expect([plain.body, plain.headers['cache-control']]).toEqual([
    'plain',
    'public, max-age=31536000, immutable',
  ]);
  const small = await app.inject({ url, headers: { 'accept-encoding': 'gzip' } });
  expect([small.body, small.headers['content-encoding']]).toEqual(['smaller', 'gzip']);
  expect((await app.inject({ url: '/icon.svg' })).headers['cache-control']).toBe('no-cache');
});

test('serveApplications() says what is missing, and hides what is hidden', async () => {
  await using app = await serve(false);
  const missing = [
    '/assets/gone.js',
    '/gone.png',
    '/.secret',
    '/desktop/index.html',
    '/lab',
    '/lab/x',
  ];
  const answers = await Promise.all(missing.map((url) => app.inject({ url })));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(missing.map(() => 404));
});

test.each(['/assets/../../package.json', '/../package.json', '/assets/..%2f..%2fpackage.json'])(
  'serveApplications() finds nothing at %s, and nothing wrong either',
  async (url) => {
    await using app = await serve(false);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = app.server.address() as AddressInfo;
    // As it stands: an injected request or `fetch` would tidy the path up first.
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    get({ port, host: '127.0.0.1', path: url, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    expect(await promise).toBe(404);
  },
);

test('serveApplications() serves the lab where it is switched on, and lets it frame the desktop', async () => {
  await using app = await serve(true);
  expect(titleOf((await app.inject({ url: '/lab' })).body)).toBe('lab');
  const { headers } = await app.inject({ url: '/' });
  expect(headers['content-security-policy']).toContain("frame-ancestors 'self'");
});
