import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Client, Implementation } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import { ManualClock, seconds, systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { portOf } from '#platform/doors/port-of.ts';
import { openUpgradeGate } from '#platform/doors/upgrade-gate.ts';
import { connectRpc } from './connect.ts';
import type { ConnectOptions } from './connect.ts';
import { serveRpc } from './serve.ts';
import type { RpcServer, ServeRpcOptions } from './serve.ts';
import { serviceOf } from './service.ts';
import { example, exampleImplementation } from './suite.ts';

type Example = typeof example;

/** The machine's clock with delays a hundred times shorter, for reconnecting without sleeping. */
const hurried: Clock = {
  ...systemClock,
  after: (delay, action) => systemClock.after(delay / 100, action),
};

interface Opened extends AsyncDisposable {
  readonly url: string;
  readonly server: RpcServer;
  readonly sockets: Set<Socket>;
  client(options?: ConnectOptions): Client<Example>;
}

/** A server on a free port whose connections a test can reach. */
async function serve(
  implementation: Implementation<Example>,
  options: Partial<ServeRpcOptions> & { meddle?: (socket: Socket) => void } = {},
): Promise<Opened> {
  const life = new AsyncDisposableStack();
  const server = life.use(serveRpc({ verify: () => 'media-director', ...options }));
  server.add(serviceOf(example, implementation));
  const gate = life.use(
    openUpgradeGate({
      allowsHost: () => true,
      frameBytes: server.limits.frameBytes,
      accept: (socket) => server.accept(socket),
    }),
  );
  const sockets = new Set<Socket>();
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    gate.take(socket);
    options.meddle?.(socket);
  }).listen(0, '127.0.0.1');
  life.defer(() => void tcp.close());
  await once(tcp, 'listening');
  const url = `ws://127.0.0.1:${portOf(tcp)}`;
  const client = (given: ConnectOptions = {}): Client<Example> =>
    life.use(connectRpc(example, { url, token: 't' }, { clock: hurried, ...given }));
  return Object.assign(life, { url, server, sockets, client });
}

test('an idempotent call whose connection breaks is repeated, and answered', async () => {
  let calls = 0;
  await using server = await serve(
    exampleImplementation({
      greet: async () => {
        if (++calls < 3) for (const socket of server.sockets) socket.destroy();
        return { text: `call ${calls}` };
      },
    }),
  );
  expect(await server.client().call.greet({ who: 'Agent 1' })).toEqual({ text: 'call 3' });
});

test('any other call whose connection breaks fails: it may have happened', async () => {
  await using server = await serve(
    exampleImplementation({
      count: async () => {
        for (const socket of server.sockets) socket.destroy();
        return 1;
      },
      secret: async () => 'x',
    }),
  );
  const client = server.client();
  await expect(client.call.count({})).rejects.toMatchObject({ code: 'connection-lost' });
  expect(await client.call.greet({ who: 'Agent 1' })).toEqual({ text: 'Hello, Agent 1' });
});

test('a call waits for its server within its deadline, and then says why it was not there', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const url = `ws://127.0.0.1:${portOf(taken)}`;
  taken.close();
  await using client = connectRpc(example, { url });
  const failure = await client.call.count({}, { timeout: 50 }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'CallFailure', code: 'unavailable' });
  expect(String(failure)).toMatch(/Cannot reach "database" at ws:.*ECONNREFUSED/);
});

test('a stream misses and doubles nothing however often the connection breaks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 50, max: 20_000 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 600 }),
      async (cuts, to) => {
        const left = [...cuts];
        await using server = await serve(exampleImplementation(), {
          meddle(socket) {
            const limit = left.shift() ?? Infinity;
            const timer = setInterval(() => {
              if (socket.bytesWritten > limit) socket.destroy();
            }, 0);
            socket.once('close', () => clearInterval(timer));
          },
        });
        const items = await Array.fromAsync(server.client().follow.numbers({ params: { to } }));
        expect(items.map((item) => item.cursor)).toEqual(
          Array.from({ length: to }, (_, n) => n + 1),
        );
      },
    ),
    { numRuns: 15 },
  );
});

test('a server that closes lets calls finish, and begins nothing new', async () => {
  const called = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<number>();
  await using server = await serve(
    exampleImplementation({
      count: () => {
        called.resolve();
        return answer.promise;
      },
    }),
  );
  const client = server.client();
  const counting = client.call.count({});
  await called.promise;
  const closed = server.server[Symbol.asyncDispose]();
  answer.resolve(5);
  expect(await counting).toBe(5);
  await closed;
});

test('calls over the bound are held back by the client, and all answered', async () => {
  let most = 0;
  let now = 0;
  await using server = await serve(
    exampleImplementation({
      count: async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => void setImmediate(resolve));
        return now--;
      },
    }),
    { limits: { callsInFlight: 10 } },
  );
  const client = server.client();
  await Promise.all(Array.from({ length: 500 }, () => client.call.count({})));
  expect(most).toBe(10);
});

