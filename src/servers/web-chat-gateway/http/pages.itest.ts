import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Asset } from './assets.ts';
import { answerPage } from './pages.ts';
import type { PagesParts } from './pages.ts';

function asset(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  return { type, plain, zipped: gzipSync(plain), tag: `"${plain.length}"` };
}

const built = new Map([
  ['frame.html', asset('text/html; charset=utf-8', '<!doctype html><title>Chat</title>')],
  ['widget.js', asset('text/javascript; charset=utf-8', 'void 0;')],
  ['assets/frame-1.js', asset('text/javascript; charset=utf-8', 'void 1;')],
]);

/** Serves pages, and gives a function that asks for one below `/chat/`. */
async function servePages(parts: Partial<PagesParts> = {}) {
  const all: PagesParts = {
    assets: built,
    originsOf: (id) => (id === 'web' ? ['https://shop.example'] : undefined),
    isReady: () => true,
    ...parts,
  };
  const server = createServer((request, response) => answerPage(all, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    get: (path: string, options: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}/chat/${path}`, options),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('the frame is served to the pages that may show it, under a strict policy', async () => {
  await using pages = await servePages();
  const frame = await pages.get('frame?entry-point=web&language=de');
  expect(await frame.text()).toContain('<title>Chat</title>');
  expect(frame.headers.get('cache-control')).toBe('no-cache');
  expect(frame.headers.get('content-security-policy')).toContain(
    "default-src 'none'; script-src 'self'",
  );
  expect(frame.headers.get('content-security-policy')).toContain(
    'frame-ancestors https://shop.example',
  );
});

test.each([
  ['frame?entry-point=none', 404],
  ['frame?entry-point=%00', 404],
  ['frame', 404],
  ['frame.html', 404], // only with its headers, as `frame`
  ['../package.json', 404],
  ['%2e%2e/%2e%2e/package.json', 404],
  ['socket', 426],
])('GET /chat/%s is answered %i', async (path, status) => {
  await using pages = await servePages();
  const answer = await pages.get(path);
  expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([
    status,
    'nosniff',
  ]);
});

test('the loader can be included by any page and is kept for an hour; built files for ever', async () => {
  await using pages = await servePages();
  const loader = await pages.get('widget.js');
  expect(Object.fromEntries(loader.headers)).toMatchObject({
    'cache-control': 'public, max-age=3600',
    'content-encoding': 'gzip',
    'content-type': 'text/javascript; charset=utf-8',
    'cross-origin-resource-policy': 'cross-origin',
  });
  const again = await pages.get('widget.js', { headers: { 'if-none-match': '"7"' } });
  expect(again.status).toBe(304);
  const file = await pages.get('assets/frame-1.js', { headers: { 'accept-encoding': 'identity' } });
  expect(file.headers.get('cache-control')).toContain('immutable');
  expect(await file.text()).toBe('void 1;');
});

test('what cannot be served says why in one sentence', async () => {
  await using pages = await servePages();
  expect((await pages.get('frame', { method: 'POST' })).status).toBe(405);
  await using starting = await servePages({ isReady: () => false });
  expect((await starting.get('frame?entry-point=web')).status).toBe(503);
  await using unbuilt = await servePages({ assets: new Map() });
  expect(await (await unbuilt.get('widget.js')).text()).toBe(
    'The chat widget has not been built: run "npm run build"\n',
  );
});
