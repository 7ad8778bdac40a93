/**
 * Validated calls over a WebSocket on loopback, 64 in flight, against the same payload echoed by bare
 * `ws`: CPU time of both ends per call, medians of interleaved rounds.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { defineContract } from '#base/contract.ts';
import { portOf } from '#platform/doors/port-of.ts';
import { openUpgradeGate } from '#platform/doors/upgrade-gate.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { connectRpc } from '#platform/rpc/connect.ts';
import { serveRpc } from '#platform/rpc/serve.ts';
import { serviceOf } from '#platform/rpc/service.ts';

const ROUNDS = 7;
const CALLS = 60_000;
const IN_FLIGHT = 64;

const WorkItem = z.object({
  id: z.uuid(),
  queue: z.string().min(1).max(64),
  medium: z.enum(['chat', 'task', 'email']),
  priority: z.int().min(0).max(9),
  enteredAt: z.int(),
  requirements: z
    .array(z.object({ skill: z.string().max(64), level: z.int().min(1).max(10) }))
    .max(20),
  fields: z.record(z.string().max(64), z.string().max(256)),
});

const contract = defineContract({
  name: 'media-director',
  version: 1,
  methods: { echo: { params: WorkItem, result: WorkItem, roles: ['media-store'] } },
});

const item: z.infer<typeof WorkItem> = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  queue: 'support',
  medium: 'chat',
  priority: 5,
  enteredAt: 1_760_000_000_000,
  requirements: [
    { skill: 'english', level: 7 },
    { skill: 'billing', level: 4 },
  ],
  fields: { 'entry-point': 'web', subject: 'An invoice that was paid twice' },
};

/** Makes calls until `CALLS` are answered, always `IN_FLIGHT` at once. */
async function drive(call: () => Promise<unknown>): Promise<void> {
  let begun = 0;
  const one = async (): Promise<void> => {
    while (begun++ < CALLS) await call();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, one));
}

/** CPU microseconds of this process per call of `work`. */
async function cpuPerCall(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / CALLS;
}

async function openRaw(): Promise<{ run: () => Promise<void>; close: () => void }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  const run = (): Promise<void> =>
    new Promise((resolve) => {
      let begun = 0;
      let ended = 0;
      const text = JSON.stringify(item);
      const next = (): void => {
        if (begun++ < CALLS) socket.send(text);
      };
      socket.removeAllListeners('message');
      socket.on('message', () => {
        if (++ended === CALLS) resolve();
        else next();
      });
      for (let n = 0; n < IN_FLIGHT; n++) next();
    });
  return {
    run,
    close: () => {
      socket.terminate();
      server.close();
    },
  };
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** What one run of this bench measured. */
export interface BenchResult {
  readonly bench: string;
  readonly ratios: Readonly<Record<string, number>>;
  readonly figures: Readonly<Record<string, number>>;
}

export async function run(): Promise<BenchResult> {
  const implementation = { methods: { echo: async (given: typeof item) => given }, streams: {} };
  const server = serveRpc({ verify: () => 'media-store' });
  server.add(serviceOf(contract, implementation));
  const gate = openUpgradeGate({
    allowsHost: () => true,
    frameBytes: server.limits.frameBytes,
    accept: (socket) => server.accept(socket),
  });
  const listener = createServer((socket) => gate.take(socket)).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = `ws://127.0.0.1:${portOf(listener)}`;
  const remote = connectRpc(contract, { url, token: 'bench' });
  const local = connectInProcess(contract, implementation, { role: 'media-store' });
  const raw = await openRaw();

  const us: { rpc: number[]; raw: number[]; inProcess: number[] } = {
    rpc: [],
    raw: [],
    inProcess: [],
  };
  for (let round = -1; round < ROUNDS; round++) {
    const one = {
      raw: await cpuPerCall(raw.run),
      rpc: await cpuPerCall(() => drive(() => remote.call.echo(item))),
      inProcess: await cpuPerCall(() => drive(() => local.call.echo(item))),
    };
    if (round < 0) continue; // the first round warms the compiler up
    us.raw.push(one.raw);
    us.rpc.push(one.rpc);
    us.inProcess.push(one.inProcess);
  }

  await remote[Symbol.asyncDispose]();
  await local[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  gate[Symbol.dispose]();
  listener.close();
  raw.close();
  return {
    bench: 'rpc',
    ratios: { toRawWs: rounded(median(us.raw.map((each, n) => each / (us.rpc[n] ?? Number.NaN)))) },
    figures: {
      rpcCpuUsPerCall: rounded(median(us.rpc)),
      rawWsCpuUsPerCall: rounded(median(us.raw)),
      inProcessCpuUsPerCall: rounded(median(us.inProcess)),
      payloadBytes: JSON.stringify(item).length,
    },
  };
}

if (import.meta.main) console.log(JSON.stringify(await run()));
