import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { defineContract } from '#base/contract.ts';
import type { Implementation } from '#base/contract.ts';
import type { ComponentName } from '#base/component-name.ts';
import { openTestInstallation } from '#platform/doors/test-installation.ts';
import type { LineListener, NumberedEvent } from '#platform/lines/lines.ts';
import type { WebHandler } from '#platform/platform.ts';
import { z } from 'zod';
import { LocalComponents } from './local-components.ts';
import { localDirectory, nearOrFar, urlOf } from './directory.ts';
import type { Directory } from './directory.ts';

const director = defineContract({
  name: 'media-director',
  version: 1,
  methods: {
    who: { params: z.object({}), result: z.string(), roles: ['task-media-store', 'ids-view'] },
  },
  streams: {
    ticks: { event: z.int(), cursor: z.int(), roles: ['task-media-store'] },
  },
});

const implementation = {
  methods: { who: async (_params, call) => call.role },
  streams: {
    async *ticks({ since }) {
      for (let n = (since ?? 0) + 1; n <= 3; n++) yield { event: n * 10, cursor: n };
    },
  },
} satisfies Implementation<typeof director>;

test('Peers.connect() calls a component of the same process, which may start later', async () => {
  await using installation = openTestInstallation();
  const local = new LocalComponents(['media-director', 'task-media-store']);
  const store = installation.open('task-media-store', { local });
  const client = store.peers.connect(director);
  const early = client.call.who({});
  const { doors } = installation.open('media-director', { local, place: () => undefined });
  const first = await doors.rpc(director, implementation, ['media-director']);
  expect(await early).toBe('task-media-store');
  await first[Symbol.asyncDispose]();
  await expect(client.call.who({}, { timeout: 20 })).rejects.toThrow(
    '"media-director" has not started',
  );
  await doors.rpc(director, implementation, ['media-director']);
  expect(await client.call.who({})).toBe('task-media-store');
});

test('Peers.connect() finds a component of another process, also one that starts later or moves', async () => {
  await using installation = openTestInstallation();
  const store = installation.open('task-media-store');
  const client = store.peers.connect(director);
  const early = client.call.who({});
  const { doors } = installation.open('media-director');
  const first = await doors.rpc(director, implementation, ['media-director']);
  expect(await early).toBe('task-media-store');
  const { port } = installation.opened('media-director');
  await first[Symbol.asyncDispose]();
  await doors.rpc(director, implementation, ['media-director']);
  expect(installation.opened('media-director').port).not.toBe(port);
  expect(await client.call.who({})).toBe('task-media-store');
  const ticks = await Array.fromAsync(client.follow.ticks({ since: 1 }));
  expect(ticks.map(({ event }) => event)).toEqual([20, 30]);
});

test.each(['this process', 'another'])(
  'a component of %s that restarts in the middle of calls fails none and does none twice',
  async (where) => {
    const counter = defineContract({
      name: 'media-director',
      version: 1,
      methods: {
        add: { params: z.object({ n: z.int() }), result: z.int(), roles: ['task-media-store'] },
      },
    });
    const done: number[] = [];
    const counting: Implementation<typeof counter> = {
      methods: {
        add: async ({ n }) => {
          done.push(n);
          await new Promise((resolve) => void setImmediate(resolve));
          return n;
        },
      },
      streams: {},
    };
    await using installation = openTestInstallation();
    const local = new LocalComponents(['media-director', 'task-media-store']);
    const shared = where === 'another' ? {} : { local, place: () => undefined };
    const client = installation.open('task-media-store', shared).peers.connect(counter);
    const { doors } = installation.open('media-director', shared);
    let next = 0;
    const over = new AbortController();
    const call = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const n = next++;
        expect(await client.call.add({ n })).toBe(n);
      }
    };
    const callers = Promise.all(Array.from({ length: 20 }, call));
    for (let life = 0; life < 5; life++) {
      const door = await doors.rpc(counter, counting, ['media-director']);
      const before = done.length;
      await expect.poll(() => done.length, { interval: 1 }).toBeGreaterThan(before + 100);
      await door[Symbol.asyncDispose]();
    }
    over.abort();
    await doors.rpc(counter, counting, ['media-director']);
    await callers;
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: next }, (_, n) => n));
  },
);

