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
import { compare, rounded } from './bench.ts';
import type { BenchResult, Contender } from './bench.ts';

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

export async function run(): Promise<BenchResult> {
  await using life = new AsyncDisposableStack();
  const implementation = { methods: { echo: async (given: typeof item) => given }, streams: {} };
  const service = serviceOf(contract, implementation);
  const server = life.use(serveRpc({ verify: () => 'media-store' }));
  server.add(service);
  const gate = life.use(
    openUpgradeGate({
      allowsHost: () => true,
      frameBytes: server.limits.frameBytes,
      accept: (socket) => server.accept(socket),
    }),
  );
  const listener = createServer((socket) => gate.take(socket)).listen(0, '127.0.0.1');
  life.defer(() => void listener.close());
  await once(listener, 'listening');
  const url = `ws://127.0.0.1:${portOf(listener)}`;
  const remote = life.use(connectRpc(contract, { url, token: 'bench' }));
  const local = life.use(connectInProcess(contract, implementation, { role: 'media-store' }));

  const [raw, rpc, inProcess] = await compare([
    life.use(await openRawEcho()),
    calls('rpc over ws', () => remote.call.echo(item)),
    calls('rpc in process', () => local.call.echo(item)),
  ]);
  if (!raw || !rpc || !inProcess) throw new Error('Cannot compare: a contender is missing');
  return {
    bench: 'rpc',
    ratios: { toRawWs: rounded(raw.cpuPerUnit / rpc.cpuPerUnit) },
    figures: {
      cpuUsPerCall: rpc.cpuPerUnit,
      cpuUsPerRawEcho: raw.cpuPerUnit,
      cpuUsPerCallInProcess: inProcess.cpuPerUnit,
      callsPerSecond: rpc.unitsPerSecond,
      p99Ms: rpc.p99Ms,
      payloadBytes: JSON.stringify(item).length,
    },
  };
}

/** Always `IN_FLIGHT` calls at once. */
function calls(name: string, call: () => Promise<unknown>): Contender {
  return {
    name,
    async round(milliseconds) {
      const end = performance.now() + milliseconds;
      const latencies: number[] = [];
      const caller = async (): Promise<void> => {
        for (let now = performance.now(); now < end;) {
          await call();
          const after = performance.now();
          latencies.push(after - now);
          now = after;
        }
      };
      await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
      return { units: latencies.length, latencies };
    },
  };
}

/** The same payload, sent back as it came: no validation, no JSON, no ids. */
async function openRawEcho(): Promise<Contender & Disposable> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(socket, 'open');
  const text = JSON.stringify(item);
  return {
    name: 'echo by bare ws',
    async round(milliseconds) {
      const end = performance.now() + milliseconds;
      const latencies: number[] = [];
      const sent: number[] = []; // answers come in the order of the questions
      let answered = 0;
      const { promise, resolve } = Promise.withResolvers<void>();
      const ask = (now: number): void => {
        sent.push(now);
        socket.send(text);
      };
      socket.on('message', () => {
        const now = performance.now();
        latencies.push(now - (sent[answered++] ?? now));
        if (now < end) ask(now);
        else if (answered === sent.length) resolve();
      });
      for (let n = 0; n < IN_FLIGHT; n++) ask(performance.now());
      await promise;
      socket.removeAllListeners('message');
      return { units: answered, latencies };
    },
    [Symbol.dispose]() {
      socket.terminate();
      server.close();
    },
  };
}
