/**
 * Mutated bytes and mutated values at every port that a running program opens: the same processes go on, nothing
 * stays behind, and valid requests are answered. `EMCEE_SOAK=1` sends 10,000 to each.
 */
import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#base/id.ts';
import { encodeBeacon } from '#platform/beacon/beacon-frame.ts';
import { openBeaconKeys } from '#platform/beacon/beacon-keys.ts';
import { portRow } from '#platform/ports/ports.ts';
import { ClientFrame as EventFrame } from '#servers/desktop-server/api/events.ts';
import { ClientFrame as ChatFrame } from '#servers/web-chat-gateway/contract.ts';
import { Agent, GOOD_BYE } from './agent.ts';
import { askOddly, rawRequest } from './api-requests.ts';
import { CALLS_PER_SESSION, ComponentWires, asLines, roleAt, soundAt } from './component-wires.ts';
import { INSPECTED, Inspector } from './inspector.ts';
import type { Held } from './inspector.ts';
import { IS_SOAK, SEED, mutateBytes, mutateValue, randomFrom } from './random.ts';
import type { Random } from './random.ts';
import { COMPONENT_ROWS, HTTP_ROWS, MULTICAST_ROWS, OUR_ROWS } from './rows.ts';
import { sampleOf } from './sample.ts';
import { ENTRY_POINT, QUEUE, WITHOUT_LIMITS, startCentre } from './start-centre.ts';
import type { Centre } from './start-centre.ts';
import { Visitor } from './visitor.ts';
import { ask, exchange, webSocket } from './wires.ts';

/** Half of them bytes on the wire, half of them values in sound frames. */
const EACH = IS_SOAK ? 5_000 : 150;
const AT_ONCE = 15;
/** Frames of one connection to the sockets of browsers. */
const FRAMES_PER_SOCKET = 5;
const TIMEOUT = 30_000 + EACH * 100;

let centre: Centre;
let wires: ComponentWires;
let inspector: Inspector;
let before: Held;

beforeAll(async () => {
  centre = await startCentre({ agents: 2, words: WITHOUT_LIMITS, environment: INSPECTED });
  wires = await ComponentWires.open(centre);
  // What strangers do in the name of agent 1 must not stand in the way of the last test.
  await centre.api.call('PUT', `/configuration/queue/${QUEUE}`, {
    name: 'Support',
    serves: { type: 'listed', agents: ['agent-2'] },
  });
  inspector = await Inspector.open(centre.program, centre.processOf('media-director'));
  before = await inspector.held();
}, 120_000);
afterAll(async () => {
  inspector[Symbol.dispose]();
  await centre[Symbol.asyncDispose]();
});

/** Does something many times, some at once, each with a generator of its own. */
async function many(count: number, work: (random: Random) => Promise<unknown>): Promise<void> {
  const random = randomFrom(SEED);
  for (let done = 0; done < count; done += AT_ONCE) {
    const seeds = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => random(2 ** 31));
    await Promise.all(seeds.map((seed) => work(randomFrom(seed))));
  }
}

/** What of strangers is there still: nothing, once their sockets are closed and their memory is free. */
async function left(): Promise<string> {
  const sockets = ({ handles }: Held): number =>
    (handles['TCPSocketWrap'] ?? 0) + (handles['TLSWrap'] ?? 0);
  const held = await inspector.held();
  const more = sockets(held) - sockets(before);
  if (more > 5) return `${more} sockets`;
  const mebibytes = (held.heapBytes - before.heapBytes) / 1024 ** 2;
  // what stays behind of each frame is far below a KiB: a session alone is several
  const frames = 2 * EACH * OUR_ROWS.length;
  return mebibytes > 16 + frames / 4_096 ? `${mebibytes.toFixed(1)} MiB` : 'nothing';
}
const SOON = { timeout: 15_000, interval: 250 };

test('every row of the port matrix that belongs to a component is open', () => {
  const opened = centre.opened().map(({ row }) => row);
  expect(opened.toSorted()).toEqual([...OUR_ROWS].toSorted());
});

