import { Pace } from './pace.ts';
import type { Clock, Milliseconds } from './time.ts';

export interface InBatchesOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** As many are read ahead, and make one batch. */
  readonly most: number;
  /** Batches begin so long after one another. */
  readonly apart: Milliseconds;
}

/**
 * Reads on while what was read is being worked on: one by one where little comes, and where much comes all
 * that has gathered.
 *
 * @param open Opens what is read; the signal aborts when nobody wants more.
 * @yields Batches of at least one, in order; what came before a failure is not lost.
 * @throws What the reading ended with.
 */
export async function* inBatches<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  { clock, signal, most, apart }: InBatchesOptions,
): AsyncGenerator<T[], void> {
  const life = new AbortController();
  const ends = AbortSignal.any([signal, life.signal]);
  const pace = new Pace(clock, apart);
  let gathered: T[] = [];
  let isOver = false;
  let news = Promise.withResolvers<void>();
  let room = Promise.withResolvers<void>();
  const read = async (): Promise<void> => {
    for await (const one of open(ends)) {
      gathered.push(one);
      news.resolve();
      if (gathered.length >= most) await room.promise;
      if (ends.aborted) return;
    }
  };
  const reading = read().finally(() => {
    isOver = true;
    news.resolve();
  });
  reading.catch(() => undefined); // told to whoever reads, below
  try {
    for (;;) {
      await news.promise;
      if (gathered.length > 0) await pace.turn(ends);
      const batch = gathered;
      gathered = [];
      if (!isOver) news = Promise.withResolvers();
      room.resolve();
      room = Promise.withResolvers();
      if (batch.length > 0) yield batch;
      else if (isOver) return await reading;
    }
  } finally {
    life.abort();
    room.resolve();
  }
}