test('more waiting calls than the bound are refused at once', async () => {
  await using server = await serve(exampleImplementation(), { limits: { callsInFlight: 1 } });
  const client = server.client({ limits: { callsWaiting: 3 } });
  const outcomes = await Promise.allSettled(
    Array.from({ length: 6 }, () => client.call.wait({}, { timeout: 100 })),
  );
  expect(outcomes.map((one) => one.status === 'rejected' && one.reason.code)).toEqual([
    'timeout',
    'busy',
    'busy',
    'busy',
    'busy',
    'busy',
  ]);
});

test('a question or an answer over one message fails alone; the connection goes on', async () => {
  await using server = await serve(
    exampleImplementation({ greet: async ({ who }) => ({ text: who.repeat(500_000) }) }),
  );
  const client = server.client();
  const tags = [`x`.repeat(9_000_000)];
  await expect(client.call.greet({ who: 'a', tags })).rejects.toMatchObject({ code: 'too-large' });
  await expect(client.call.greet({ who: 'a'.repeat(20) })).rejects.toMatchObject({
    code: 'too-large',
  });
  expect((await client.call.greet({ who: 'ü' })).text).toHaveLength(500_000);
  expect(server.sockets.size).toBe(1);
});

test('another version of a contract is refused', async () => {
  await using server = await serve(exampleImplementation());
  const newer = { ...example, version: 2 };
  await using client = connectRpc(newer, { url: server.url, token: 't' });
  await expect(client.call.count({})).rejects.toMatchObject({
    code: 'version-mismatch',
    data: { served: 1 },
  });
});

test('a call that is turned away waits where another address may come, and is refused where none will', async () => {
  await using stranger = await serve(exampleImplementation(), {
    verify: () => {
      throw new Refusal('forbidden', 'Not here');
    },
  });
  await using server = await serve(exampleImplementation());
  const told: (string | undefined)[] = [];
  const source = (opensAfter: number) => async (_: AbortSignal, last: string | undefined) => {
    told.push(last);
    const isOpen = told.length > opensAfter;
    const hasAlternative = opensAfter !== Infinity;
    return { url: isOpen ? server.url : stranger.url, token: 't', hasAlternative };
  };
  await using patient = connectRpc(example, source(2), { clock: hurried });
  expect(await patient.call.greet({ who: 'Agent 1' })).toEqual({ text: 'Hello, Agent 1' });
  expect(told).toEqual([undefined, 'turned-away', 'turned-away']);
  await using refused = connectRpc(example, source(Infinity), { clock: hurried });
  await expect(refused.call.greet({ who: 'Agent 1' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('a contract that is not served yet is waited for', async () => {
  await using server = await serve(exampleImplementation());
  const other = { ...example, name: 'ids-view' };
  await using client = connectRpc(other, { url: server.url, token: 't' });
  await expect(client.call.count({}, { timeout: 50 })).rejects.toMatchObject({
    code: 'unavailable',
  });
});

test('a server that falls silent is given up, and the call repeated on the next connection', async () => {
  const clock = new ManualClock();
  const stalled = Promise.withResolvers<void>();
  let connections = 0;
  await using server = await serve(
    exampleImplementation({
      greet: async () => {
        if (connections === 1) {
          for (const socket of server.sockets) socket.pause(); // half-open: it hears and says nothing
          stalled.resolve();
          return new Promise(() => undefined);
        }
        return { text: 'again' };
      },
    }),
    { meddle: () => void connections++, drain: 50 },
  );
  const greeting = server
    .client({ clock })
    .call.greet({ who: 'Agent 1' }, { timeout: seconds(90) });
  await stalled.promise;
  for (let beat = 0; beat < 3; beat++) clock.advance(seconds(10));
  const backingOff = setInterval(() => clock.advance(10), 1);
  expect(await greeting).toEqual({ text: 'again' });
  clearInterval(backingOff);
});

test('a client that falls silent is given up, and its calls aborted', async () => {
  const clock = new ManualClock();
  const started = Promise.withResolvers<void>();
  const aborted = Promise.withResolvers<void>();
  await using server = await serve(
    exampleImplementation({
      wait: (_params, call) => {
        call.signal.addEventListener('abort', () => aborted.resolve());
        started.resolve();
        return new Promise(() => undefined);
      },
    }),
    { clock },
  );
  const client = server.client();
  const waiting = client.call.wait({}, { timeout: seconds(90) }).catch(() => undefined);
  await started.promise;
  for (const socket of server.sockets) socket.pause(); // as if nothing came any more
  for (let beat = 0; beat < 4; beat++) clock.advance(seconds(10));
  await aborted.promise;
  expect(server.sockets.size).toBe(0);
  await client[Symbol.asyncDispose]();
  await waiting;
});