test('a stream of this process goes on when its component restarts', async () => {
  await using installation = openTestInstallation();
  const local = new LocalComponents(['media-director', 'task-media-store']);
  const shared = { local, place: () => undefined };
  const client = installation.open('task-media-store', shared).peers.connect(director);
  const { doors } = installation.open('media-director', shared);
  const waiting: Implementation<typeof director> = {
    ...implementation,
    streams: {
      async *ticks(_request, { signal }) {
        yield { event: 10, cursor: 1 };
        await once(signal, 'abort');
      },
    },
  };
  const first = await doors.rpc(director, waiting, []);
  const restart = async (): Promise<void> => {
    await first[Symbol.asyncDispose]();
    await doors.rpc(director, implementation, []);
  };
  const seen: number[] = [];
  for await (const { cursor } of client.follow.ticks()) {
    seen.push(cursor);
    if (cursor !== 1) continue;
    setImmediate(() => void restart());
  }
  expect(seen).toEqual([1, 2, 3]);
});

test('Peers.connect() says in one sentence what to do where a component is nowhere', async () => {
  await using installation = openTestInstallation();
  const { peers } = installation.open('task-media-store');
  await expect(peers.connect(director).call.who({}, { timeout: 30 })).rejects.toThrow(
    '"media-director" does not run, or nobody knows where; start it, or set peers.media-director',
  );
});

test('Peers.connect() crosses a network by mutual TLS', async () => {
  await using installation = openTestInstallation();
  const { doors } = installation.open('media-director', {
    place: (row) => (row === 'media-director-secure' ? { address: '0.0.0.0', port: 0 } : undefined),
  });
  await doors.rpc(director, implementation, ['media-director']);
  const opened = installation.opened('media-director-secure');
  const configured = { 'media-director': { 'media-director-secure': urlOf(opened) } };
  const { peers } = installation.open('ids-view', {
    configured,
    directory: { find: async () => [] },
  });
  expect(urlOf(opened)).toMatch(/^wss:\/\/127\.0\.0\.1:\d+$/);
  expect(await peers.connect(director).call.who({})).toBe('ids-view');
});

test('Peers.connect() never shows a token to a network', async () => {
  await using installation = openTestInstallation();
  const configured = { 'media-director': { 'media-director': 'ws://192.0.2.1:4711' } };
  const { peers } = installation.open('ids-view', { configured });
  await expect(peers.connect(director).call.who({}, { timeout: 30 })).rejects.toThrow(
    'Cannot use ws://192.0.2.1:4711 for "media-director": plain text stays on loopback',
  );
});

test('Peers.connect() finds the row that is for its role', async () => {
  const store = defineContract({ ...director, name: 'simple-messaging-media-store' });
  await using installation = openTestInstallation();
  const { doors } = installation.open('simple-messaging-media-store');
  await doors.rpc(store, implementation, [
    { row: 'sms-gateway', roles: ['xml-server'] },
    { row: 'web-chat-gateway', roles: ['web-chat-gateway'] },
    { row: 'other-gateways', roles: ['ids-view', 'task-media-store'] },
  ]);
  const as = (component: ComponentName): Promise<string> =>
    installation.open(component).peers.connect(store).call.who({});
  expect(await as('ids-view')).toBe('ids-view');
  await expect(as('web-chat-gateway')).rejects.toMatchObject({ code: 'forbidden' }); // by the contract
  await expect(as('desktop-server')).rejects.toThrow('may not use');
});

