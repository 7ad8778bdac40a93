import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { PAYLOAD, Waiters } from './side.ts';
import type { Side } from './side.ts';

/** What its page on performance calls the fastest: worker.graphile.org/docs/performance. */
const WORKER = {
  concurrentJobs: 24,
  maxPoolSize: 25,
  localQueue: { size: 500 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
};

/** Enough for the producers, and no more: each further one costs the server memory and switches. */
const PRODUCERS_POOL = 16;

/**
 * graphile-worker. A job counts as handed over when its task is done; in batches its completion becomes
 * durable a moment later, which is to its advantage.
 */
export async function openGraphileWorkerSide(url: string): Promise<Side> {
  await using life = new AsyncDisposableStack();
  const logger = new Logger(() => () => undefined);
  const done = new Waiters();
  const pool = new pg.Pool({ connectionString: url, max: PRODUCERS_POOL });
  life.defer(() => pool.end());
  const producer = await makeWorkerUtils({ pgPool: pool, logger });
  life.defer(() => producer.release());
  const runner = await run({
    logger,
    preset: { worker: { connectionString: url, ...WORKER } },
    noHandleSignals: true,
    taskList: {
      handOver: async (payload) => done.tell((payload as { n: string }).n, undefined),
    },
  });
  life.defer(() => runner.stop());
  let last = 0;
  const parts = life.move();
  return {
    name: 'graphile-worker',
    settings: `${JSON.stringify(WORKER)}, producers' pool ${PRODUCERS_POOL}`,
    async handOver() {
      const n = String(++last);
      const completed = done.wait(n);
      await producer.addJob('handOver', { ...PAYLOAD, n });
      await completed;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}
