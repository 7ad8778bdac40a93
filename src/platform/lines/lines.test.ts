import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { ManualClock, seconds, systemClock } from '#base/time.ts';
import type { Clock } from '#base/time.ts';
import { portOf } from '#platform/doors/port-of.ts';
import { dialLines } from './dial.ts';
import type { LineDialer, LineFeed, LineListener, NumberedEvent } from './lines.ts';
import { readLines } from './read.ts';
import { serveLines } from './serve.ts';
import type { ServeLinesOptions } from './serve.ts';

/** The machine's clock with delays a hundred times shorter, for reconnecting without sleeping. */
const hurried: Clock = {
  ...systemClock,
  after: (delay, action) => systemClock.after(delay / 100, action),
};

/** Serves on a free port; `meddle` gets each connection before its bytes are read. */
async function listen(
  handler: LineListener | LineFeed,
  options: Partial<ServeLinesOptions> & { readonly meddle?: (socket: Socket) => void } = {},
): Promise<AsyncDisposable & { readonly url: string; readonly port: number }> {
  const life = new AsyncDisposableStack();
  const verify = (token: string): string | undefined =>
    token === 'token' ? 'task-media-store' : undefined;
  const server = life.use(serveLines({ handler, verify, clock: hurried, ...options }));
  const tcp = createServer((socket) => {
    server.accept(socket);
    options.meddle?.(socket);
  }).listen(0, '127.0.0.1');
  life.defer(() => void tcp.close());
  await once(tcp, 'listening');
  const port = portOf(tcp);
  return Object.assign(life, { port, url: `tcp://127.0.0.1:${port}` });
}

/** Keeps what it took. */
function keep(held: NumberedEvent[], resume = 0): LineListener {
  return {
    roles: ['task-media-store'],
    open: async () => ({
      resume: held.at(-1)?.n ?? resume,
      take: async (batch) => {
        await new Promise((resolve) => void setImmediate(resolve));
        held.push(...batch);
        return batch.at(-1)?.n ?? 0;
      },
    }),
  };
}

/** Hands out `count` events; `acknowledged` resolves when the last one is. */
function hand(count: number, first = 1): LineDialer & { readonly done: Promise<void> } {
  const done = Promise.withResolvers<void>();
  return {
    stream: 'work',
    done: done.promise,
    async *events(since) {
      for (let n = Math.max(since + 1, first); n <= count; n++) yield { n, event: { value: n } };
    },
    acknowledged: (n) => void (n >= count && done.resolve()),
  };
}

const numbers = (events: readonly NumberedEvent[]): number[] => events.map(({ n }) => n);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

test('a listener gets every event once, in order, and acknowledges it', async () => {
  const held: NumberedEvent[] = [];
  await using listener = await listen(keep(held));
  const dialer = hand(30_000);
  await using dialing = dialLines({ address: { url: listener.url, token: 'token' }, dialer });
  expect(dialing).toBeDefined();
  await dialer.done;
  expect(numbers(held)).toEqual(upTo(30_000));
});

test('nothing is lost or doubled however often and wherever the connection breaks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 400 }),
      async (cuts, count) => {
        const held: NumberedEvent[] = [];
        const left = [...cuts];
        await using listener = await listen(keep(held), {
          meddle(socket) {
            let bytes = left.shift() ?? Infinity;
            socket.on('data', (data: Buffer) => {
              bytes -= data.length;
              if (bytes <= 0) socket.destroy();
            });
          },
        });
        const dialer = hand(count);
        const address = { url: listener.url, token: 'token' };
        await using dialing = dialLines({ address, dialer, clock: hurried });
        expect(dialing).toBeDefined();
        await dialer.done;
        expect(numbers(held)).toEqual(upTo(count));
      },
    ),
    { numRuns: 25 },
  );
});

test('a bad record is refused and acknowledged, and the session goes on', async () => {
  const held: NumberedEvent[] = [];
  const base = keep(held);
  await using listener = await listen({
    ...base,
    open: async (hello) => {
      const session = await base.open(hello);
      return {
        ...session,
        take: async (batch) => {
          const bad = batch.find(({ n }) => n % 7 === 0);
          if (bad) throw new Refusal('bad-record', 'Sevens are not taken', { n: bad.n });
          return session.take(batch);
        },
      };
    },
  });
  const refused: number[] = [];
  const dialer = { ...hand(50), refused: (n: number) => void refused.push(n) };
  await using dialing = dialLines({ address: { url: listener.url, token: 'token' }, dialer });
  expect(dialing).toBeDefined();
  await dialer.done;
  expect(refused).toEqual([7, 14, 21, 28, 35, 42, 49]);
  expect(numbers(held)).toEqual(upTo(50).filter((n) => n % 7 !== 0));
});

