import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AgentId } from '#domain/ids.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { FakeMessagingStore } from '#servers/simple-messaging-media-store/fake.ts';
import { CLOSE } from './events/event-client.ts';
import { ApiCaller } from './testing/api-caller.ts';
import { PASSWORD, SMALL_CENTRE } from './testing/documents.ts';
import { EventFollower } from './testing/event-follower.ts';
import { type TestDesktopServer, startTestDesktopServer } from './testing/test-desktop-server.ts';

const isSoak = process.env['EMCEE_SOAK'] === '1';
const FRAMES = isSoak ? 10_000 : 300;
const PATIENCE = { timeout: isSoak ? 600_000 : 30_000 };
const SEED = isSoak ? Date.now() % 2_147_483_646 : 20_251;

/** What tests may leave behind in memory: a kilobyte a frame would be as much in a soak. */
const LEAK_BYTES = 10 * 1024 * 1024;

let database: TestDatabase;
let server: TestDesktopServer;
let caller: ApiCaller;

beforeAll(async () => {
  database = await testDatabase();
  server = await startTestDesktopServer({
    database,
    configuration: await fakeConfigurationServer({ documents: SMALL_CENTRE }),
    messaging: new FakeMessagingStore(['website']),
    settings: { 'requests-per-second': 100_000 },
  });
  const agent = AgentId.parse('boss');
  await server.configuration.call.setPassword({ agent, password: PASSWORD, by: 'test' });
  caller = new ApiCaller(server.url);
  await caller.send('POST', '/session', { login: 'boss', password: PASSWORD });
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

/** Lehmer's generator: the same mistakes for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = (seed % 2_147_483_646) + 1;
  return (below) => (state = (state * 48_271) % 2_147_483_647) % below;
}

/** Changes some bytes, cuts, repeats or joins. */
function mutate(text: string, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(text);
  for (let change = random(4); change >= 0; change--) {
    bytes[random(bytes.length)] = random(256);
  }
  switch (random(4)) {
    case 0:
      return bytes.subarray(0, random(bytes.length));
    case 1:
      return Buffer.concat([bytes, bytes]);
    case 2:
      return Buffer.concat([bytes, Buffer.alloc(random(20_000), 0x20)]);
    default:
      return bytes;
  }
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString());
    return bytes.length <= 16 * 1024;
  } catch {
    return false;
  }
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function memory(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test(
  `${FRAMES} mutated frames to the event socket: no crash, no leak, others go on (seed ${SEED})`,
  PATIENCE,
  async () => {
    const random = randomFrom(SEED);
    const frames = [
      JSON.stringify({
        type: 'follow',
        topics: ['work', 'messages', 'board'],
        cursor: { work: 1, messages: 1 },
      }),
      JSON.stringify({ type: 'watch', conversations: ['01936b3c-0000-7000-8000-000000000001'] }),
      '{"type":"follow","topics":["work"],"cursor":{"work":1e400,"messages":-1}}',
      '[]',
      'null',
      '{"__proto__":{"type":"follow"}}',
    ];
    using other = new EventFollower(server.url, caller.headers);
    await other.follow();
    const before = memory();
    let hostile = new EventFollower(server.url, caller.headers);
    await hostile.connect();
    for (let sent = 0; sent < FRAMES; sent++) {
      if (hostile.closed) {
        hostile = new EventFollower(server.url, caller.headers);
        await hostile.connect();
      }
      const frame = mutate(frames[random(frames.length)] ?? '', random);
      const binary = random(10) === 0;
      hostile.socket.send(frame, { binary });
      // A frame that ends the session is waited for, so that the next one is heard.
      if (binary || !isJson(frame)) await hostile.untilClosed();
      hostile.frames.length = 0;
    }
    hostile.socket.terminate();
    const item = server.director.enter('sales');
    await other.until(
      (frame) => frame.type === 'work' && frame.record.position === server.director.position,
    );
    expect(other.items()).toContain(`${item}:queued`);
    expect(memory() - before).toBeLessThan(LEAK_BYTES);
    expect(server.traced.filter((line) => line.startsWith('fault'))).toEqual([]);
  },
);

test('a frame that is no JSON ends the session; one that makes no sense is refused and it goes on', async () => {
  using events = new EventFollower(server.url, caller.headers);
  await events.connect();
  events.socket.send('{"type":"dance"}');
  expect(await events.until(() => true)).toMatchObject({ type: 'refused', code: 'bad-request' });
  events.say({ type: 'follow', topics: ['work'] });
  await events.until((frame) => frame.type === 'caught-up');
  events.socket.send('{"type":');
  expect(await events.untilClosed()).toMatchObject({ code: CLOSE.brokenFrame });
});

test('a frame that is too large ends the session', async () => {
  using events = new EventFollower(server.url, caller.headers);
  await events.connect();
  events.socket.send(JSON.stringify({ type: 'watch', conversations: ['x'.repeat(20_000)] }));
  expect((await events.untilClosed()).code).toBe(1009);
});

test(
  `${FRAMES} mutated requests to the HTTP port: each answered or closed (seed ${SEED})`,
  PATIENCE,
  async () => {
    const random = randomFrom(SEED + 1);
    const { port, host } = new URL(server.url);
    const cookie = `cookie: ${caller.headers['cookie'] ?? ''}\r\n`;
    const requests = [
      `GET /api/v1/session HTTP/1.1\r\nhost: ${host}\r\n${cookie}connection: close\r\n\r\n`,
      `POST /api/v1/session HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: 31\r\nconnection: close\r\n\r\n{"login":"x","password":"yyyy"}`,
      `GET /api/v1/events HTTP/1.1\r\nhost: ${host}\r\n${cookie}origin: ${server.url}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
      `GET /%2e%2e/%00/x?y=%zz HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
      `GET /chat/x HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
    ];
    const send = async (bytes: Buffer): Promise<void> => {
      const socket = connect(Number(port), '127.0.0.1');
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
      socket.on('data', () => undefined);
      socket.end(bytes);
      // What is half a request is waited for; this client does not.
      const impatient = setTimeout(() => socket.destroy(), 200);
      await promise;
      clearTimeout(impatient);
    };
    const lanes = Array.from({ length: 10 }, async () => {
      for (let sent = 0; sent < FRAMES / 10; sent++) {
        await send(mutate(requests[random(requests.length)] ?? '', random));
      }
    });
    await Promise.all(lanes);
    expect(await caller.outcome('GET', '/session')).toBe('200');
    expect(server.traced.filter((line) => line.startsWith('fault'))).toEqual([]);
  },
);

test('HTML in a name is text: it comes back as it was written, and as JSON', async () => {
  const name = '<img src=x onerror=alert(1)>';
  await server.configuration.call.put({
    kind: 'agent',
    id: 'boss',
    body: { name, login: 'boss', roles: ['supervisor'] },
    by: 'test',
  });
  await expect
    .poll(async () => (await caller.send('GET', '/session')).body)
    .toMatchObject({ name });
  const { headers } = await caller.send('GET', '/session');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});
