/**
 * From "ready", said by an agent over HTTP, to the offer on that agent's event socket: the whole product in
 * its one process, every step durable, 500 offers a second for a minute. The load comes from this process.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '#base/id.ts';
import { rounded } from './bench.ts';
import type { BenchResult } from './bench.ts';
import { BenchAgent } from './parts/offer-latency/agent.ts';
import { startBenchCentre } from './parts/offer-latency/centre.ts';
import type { BenchCentre } from './parts/offer-latency/centre.ts';

const QUEUES = 20;
const AGENTS_EACH = 5;

const PER_SECOND = Number(process.env['EMCEE_BENCH_RATE'] ?? 500);
const SECONDS = Number(process.env['EMCEE_BENCH_SECONDS'] ?? 60);
const WARM_UP_SECONDS = 5;

/** How often agents are started, all that are due together. */
const TICK = 10;

/** Waiting work, so that who is ready is offered something at once: as much as is given out. */
const WORK = Math.ceil(PER_SECOND * (SECONDS + WARM_UP_SECONDS) * 1.1);
const SUBMITTERS = 32;

export async function run(): Promise<BenchResult> {
  await using centre = await startBenchCentre(QUEUES, AGENTS_EACH);
  const agents = centre.queues.flatMap(({ token, agents: ids }) =>
    ids.map((id) => new BenchAgent(centre.url, token, id)),
  );
  await Promise.all(agents.map((agent) => agent.start()));
  await fillQueues(centre);
  await load(agents, WARM_UP_SECONDS);
  const began = performance.now();
  const latencies = await load(agents, SECONDS);
  const offersPerSecond = Math.round((latencies.length / (performance.now() - began)) * 1_000);
  await Promise.all(agents.map((agent) => agent.stop()));
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.floor(sorted.length * share)] ?? 0);
  return {
    bench: 'offer-latency',
    ratios: {},
    figures: {
      p50Ms: at(0.5),
      p90Ms: at(0.9),
      p99Ms: at(0.99),
      maxMs: at(1 - 1e-9),
      offersPerSecond,
    },
  };
}

/** Makes agents ready at the pace, whoever is free, longest free first; resolves with how long each offer took. */
async function load(agents: readonly BenchAgent[], seconds: number): Promise<number[]> {
  const latencies: number[] = [];
  const rounds: Promise<void>[] = [];
  const began = performance.now();
  let started = 0;
  let next = 0;
  for (let now = 0; now < seconds * 1_000; now = performance.now() - began) {
    for (let tries = 0; started < (now / 1_000) * PER_SECOND && tries < agents.length; tries++) {
      const agent = agents[next++ % agents.length];
      if (!agent?.isFree) continue;
      started++;
      rounds.push(agent.round().then((took) => void latencies.push(took)));
    }
    await sleep(TICK);
  }
  await Promise.all(rounds);
  return latencies;
}

/** Puts tasks into the queues, equally many in each. */
async function fillQueues({ url, queues }: BenchCentre): Promise<void> {
  let left = WORK;
  const submit = async (): Promise<void> => {
    while (left-- > 0) {
      const queue = queues[left % queues.length];
      if (!queue) return;
      const response = await fetch(`${url}/api/v1/work-items`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${queue.token}`,
          'emcee-agent': queue.agents[0] ?? '',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ id: newId(), queue: queue.id, task: { title: 'Task' } }),
      });
      if (!response.ok)
        throw new Error(`Cannot submit: ${response.status} ${await response.text()}`);
      await response.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: SUBMITTERS }, submit));
}