describe(`${2 * EACH} mutated frames (EMCEE_SEED=${SEED})`, { timeout: TIMEOUT }, () => {
  test.each(COMPONENT_ROWS.map((row) => [row.id, row] as const))(
    'at %s harm nobody',
    async (id, row) => {
      await many(EACH, async (random) => {
        const role = roleAt(row, random);
        const bytes = mutateBytes(wires.bytesFor(row, role, random), random);
        const isPlain = random(5) === 0; // also where TLS is spoken
        await exchange(isPlain ? { port: centre.portOf(id) } : await wires.farOf(row, role), bytes);
      });
      if (row.rpc) {
        await many(EACH / CALLS_PER_SESSION, (random) => wires.sayOddValues(row, random));
      }
      await many(row.lines ? EACH / 5 : 0, async (random) => {
        const [hello, ...said] = wires.linesFor(row);
        const odd = said.map((line) => mutateValue(line, random));
        const far = await wires.farOf(row, row.lines?.role ?? '');
        await exchange(far, asLines([hello, ...odd]));
      });
      expect(await wires.soundAnswers(row)).toEqual(soundAt(row));
      await expect.poll(left, SOON).toBe('nothing');
    },
  );

  test.each(HTTP_ROWS.map(({ id, tls }) => [id, tls] as const))(
    'at %s are each answered or closed',
    async (id, isTls) => {
      const far = { port: centre.portOf(id), tls: isTls ? {} : undefined };
      await many(EACH, (random) =>
        exchange(far, mutateBytes(rawRequest(far.port, centre.token, random), random), 300),
      );
      expect((await ask(far, '/healthz')).status).toBe(id === 'web-chat-door' ? 403 : 200);
      await expect.poll(left, SOON).toBe('nothing');
    },
  );

  test('in requests of the API are each refused in a sentence, never by a fault of ours', async () => {
    const port = centre.portOf('desktop-http');
    const faults: string[] = [];
    await many(EACH, async (random) => {
      const { asked, answer } = await askOddly(port, centre.token, random);
      const isSentence =
        answer.status < 400 || /^\{"error":\{"code":"[a-z-]+","message":".+"/.test(answer.text);
      if (answer.status === 500 || !isSentence) {
        faults.push(`${asked}: ${answer.status} ${answer.text}`);
      }
    });
    expect(faults).toEqual([]);
    await expect.poll(left, SOON).toBe('nothing');
  });

  test('at the event socket and the chat socket harm nobody', async () => {
    const port = centre.portOf('desktop-http');
    const talk = async (
      path: string,
      header: Record<string, string>,
      frames: (string | Buffer)[],
    ) => {
      const socket = webSocket({ port }, path, header);
      await new Promise<void>((resolve) => {
        socket.once('open', () => resolve());
        socket.once('close', () => resolve());
      });
      for (const frame of frames) if (socket.readyState === socket.OPEN) socket.send(frame);
      await sleep(50);
      socket.terminate();
    };
    const odd = (frame: unknown, random: Random): string | Buffer =>
      random(4) === 0
        ? mutateBytes(Buffer.from(JSON.stringify(frame)), random)
        : JSON.stringify(mutateValue(frame, random));
    const oddFrames = (schema: typeof EventFrame | typeof ChatFrame, random: Random) =>
      Array.from({ length: FRAMES_PER_SOCKET }, () => odd(sampleOf(schema, random), random));
    const hello = JSON.stringify({ type: 'hello', entryPoint: ENTRY_POINT, since: 0 });
    await many(EACH / FRAMES_PER_SOCKET, async (random) => {
      const origin = `http://127.0.0.1:${port}`;
      await talk('/chat/socket', { origin }, [hello, ...oddFrames(ChatFrame, random)]);
      const authorization = `Bearer ${centre.token}`;
      await talk('/api/v1/events', { authorization }, oddFrames(EventFrame, random));
    });
    await expect.poll(left, SOON).toBe('nothing');
  });

  test.each(MULTICAST_ROWS.map(({ id }) => id))('to the group of %s harm nobody', async (id) => {
    const { own } = openBeaconKeys(centre.program.data);
    const { group } = portRow(id);
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => void socket.bind(0, '127.0.0.1', resolve));
    socket.setMulticastInterface('127.0.0.1');
    let sequence = 0;
    await many(2 * EACH, async (random) => {
      const notice = {
        row: id,
        component: 'ids-multimedia',
        instance: newId(),
        at: Date.now(),
        sequence: ++sequence,
        body: { version: random(10), url: 'wss://evil.example' },
      };
      const odd = mutateValue(notice, random) as typeof notice;
      const fits = JSON.stringify(odd).length < 1_000;
      const sealed = encodeBeacon(fits && random(2) === 0 ? odd : notice, own.id, own.key);
      const bytes = random(2) === 0 ? mutateBytes(sealed, random) : sealed;
      await new Promise<void>((resolve) => {
        socket.send(bytes, centre.portOf(id), group ?? '', () => resolve());
      });
    });
    socket.close();
    await expect.poll(left, SOON).toBe('nothing');
  });
});

test('after all of it the same process runs, no fault was traced, and a conversation goes its way', async () => {
  await using agent = new Agent(centre, 'agent-2');
  await agent.start();
  using visitor = new Visitor(centre.url);
  await visitor.write('Is anybody there?');
  await visitor.until(() => visitor.texts.includes('agent: Re: Is anybody there?'));
  await visitor.write(GOOD_BYE);
  await visitor.until(() => visitor.ended);
  const printed = centre.program.output().split('\n');
  expect(printed.filter((line) => line.includes('"level":"fault"'))).toEqual([]);
  expect(await inspector.evaluate('process.pid')).toBe(centre.processOf('media-director'));
});