test('a dialer that no longer keeps what was before says so, and goes on', async () => {
  const held: NumberedEvent[] = [];
  await using listener = await listen(keep(held));
  const dialer = hand(12, 10);
  await using dialing = dialLines({ address: { url: listener.url, token: 'token' }, dialer });
  expect(dialing).toBeDefined();
  await dialer.done;
  expect(numbers(held)).toEqual([10, 11, 12]);
});

test('a slow listener pauses the dialer', async () => {
  const gate = Promise.withResolvers<void>();
  let yielded = 0;
  const done = Promise.withResolvers<void>();
  const stuck = Promise.withResolvers<void>();
  await using listener = await listen({
    roles: ['task-media-store'],
    open: async () => ({
      resume: 0,
      take: async (batch) => {
        await gate.promise;
        return batch.at(-1)?.n ?? 0;
      },
    }),
  });
  const dialer: LineDialer = {
    stream: 'work',
    async *events() {
      for (let n = 1; n <= 25_000; n++) {
        yielded = n;
        if (n === 10_000) stuck.resolve();
        yield { n, event: {} };
      }
    },
    acknowledged: (n) => void (n === 25_000 && done.resolve()),
  };
  await using dialing = dialLines({ address: { url: listener.url, token: 'token' }, dialer });
  expect(dialing).toBeDefined();
  await stuck.promise;
  await new Promise((resolve) => void setImmediate(resolve));
  expect(yielded).toBeLessThanOrEqual(10_001);
  gate.resolve();
  await done.promise;
  expect(yielded).toBe(25_000);
});

/** Speaks to a listener as a person with `nc` would; resolves with all that came until it was closed. */
async function talk(port: number, ...said: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => (heard += text));
  socket.on('error', () => undefined);
  for (const line of said) socket.write(`${line}\n`);
  await once(socket, 'close');
  return heard;
}

const HELLO = '{"hello":{"token":"token","stream":"work"}}';

test.each([
  ['no hello', '{"n":1,"event":{}}', 'no-hello'],
  ['a wrong token', '{"hello":{"token":"x","stream":"work"}}', 'unauthorized'],
  ['no token', '{"hello":{"stream":"work"}}', 'unauthorized'],
  [
    'another version',
    '{"hello":{"token":"token","stream":"work","version":2}}',
    'version-mismatch',
  ],
  ['no JSON', 'hello', 'broken-line'],
])('a connection that begins with %s is told so and closed', async (_what, line, code) => {
  await using listener = await listen(keep([]));
  expect(await talk(listener.port, line)).toMatch(`{"error":{"code":"${code}"`);
});

test('a role that the listener does not list is turned away, and the dialer told', async () => {
  await using listener = await listen({ ...keep([]), roles: ['ids-view'] });
  expect(await talk(listener.port, HELLO)).toMatch('"code":"forbidden"');
});

test.each([
  ['a number that is not the next', '{"n":5,"event":{}}'],
  ['a number twice', '{"n":1,"event":{}}\n{"n":1,"event":{}}'],
  ['an event without a number', '{"event":{}}'],
  ['a gap that goes back', '{"gap":0}'],
  ['a gap that is no number of an event', '{"gap":1.5}'],
])('%s ends the session', async (_what, line) => {
  const welcomed = Promise.withResolvers<void>();
  await using listener = await listen(keep([]));
  const socket = connect(listener.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (data: Buffer) => {
    heard += data.toString();
    if (heard.includes('welcome')) welcomed.resolve();
  });
  socket.write(`${HELLO}\n`);
  await welcomed.promise;
  socket.write(`${line}\n`);
  await once(socket, 'close');
  expect(heard).toMatch('"code":"broken-line"');
});

