/** Mutated bytes on the ports of components: nothing crashes, nothing stays behind. `EMCEE_SOAK=1` sends 10,000. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { LineFeed, LineListener } from '#platform/lines/lines.ts';
import { connectRpc } from '#platform/rpc/connect.ts';
import { example, exampleImplementation } from '#platform/rpc/suite.ts';
import { openTestInstallation } from './test-installation.ts';
import type { TestInstallation } from './test-installation.ts';

const IS_SOAK = process.env['EMCEE_SOAK'] !== undefined;
const FRAMES = IS_SOAK ? 10_000 : 300;
const AT_ONCE = 25;
const SEED = Number(process.env['EMCEE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** A small generator with a seed (mulberry32), so that a failure can be had again. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const ODD = [
  Buffer.from([0]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('"'),
  Buffer.from('['.repeat(500)),
  Buffer.from('\r\n\r\n'),
  Buffer.from('1e999'),
  Buffer.from('"__proto__":{"role":"media-director"},'),
  Buffer.from('\\ud800'),
];

/** Changes bytes in one to four places: flips, cuts, repeats, puts something odd in. */
function mutate(bytes: Buffer, random: (below: number) => number): Buffer {
  let mutated = Buffer.from(bytes);
  for (let change = random(4); change >= 0; change--) {
    const at = random(mutated.length + 1);
    const to = Math.min(at + random(20), mutated.length);
    const [before, middle, after] = [
      mutated.subarray(0, at),
      mutated.subarray(at, to),
      mutated.subarray(to),
    ];
    const odd = ODD[random(ODD.length)] ?? Buffer.alloc(0);
    const changed = [
      [before, Buffer.from(middle.map((byte) => byte ^ (1 << random(8)))), after],
      [before, after],
      [before, middle, middle, middle, after],
      [before, odd, middle, after],
      [before],
    ][random(5)];
    mutated = Buffer.concat(changed ?? [mutated]);
  }
  return mutated;
}

const text = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });

/** What a sound client says. */
const messages = (token: string): string[] => [
  text({ id: 0, method: 'rpc.hello', params: { token, contract: 'database', version: 1 } }),
  text({ id: 1, method: 'greet', params: { who: 'Agent 1', tags: ['a'] }, timeout: 1_000 }),
  `[${text({ id: 2, method: 'count', params: {} })},${text({ id: 'x', method: 'wait', params: {} })}]`,
  text({ id: 3, method: 'rpc.follow', params: { stream: 'numbers', params: { to: 5 }, since: 2 } }),
  text({ method: 'rpc.read', params: { id: 3, count: 2 } }),
  text({ method: 'rpc.cancel', params: { id: 'x' } }),
];

function webSocket(port: number, frames: readonly (string | Buffer)[]): Buffer {
  const handshake = [
    'GET / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    '\r\n',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(handshake), ...frames.map(textFrame)]);
}

/** A masked text frame, RFC 6455 §5.2. */
function textFrame(content: string | Buffer): Buffer {
  const mask = Buffer.from([0x11, 0x22, 0x33, 0x44]);
  const payload = Buffer.from(content).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  const header = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, mask, payload]);
}

const lines = (token: string): Buffer =>
  Buffer.from(
    [
      { hello: { token, stream: 'work', version: 1 } },
      { n: 1, event: { value: 1 } },
      { n: 2, event: 'Grüße' },
      { beat: true },
      { gap: 5 },
      { ack: 1 },
      { n: 6, event: null },
    ]
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );

/** Sends bytes and hangs up; resolves when the other side has, too. Says how long that took. */
async function send(port: number, bytes: Buffer): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.resume();
  socket.end(bytes);
  await new Promise((resolve) => void socket.once('close', resolve));
}

const listener: LineListener = {
  roles: ['media-director'],
  open: async () => ({ resume: 0, take: async (batch) => batch.at(-1)?.n ?? 0 }),
};

const feed: LineFeed = {
  roles: ['media-director'],
  async *follow(_request, signal) {
    yield { n: 1, event: 'told' };
    await once(signal, 'abort');
  },
};

async function openRow(
  installation: TestInstallation,
  taker: LineListener | LineFeed,
): Promise<number> {
  const { doors } = installation.open('media-director');
  await doors.rpc(example, exampleImplementation(), ['media-director']);
  await doors.lines('media-director', taker);
  return installation.opened('media-director').port;
}

async function stillSound(installation: TestInstallation, port: number): Promise<void> {
  const token = installation.tokens.tokenOf('media-director');
  await using client = connectRpc(example, { url: `ws://127.0.0.1:${port}`, token });
  expect(await client.call.greet({ who: 'Agent 1' })).toEqual({ text: 'Hello, Agent 1' });
}

type Make = (port: number, token: string, random: (below: number) => number) => Buffer;

const kinds: readonly [string, LineListener | LineFeed, Make][] = [
  [
    'WebSocket bytes',
    feed,
    (port, token, random) => mutate(webSocket(port, messages(token)), random),
  ],
  [
    'JSON-RPC messages in sound frames',
    feed,
    (port, token, random) => {
      const said = messages(token);
      const at = random(said.length);
      return webSocket(
        port,
        said.map((one, n) => (n === at ? mutate(Buffer.from(one), random) : one)),
      );
    },
  ],
  ['lines to a listener', listener, (_port, token, random) => mutate(lines(token), random)],
  ['lines to a feed', feed, (_port, token, random) => mutate(lines(token), random)],
];

test.each(kinds)(
  `mutated %s crash nothing and leave nothing behind (EMCEE_SEED=${SEED})`,
  { timeout: IS_SOAK ? 600_000 : 30_000 },
  async (_kind, taker, make) => {
    await using installation = openTestInstallation();
    const port = await openRow(installation, taker);
    const random = generator(SEED);
    const token = installation.tokens.tokenOf('media-director');
    const sendSome = async (count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, () => make(port, token, random));
        await Promise.all(batch.map((bytes) => send(port, bytes)));
      }
    };
    await sendSome(100);
    const before = heap();
    await sendSome(FRAMES);
    await stillSound(installation, port);
    installation.traced.length = 0;
    // what stays behind of each connection is far below a KiB: a session alone is several
    expect(heap() - before).toBeLessThan(2 * 1024 * 1024 + FRAMES * 256);
  },
);

test(`bytes that are no TLS crash nothing on a TLS port (EMCEE_SEED=${SEED})`, async () => {
  expect.hasAssertions();
  await using installation = openTestInstallation();
  const plain = await openRow(installation, feed);
  const { port } = installation.opened('media-director-secure');
  const random = generator(SEED);
  const hello = Buffer.concat([Buffer.from([0x16, 0x03, 0x01, 0x00, 0x50]), Buffer.alloc(0x50, 1)]);
  for (let sent = 0; sent < 50; sent++) await send(port, mutate(hello, random));
  await stillSound(installation, plain);
});

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes in use after everything that can go has gone. */
function heap(): number {
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