test('Peers.connect() is not turned away for good by a component that is still opening its rows', async () => {
  const store = defineContract({ ...director, name: 'simple-messaging-media-store' });
  await using installation = openTestInstallation();
  const { doors } = installation.open('simple-messaging-media-store');
  await doors.rpc(store, implementation, [
    { row: 'sms-gateway', roles: ['sms-gateway'] },
    { row: 'web-chat-gateway', roles: ['web-chat-gateway'] },
    'other-gateways',
  ]);
  let asked = 0;
  const opening: Directory = {
    find: async (component) => {
      const all = await localDirectory(installation.directory).find(component);
      return ++asked > 2 ? all : all.filter(({ row }) => row === 'sms-gateway');
    },
  };
  const { peers } = installation.open('ids-view', { directory: opening });
  expect(await peers.connect(store).call.who({})).toBe('ids-view');
});

test.each([1, 2, 3])(
  'Peers.connect() tries every row anew after %i tries in vain while the component was away',
  async (inVain) => {
    const who = { ...director.methods.who, roles: ['desktop-server'] };
    const name = 'simple-messaging-media-store';
    const store = defineContract({ ...director, name, methods: { who } });
    await using installation = openTestInstallation();
    const { doors } = installation.open('simple-messaging-media-store');
    await doors.rpc(store, implementation, [
      { row: 'sms-gateway', roles: ['sms-gateway'] },
      { row: 'web-chat-gateway', roles: ['web-chat-gateway'] },
      'other-gateways',
    ]);
    let asked = 0;
    const away: Directory = {
      find: async (component) => {
        const all = await localDirectory(installation.directory).find(component);
        const gone = all.map(({ row }) => ({ row, url: 'ws://127.0.0.1:1' }));
        return ++asked > inVain ? all : gone;
      },
    };
    const { peers } = installation.open('desktop-server', { directory: away });
    expect(await peers.connect(store).call.who({})).toBe('desktop-server');
  },
);

test.each(['in this process', 'in another'])(
  'Peers.dial() hands events to a listener %s',
  async (where) => {
    await using installation = openTestInstallation();
    const held: NumberedEvent[] = [];
    const done = Promise.withResolvers<void>();
    const listener: LineListener = {
      roles: ['media-director'],
      open: async () => ({
        resume: held.length,
        take: async (batch) => {
          held.push(...batch);
          return held.length;
        },
      }),
    };
    const local = new LocalComponents(['media-director', 'ids-multimedia']);
    const shared = where === 'in another' ? {} : { local, place: () => undefined };
    const { peers } = installation.open('media-director', shared);
    await using dialing = peers.dial('ids-multimedia', {
      stream: 'work',
      async *events(since) {
        for (let n = since + 1; n <= 100; n++) yield { n, event: n };
      },
      acknowledged: (n) => void (n === 100 && done.resolve()),
    });
    expect(dialing).toBeDefined();
    await installation.open('ids-multimedia', shared).doors.lines('ids-multimedia', listener);
    await done.promise;
    expect(held.map(({ n }) => n)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  },
);

/** A gateway that answers with what it was told, and echoes on a WebSocket. */
function openEcho(): WebHandler {
  const sockets = new WebSocketServer({ noServer: true });
  return {
    request(request, response) {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        response.writeHead(201, { 'x-answer': 'yes', connection: 'close' });
        const { host, 'x-emcee-token': token, 'x-forwarded-for': client } = request.headers;
        response.end(
          JSON.stringify({ method: request.method, url: request.url, body, host, token, client }),
        );
      });
    },
    upgrade(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (opened) => {
        opened.on('message', (data) => opened.send(data));
      });
    },
  };
}

