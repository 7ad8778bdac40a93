import { PgBoss } from 'pg-boss';
import { PAYLOAD, Waiters } from './side.ts';
import type { Side } from './side.ts';

/**
 * `work()` looks for jobs twice a second at most; `fetch()` and `complete()` by hand, in batches and
 * without a pause while there is work, are the fastest that its documents offer.
 */
const SETTINGS = { max: 24, fetchers: 4, batchSize: 100 };

const QUEUE = 'hand-over';

/** pg-boss. Its fetchers are told by the producers that there is something, so that none ever waits for a poll. */
export async function openPgBossSide(url: string): Promise<Side> {
  await using life = new AsyncDisposableStack();
  const boss = new PgBoss({
    connectionString: url,
    max: SETTINGS.max,
    supervise: false,
    schedule: false,
  });
  boss.on('error', console.error);
  await boss.start();
  life.defer(() => boss.stop({ graceful: false }));
  await boss.createQueue(QUEUE);
  const done = new Waiters();
  const ending = new AbortController();
  let added = 0;
  let news = Promise.withResolvers<void>();
  const fetcher = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const before = added;
      const jobs = await boss.fetch<{ n: string }>(QUEUE, { batchSize: SETTINGS.batchSize });
      if (jobs.length === 0) {
        if (added === before) await news.promise;
        continue;
      }
      await boss.complete(
        QUEUE,
        jobs.map(({ id }) => id),
      );
      for (const { data } of jobs) done.tell(data.n, undefined);
    }
  };
  const fetchers = Array.from({ length: SETTINGS.fetchers }, fetcher);
  const tell = (): void => {
    added++;
    news.resolve();
    news = Promise.withResolvers();
  };
  life.defer(async () => {
    ending.abort();
    tell();
    await Promise.all(fetchers);
  });
  let last = 0;
  const parts = life.move();
  return {
    name: 'pg-boss',
    settings: JSON.stringify(SETTINGS),
    async handOver() {
      const n = String(++last);
      const completed = done.wait(n);
      await boss.send(QUEUE, { ...PAYLOAD, n });
      tell();
      await completed;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
