import { Worker } from 'node:worker_threads';
import { minutes, type Clock } from '#base/time.ts';
import type { Explanation } from '#domain/work-item/explanation.ts';
import type { Policy } from '../rules/director-state.ts';
import type { Archive } from './archive.ts';
import type { Question, Unknown } from './explain.ts';
import type { Ask, FromWorker, ToWorker } from './worker-messages.ts';

export interface ExplainingThreadOptions {
  readonly archive: Archive;
  readonly policy: Policy;
  readonly clock: Clock;
}

/** A thread that nobody asks gives its memory back. */
const IDLE = minutes(1);

/**
 * Explains in a thread of its own, which is there while it is asked: whatever a past of a hundred
 * thousand contacts takes, the director goes on offering. This thread only hands rows on.
 */
export class ExplainingThread implements AsyncDisposable {
  readonly #options: ExplainingThreadOptions;
  readonly #asked = new Map<number, PromiseWithResolvers<Explanation | Unknown>>();
  #worker: Worker | undefined;
  #idle: Disposable | undefined;
  #last = 0;

  constructor(options: ExplainingThreadOptions) {
    this.#options = options;
  }

  /** @returns What is unknown, where nothing is known of it. @throws The signal's reason. */
  async explain(question: Question, signal: AbortSignal): Promise<Explanation | Unknown> {
    signal.throwIfAborted();
    const { policy, clock } = this.#options;
    const id = ++this.#last;
    const asked = Promise.withResolvers<Explanation | Unknown>();
    this.#asked.set(id, asked);
    this.#idle?.[Symbol.dispose]();
    const worker = (this.#worker ??= this.#start());
    const cancel = (): void => {
      send(worker, { type: 'cancel', id });
      asked.reject(signal.reason);
    };
    signal.addEventListener('abort', cancel, { once: true });
    send(worker, { type: 'explain', id, question, policy, now: clock.now() });
    try {
      return await asked.promise;
    } finally {
      signal.removeEventListener('abort', cancel);
      this.#asked.delete(id);
      if (this.#asked.size === 0) {
        this.#idle = clock.after(IDLE, () => void this.#end());
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#idle?.[Symbol.dispose]();
    await this.#end();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./explain-worker.ts', import.meta.url));
    worker.on('message', (message: FromWorker) => void this.#hear(worker, message));
    worker.on('error', (error) => this.#lost(worker, error));
    worker.on('exit', () => this.#lost(worker, new Error('Cannot explain: the thread has ended')));
    worker.unref();
    return worker;
  }

  async #hear(worker: Worker, message: FromWorker): Promise<void> {
    const { type, id } = message;
    if (type === 'explained') this.#asked.get(id)?.resolve(message.explanation);
    else if (type === 'failed') this.#asked.get(id)?.reject(new Error(message.error));
    else {
      try {
        send(worker, { type: 'found', id, value: await this.#find(message) });
      } catch (error) {
        const { message: why } = error as Error;
        send(worker, { type: 'found', id, error: why });
      }
    }
  }

  #find({ method, args }: Ask): Promise<unknown> {
    const { archive } = this.#options;
    const find = archive[method] as (...all: readonly unknown[]) => Promise<unknown>;
    return find.apply(archive, args);
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    for (const asked of this.#asked.values()) asked.reject(error);
  }
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