/** What a browser sends to the public face, and what comes back. */
async function post(
  port: number,
  headers: Record<string, string> = {},
): Promise<[number | undefined, string]> {
  const sent = httpRequest({
    port,
    host: '127.0.0.1',
    path: '/chat/start?x=1',
    method: 'POST',
    headers: { host: 'chat.example', 'x-forwarded-for': '192.0.2.7', ...headers },
  });
  sent.end('hello');
  const [response] = await once(sent, 'response');
  const parts: Buffer[] = await Array.fromAsync(response);
  return [response.statusCode, Buffer.concat(parts).toString()];
}

test('Peers.web() forwards requests and upgrades to a gateway in another process', async () => {
  await using installation = openTestInstallation();
  const face = installation.open('desktop-server');
  const proxy: WebHandler = {
    request: (request, response) => face.peers.web('/chat/start')?.request(request, response),
    upgrade: (...given) => face.peers.web('/chat/socket')?.upgrade?.(...given),
  };
  const door = await face.doors.http('desktop-http', proxy);
  const port = door?.port ?? 0;
  expect((await post(port))[0]).toBe(503);
  await installation.open('web-chat-gateway').doors.web('/chat', openEcho());
  const [status, body] = await post(port, { 'x-emcee-token': 'forged' });
  expect([status, JSON.parse(body)]).toEqual([
    201,
    {
      method: 'POST',
      url: '/chat/start?x=1',
      body: 'hello',
      host: 'chat.example',
      client: '192.0.2.7',
    },
  ]);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/chat/socket`);
  await once(socket, 'open');
  socket.send('Grüße');
  const [answer] = await once(socket, 'message');
  expect(String(answer)).toBe('Grüße');
  socket.terminate();
});

test('a web door takes nothing that desktop-server did not forward', async () => {
  await using installation = openTestInstallation();
  await installation.open('web-chat-gateway').doors.web('/chat', openEcho());
  const { port } = installation.opened('web-chat-door');
  expect((await post(port))[0]).toBe(403);
  const token = installation.tokens.tokenOf('ids-view');
  expect((await post(port, { 'x-emcee-token': token }))[0]).toBe(403);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`);
  const [error] = await once(socket, 'error').catch((thrown: unknown) => [thrown]);
  expect(String(error)).toContain('403');
});

test('Peers.web() gives the handler of this process for the longest path', async () => {
  await using installation = openTestInstallation();
  const local = new LocalComponents(['web-chat-gateway', 'desktop-server']);
  const gateway = installation.open('web-chat-gateway', { local, place: () => undefined });
  const face = installation.open('desktop-server', { local });
  const [chat, deeper] = [openEcho(), openEcho()];
  expect(face.peers.web('/chat')).toBeUndefined();
  await gateway.doors.web('/chat', chat);
  await gateway.doors.web('/chat/deeper', deeper);
  expect(face.peers.web('/chat')).toBe(chat);
  expect(face.peers.web('/chat/deeper/still')).toBe(deeper);
  expect(face.peers.web('/chats')).toBeUndefined();
});

test('nearOrFar() asks the far directory where the near does not know or fails, or is in doubt', async () => {
  const unknowing = localDirectory('/nowhere');
  const failing = { find: () => Promise.reject(new Error('away')) };
  const at = (url: string) => ({ row: 'media-director', url });
  const near = { find: async () => [at('ws://127.0.0.1:1')] };
  const far = { find: async () => [at('ws://127.0.0.1:2'), at('ws://127.0.0.1:1')] };
  const urls = async (directory: Directory, isInDoubt?: boolean) =>
    (await directory.find('media-director', isInDoubt)).map(({ url }) => url.at(-1)).join();
  expect(await urls(nearOrFar(near, far))).toBe('1');
  expect(await urls(nearOrFar(near, far), true)).toBe('2,1');
  expect(await urls(nearOrFar(near, failing), true)).toBe('1');
  expect(await urls(nearOrFar(unknowing, far))).toBe('2,1');
  expect(await urls(nearOrFar(failing, unknowing))).toBe('');
  await expect(urls(nearOrFar(unknowing, failing))).rejects.toThrow('away');
});
