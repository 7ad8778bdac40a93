/**
 * Durable hand-overs on the embedded server: 256 producers, one piece of work each, each waiting for the
 * acknowledgement of its own and then until it has been claimed and completed. The media director against
 * graphile-worker and pg-boss as fast as their documents say how, and against what the journal alone takes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { compare, rounded } from './bench.ts';
import type { BenchResult, Contender } from './bench.ts';
import { openDirectorSide } from './parts/dispatch/director-side.ts';
import { openGraphileWorkerSide } from './parts/dispatch/graphile-worker-side.ts';
import { openGroupCommitSide } from './parts/dispatch/group-commit-side.ts';
import { openPgBossSide } from './parts/dispatch/pg-boss-side.ts';
import type { Side } from './parts/dispatch/side.ts';

const PRODUCERS = 256;

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

export async function run(): Promise<BenchResult> {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'emcee-bench-'));
  life.defer(() => rm(directory, { recursive: true, force: true }));
  const server = life.use(await startEmbeddedPostgresql({ directory, trace: silent }));
  const database = life.use(await openDatabase({ url: server.url, name: 'bench' }));
  const director = life.use(await openDirectorSide(database));
  const sides: Side[] = [
    director,
    life.use(await openGroupCommitSide(database, await director.stepsOfOne())),
    life.use(await openGraphileWorkerSide(server.url)),
    life.use(await openPgBossSide(server.url)),
  ];
  for (const { name, settings } of sides) console.log(`${name}: ${settings}`);
  const [ours, limit, graphileWorker, pgBoss] = await compare(sides.map(producers), {
    rounds: 5,
    milliseconds: 3_000,
    others: () => [server.pid],
  });
  if (!ours || !limit || !graphileWorker || !pgBoss) {
    throw new Error('Cannot compare: a contender is missing');
  }
  return {
    bench: 'dispatch',
    ratios: {
      toGraphileWorker: rounded(ours.unitsPerSecond / graphileWorker.unitsPerSecond),
      toPgBoss: rounded(ours.unitsPerSecond / pgBoss.unitsPerSecond),
      toGroupCommitLimit: rounded(ours.unitsPerSecond / limit.unitsPerSecond),
    },
    figures: { handOversPerSecond: ours.unitsPerSecond, p50Ms: ours.p50Ms, p99Ms: ours.p99Ms },
  };
}

function producers(side: Side): Contender {
  return {
    name: side.name,
    async round(milliseconds) {
      const end = performance.now() + milliseconds;
      const latencies: number[] = [];
      const producer = async (): Promise<void> => {
        for (let now = performance.now(); now < end;) {
          await side.handOver();
          const after = performance.now();
          latencies.push(after - now);
          now = after;
        }
      };
      await Promise.all(Array.from({ length: PRODUCERS }, producer));
      return { units: latencies.length, latencies };
    },
  };
}
