import { Worker } from 'node:worker_threads';
import { minutes, seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { MessageReading } from './read-message.ts';
import { pack, unpack } from './thread-messages.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** What was read of a small message, with the bytes of its files. */
export interface SmallReading {
  readonly reading: MessageReading;
  readonly files: readonly Buffer[];
}

/** The thread was brought down, or was ended because it took too long: by what it was reading. */
export class ReaderDownError extends Error {
  override readonly name = 'ReaderDownError';
}

/** There is no thread, and no message is to blame for it. */
export class NoReaderError extends Error {
  override readonly name = 'NoReaderError';
}

/** A message of any size is read in a fraction of a second; a busy machine takes longer. */
const PATIENCE = seconds(20);
/** For all of a large one, without the time that others take to bring it and to write its files. */
const PATIENCE_IN_ALL = minutes(3);
const START_PATIENCE = seconds(60);

/** Enough for the texts of any message; what streams by is not in it. */
const HEAP_MEGABYTES = 192;

/** One is read while the next is on its way. */
const BATCHES_UNDER_WAY = 2;

export interface ThreadedReaderOptions {
  readonly clock: Clock;
  /** How long it may be silent over what it was given (default 20 s). */
  readonly patience?: Milliseconds;
  /** Megabytes for its texts (default 192). */
  readonly heap?: number;
}

/** Something that the thread was given. */
interface Job {
  /** How long it may be silent over this. */
  watch?: Disposable | undefined;
  /** @returns Whether the job is done. */
  heard(message: FromThread): boolean;
  failed(error: Error): void;
}

/**
 * Reads messages in a thread with bounds in time and memory. A message that breaks them ends the thread, and all that
 * it was given: the next one has a new thread.
 */
export class ThreadedReader implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #patience: Milliseconds;
  readonly #heap: number;
  #thread: Promise<Worker> | undefined;
  #worker: Worker | undefined;
  /** In the order in which they are answered. */
  #batches: Job[] = [];
  #large: Job | undefined;
  readonly #waitingBatches: (() => void)[] = [];
  readonly #waitingLarge: (() => void)[] = [];
  #closed = false;

  constructor({ clock, patience = PATIENCE, heap = HEAP_MEGABYTES }: ThreadedReaderOptions) {
    this.#clock = clock;
    this.#patience = patience;
    this.#heap = heap;
  }

  /**
   * Reads small messages, all of which are in memory; also while a large one streams by.
   *
   * @throws {ReaderDownError} What the thread was reading brought it down: what, shows when each is read alone.
   * @throws {NoReaderError} Try again later.
   */
  batch(messages: readonly Uint8Array[]): Promise<SmallReading[]> {
    const { promise, resolve, reject } = Promise.withResolvers<SmallReading[]>();
    const packed = pack(messages);
    const job: Job = {
      heard(message) {
        if (message.type !== 'batch') return false;
        const files = unpack(message.files);
        resolve(
          message.readings.map(({ reading, files: count }) => ({
            reading,
            files: files.splice(0, count),
          })),
        );
        return true;
      },
      failed: reject,
    };
    this.#waitingBatches.push(() => {
      this.#batches.push(job);
      this.#tell(job, { type: 'batch', messages: packed }, [packed.bytes]);
    });
    this.#next();
    return promise;
  }

  /**
   * Reads a message of any size, asking for it piece by piece.
   *
   * @param take Takes pieces of files, in order; the next comes once it resolves.
   * @throws {ReaderDownError} @throws {NoReaderError} @throws What `raw` or `take` throw.
   */
  large(
    raw: AsyncIterable<Uint8Array>,
    take: (file: number, bytes: Buffer) => Promise<void>,
  ): Promise<MessageReading> {
    const { promise, resolve, reject } = Promise.withResolvers<MessageReading>();
    const pieces = raw[Symbol.asyncIterator]();
    let spent = 0;
    let asked = this.#clock.monotonic();
    /** Does our part, while the thread waits and its time stands still. */
    const meanwhile = (work: Promise<ToThread>): void => {
      job.watch?.[Symbol.dispose]();
      spent += this.#clock.monotonic() - asked;
      const late = spent > PATIENCE_IN_ALL;
      if (late) return void this.#end(new ReaderDownError('Cannot read it: it takes too long'));
      work.then(
        (answer) => {
          asked = this.#clock.monotonic();
          return this.#tell(job, answer, answer.type === 'piece' ? [answer.bytes] : []);
        },
        (error: unknown) => {
          reject(error); // not the thread's fault, which waits for us in vain all the same
          void this.#end(new ReaderDownError('Cannot read it to its end', { cause: error }));
        },
      );
    };
    const job: Job = {
      heard(message) {
        if (message.type === 'more') meanwhile(nextPiece(pieces));
        if (message.type === 'file') {
          const taking = take(message.file, Buffer.from(message.bytes));
          meanwhile(taking.then(() => ({ type: 'taken' })));
        }
        if (message.type === 'read') resolve(message.reading);
        return message.type === 'read';
      },
      failed: reject,
    };
    this.#waitingLarge.push(() => {
      this.#large = job;
      asked = this.#clock.monotonic();
      this.#tell(job, { type: 'begin' }, []);
    });
    this.#next();
    return promise.finally(() => void pieces.return?.());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#end(new NoReaderError('Cannot read messages: it is being stopped'));
  }

  /** Gives the thread what waits, as far as there is room. */
  #next(): void {
    while (this.#batches.length < BATCHES_UNDER_WAY) {
      const begin = this.#waitingBatches.shift();
      if (!begin) break;
      begin();
    }
    if (!this.#large) this.#waitingLarge.shift()?.();
  }

  #isUnderWay(job: Job): boolean {
    return this.#large === job || this.#batches.includes(job);
  }

  #tell(job: Job, message: ToThread, moved: ArrayBuffer[]): void {
    if (this.#closed) return job.failed(new NoReaderError('Cannot read messages: it is stopped'));
    const thread = (this.#thread ??= this.#start());
    thread.then(
      (worker) => {
        if (thread !== this.#thread || !this.#isUnderWay(job)) return undefined;
        worker.postMessage(message, moved);
        return job === this.#large || job === this.#batches[0] ? this.#watch(job) : undefined;
      },
      (error: unknown) => {
        if (thread === this.#thread) void this.#end(asNoReader(error));
      },
    );
  }

  #watch(job: Job): void {
    job.watch?.[Symbol.dispose]();
    job.watch = this.#clock.after(
      this.#patience,
      () => void this.#end(new ReaderDownError('Cannot read it: it takes too long')),
    );
  }

  #heard(message: FromThread): void {
    const isOfBatch = message.type === 'batch';
    const job = isOfBatch ? this.#batches[0] : this.#large;
    if (!job?.heard(message)) return;
    job.watch?.[Symbol.dispose]();
    if (!isOfBatch) this.#large = undefined;
    else {
      this.#batches.shift();
      const [next] = this.#batches;
      if (next) this.#watch(next);
    }
    this.#next();
  }

  async #start(): Promise<Worker> {
    const worker = new Worker(new URL('./parsing-thread.ts', import.meta.url), {
      resourceLimits: {
        maxOldGenerationSizeMb: this.#heap,
        maxYoungGenerationSizeMb: 16,
        stackSizeMb: 4,
      },
      name: 'mail parser',
    });
    worker.unref();
    this.#worker = worker;
    const { promise, resolve, reject } = Promise.withResolvers<Worker>();
    let isReady = false;
    const late = this.#clock.after(START_PATIENCE, () => {
      reject(new NoReaderError('Cannot start a thread to read messages: it takes too long'));
    });
    const gone = (error: unknown): void => {
      reject(asNoReader(error));
      if (this.#worker === worker) void this.#end(isReady ? downBy(error) : asNoReader(error));
    };
    worker.on('message', (message: FromThread) => {
      if (message.type === 'ready') {
        isReady = true;
        resolve(worker);
      } else if (this.#worker === worker) this.#heard(message);
    });
    worker.on('error', gone);
    worker.on('exit', (code) => gone(new Error(`it ended (${code})`)));
    await promise.finally(() => late[Symbol.dispose]());
    return worker;
  }

  /** Ends the thread with all that it was given; what waited is begun with another. */
  async #end(error: Error): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#thread = undefined;
    const jobs = [...this.#batches, ...(this.#large ? [this.#large] : [])];
    this.#batches = [];
    this.#large = undefined;
    for (const job of jobs) {
      job.watch?.[Symbol.dispose]();
      job.failed(error);
    }
    await worker?.terminate();
    this.#next();
  }
}

async function nextPiece(pieces: AsyncIterator<Uint8Array>): Promise<ToThread> {
  const { value, done } = await pieces.next();
  return done ? { type: 'end' } : { type: 'piece', bytes: pack([value]).bytes };
}

const asNoReader = (error: unknown): NoReaderError =>
  error instanceof NoReaderError
    ? error
    : new NoReaderError('Cannot start a thread to read messages', { cause: error });

const downBy = (error: unknown): ReaderDownError =>
  new ReaderDownError('Cannot read it: reading it brought the parser down', { cause: error });