test('a hello that does not come in time ends the connection', async () => {
  const clock = new ManualClock();
  const connected = Promise.withResolvers<void>();
  await using listener = await listen(keep([]), { clock, meddle: () => connected.resolve() });
  const talking = talk(listener.port);
  await connected.promise;
  clock.advance(seconds(5));
  expect(await talking).toMatch('"code":"no-hello"');
});

test('silence for 30 s ends a session, a beat before that keeps it', async () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const opened = Promise.withResolvers<void>();
  const beaten = Promise.withResolvers<void>();
  await using listener = await listen(keep([]), {
    clock,
    meddle: (socket) =>
      socket.on('data', (data: Buffer) => {
        lines.push(data.toString());
        if (lines.join('').includes('beat')) beaten.resolve();
      }),
  });
  const socket = connect(listener.port, '127.0.0.1');
  socket.on('data', () => opened.resolve());
  socket.write(`${HELLO}\n`);
  await opened.promise;
  clock.advance(seconds(25));
  socket.write('{"beat":true}\n');
  await beaten.promise;
  clock.advance(seconds(25));
  expect(socket.readyState).toBe('open');
  clock.advance(seconds(10));
  await once(socket, 'close');
});

/** Tells `count` events to whoever comes. */
const squares = (count: number): LineFeed => ({
  roles: ['task-media-store'],
  async *follow({ since, filter }) {
    if (filter === 'wrong') throw new Refusal('bad-filter', 'There is no such filter');
    for (let n = (since ?? 0) + 1; n <= count; n++) yield { n, event: { square: n * n } };
  },
});

test('a person with nc and a token can read a feed', async () => {
  await using listener = await listen(squares(2));
  expect(await talk(listener.port, HELLO)).toBe(
    '{"welcome":{}}\n{"n":1,"event":{"square":1}}\n{"n":2,"event":{"square":4}}\n{"end":true}\n',
  );
});

test('readLines() goes on behind the last event however often the connection breaks', async () => {
  let bytes = 500;
  const lost: unknown[] = [];
  await using listener = await listen(squares(5_000), {
    meddle(socket) {
      // cuts while it is told something: half of a line may have gone out
      const limit = (bytes *= 2);
      const timer = setInterval(() => {
        if (socket.bytesWritten > limit) socket.destroy();
      }, 0);
      socket.once('close', () => clearInterval(timer));
    },
  });
  const address = { url: listener.url, token: 'token' };
  const reading = readLines({
    address,
    stream: 'squares',
    clock: hurried,
    lost: (reason) => void lost.push(reason),
  });
  expect(numbers(await Array.fromAsync(reading))).toEqual(upTo(5_000));
});

test('readLines() throws what the feed refuses', async () => {
  await using listener = await listen(squares(2));
  const address = { url: listener.url, token: 'token' };
  const reading = readLines({ address, stream: 'squares', filter: 'wrong' });
  await expect(Array.fromAsync(reading)).rejects.toMatchObject({ code: 'bad-filter' });
});

test('a slow reader pauses the feed, and tells how far it is', async () => {
  let yielded = 0;
  let heard = 0;
  await using listener = await listen({
    roles: ['task-media-store'],
    async *follow({ acknowledged }) {
      acknowledged((n) => (heard = n));
      const event = { text: 'x'.repeat(10_000) };
      for (;;) yield { n: ++yielded, event };
    },
  });
  const stop = new AbortController();
  const address = { url: listener.url, token: 'token' };
  let read = 0;
  for await (const { n } of readLines({ address, stream: 's', signal: stop.signal })) {
    read = n;
    if (n === 3_000) stop.abort();
    await Promise.resolve();
  }
  expect(read).toBe(3_000);
  expect(heard).toBeGreaterThan(0);
  expect(yielded - read).toBeLessThan(2_000);
});

test('readLines() ends with its signal, also while it waits', async () => {
  const following = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  await using listener = await listen({
    roles: ['task-media-store'],
    async *follow(_request, signal) {
      following.resolve();
      await once(signal, 'abort');
      ended.resolve();
      yield { n: 1, event: 'too late' };
    },
  });
  const stop = new AbortController();
  const address = { url: listener.url, token: 'token' };
  const reading = Array.fromAsync(readLines({ address, stream: 's', signal: stop.signal }));
  await following.promise;
  stop.abort();
  expect(await reading).toEqual([]);
  await ended.promise;
});
