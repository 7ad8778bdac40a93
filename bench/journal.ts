/**
 * 256 producers, each waiting until its own event is durable: the journal's group commit against one
 * transaction per event over a pool, on the embedded server with all that makes a commit durable.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { openJournal } from '#platform/journal/open-journal.ts';
import { prepareJournal } from '#platform/journal/prepare-journal.ts';
import { compare, rounded } from './bench.ts';
import type { BenchResult, Contender } from './bench.ts';

const PRODUCERS = 256;

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

/** About what the director journals of an offer. */
const body = {
  type: 'offer-made',
  workItem: '01890a5d-ac96-774b-bcce-b302099a8057',
  agent: '01890a5d-ac96-774b-bcce-b302099a8058',
  queue: 'sales-english',
  skills: { english: 7, sales: 4 },
  priority: 5,
  reasons: ['longest idle', 'skill'],
};

export async function run(): Promise<BenchResult> {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'emcee-bench-'));
  life.defer(() => rm(directory, { recursive: true, force: true }));
  const server = life.use(await startEmbeddedPostgresql({ directory, trace: silent }));
  const database = life.use(
    await openDatabase({ url: server.url, name: 'bench', maxConnections: 16 }),
  );
  await prepareJournal(database, 'bench');
  const journal = life.use(
    await openJournal<never, typeof body>(database, {
      schema: 'bench',
      stream: 'group',
      write: () => Promise.resolve(),
    }),
  );
  const text = JSON.stringify(body);
  let position = 0;
  const [group, single] = await compare(
    [
      producers('group commit', () =>
        journal.append({ changes: [], events: [{ at: Date.now(), body }] }),
      ),
      producers('one transaction per event', () =>
        database.query({
          name: 'one',
          text: `insert into bench.journal values ('single', $1, to_timestamp($2::float8 / 1000), $3)`,
          values: [++position, Date.now(), text],
        }),
      ),
    ],
    { others: () => [server.pid] },
  );
  if (!group || !single) throw new Error('Cannot compare: a contender is missing');
  return {
    bench: 'journal',
    ratios: {
      toOneTxPerEvent: rounded(single.cpuPerUnit / group.cpuPerUnit),
      eventsPerSecond: rounded(group.unitsPerSecond / single.unitsPerSecond),
    },
    figures: { p99Ms: group.p99Ms, eventsPerSecond: group.unitsPerSecond },
  };
}

function producers(name: string, produce: () => Promise<unknown>): Contender {
  return {
    name,
    async round(milliseconds) {
      const end = performance.now() + milliseconds;
      const latencies: number[] = [];
      const producer = async (): Promise<void> => {
        for (let now = performance.now(); now < end;) {
          await produce();
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
