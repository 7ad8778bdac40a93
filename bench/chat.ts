/**
 * Messages on their way from customers to an agent: widget → gateway → store → agent, each durable on
 * the embedded server before it is acknowledged and handed on. Compared with a bare `ws` relay that
 * takes, acknowledges and hands on the same messages over the same wires, and stores nothing. CPU time
 * counts both ends of every wire, and the database.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { compare, median, rounded } from './bench.ts';
import type { BenchResult, Contender } from './bench.ts';
import { startChat, startRelay } from './parts/chat-centre.ts';
import type { Arrivals, Carrier } from './parts/chat-centre.ts';

/** How many write at the same time, each waiting until its message is acknowledged and has arrived. */
const WIDGETS = 256;
const IDLE_WIDGETS = 10_000;
/** Connected before memory is first measured, so that what is made once is not counted. */
const WARMING_WIDGETS = 500;

const PACE = 500;
const PACED_SECONDS = 4;
const PACED_ROUNDS = 5;

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

let sent = 0;

export async function run(): Promise<BenchResult> {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'emcee-bench-'));
  life.defer(() => rm(directory, { recursive: true, force: true }));
  const server = life.use(
    await startEmbeddedPostgresql({ directory: join(directory, 'database'), trace: silent }),
  );
  const database = life.use(await openDatabase({ url: server.url, name: 'bench' }));
  const arrivals: Arrivals = new Map();
  const chat = life.use(await startChat({ directory, database, arrivals, widgets: WIDGETS }));
  const bytesPerWidget = await idleMemory(chat.host);
  const relay = life.use(await startRelay(arrivals, WIDGETS));
  const [ours, raw] = await compare(
    [
      conversing('widget → gateway → store → agent', chat, arrivals),
      conversing('bare relay', relay, arrivals),
    ],
    { rounds: 7, milliseconds: 3_000, others: () => [server.pid] },
  );
  if (!ours || !raw) throw new Error('Cannot compare: a contender is missing');
  const p99s: number[] = [];
  for (let round = 0; round <= PACED_ROUNDS; round++) {
    const latencies = await paced(chat, arrivals);
    if (round > 0) p99s.push(latencies.toSorted((a, b) => a - b)[latencies.length * 0.99] ?? 0);
  }
  const figures = {
    p99Ms: rounded(median(p99s)),
    bytesPerWidget,
    messagesPerSecond: ours.unitsPerSecond,
    cpuMicrosecondsPerMessage: ours.cpuPerUnit,
  };
  console.table(figures);
  return {
    bench: 'chat',
    ratios: { toRawWsRelay: rounded(raw.cpuPerUnit / ours.cpuPerUnit) },
    figures,
  };
}

/** Every sender sends its next message once the last one is acknowledged and has arrived. */
function conversing(name: string, { senders }: Carrier, arrivals: Arrivals): Contender {
  return {
    name,
    async round(milliseconds) {
      const end = performance.now() + milliseconds;
      const latencies: number[] = [];
      const converse = async (sender: Carrier['senders'][number]): Promise<void> => {
        for (let now = performance.now(); now < end;) {
          const id = `m${++sent}`;
          const arrived = new Promise<void>((resolve) => arrivals.set(id, resolve));
          const acknowledged = new Promise<void>((resolve) => {
            sender.acknowledged = () => resolve();
          });
          sender.send(id);
          await Promise.all([arrived, acknowledged]);
          const after = performance.now();
          latencies.push(after - now);
          now = after;
        }
      };
      await Promise.all(senders.map(converse));
      return { units: latencies.length, latencies };
    },
  };
}

/** Messages at a steady pace; resolves with how long each took until the agent had it. */
async function paced({ senders }: Carrier, arrivals: Arrivals): Promise<number[]> {
  const total = PACE * PACED_SECONDS;
  const latencies: number[] = [];
  const waiting: Promise<void>[] = [];
  const began = performance.now();
  for (let count = 0; count < total;) {
    const due = Math.min(total, Math.ceil(((performance.now() - began) * PACE) / 1_000));
    for (; count < due; count++) {
      const id = `m${++sent}`;
      const from = performance.now();
      waiting.push(
        new Promise((resolve) => {
          arrivals.set(id, () => {
            latencies.push(performance.now() - from);
            resolve();
          });
        }),
      );
      senders[count % senders.length]?.send(id);
    }
    await sleep(1);
  }
  await Promise.all(waiting);
  return latencies;
}

/** Bytes of this process for each widget that is connected and says nothing: proportional set size. */
async function idleMemory(host: string): Promise<number> {
  const child = fork(new URL('parts/idle-widgets.ts', import.meta.url), [host]);
  await once(child, 'message');
  const connect = async (count: number): Promise<number> => {
    child.send(count);
    await once(child, 'message');
    return settledMemory();
  };
  const before = await connect(WARMING_WIDGETS);
  const after = await connect(IDLE_WIDGETS);
  child.kill();
  await once(child, 'exit');
  return Math.round((after - before) / IDLE_WIDGETS);
}

async function settledMemory(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let count = 0; count < 3; count++) {
    collect();
    await sleep(200);
  }
  const rollup = readFileSync('/proc/self/smaps_rollup', 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? Number.NaN) * 1_024;
}
