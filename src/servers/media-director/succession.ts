import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '#base/refusal.ts';
import { seconds, type Milliseconds } from '#base/time.ts';
import type { Tenure } from './tenure.ts';

export interface SuccessionOptions {
  /** Opens the next tenure. */
  readonly open: (signal: AbortSignal) => Promise<Tenure>;
  /** Told why a tenure ended, or why the next could not begin. */
  readonly ended: (reason: unknown) => void;
  readonly began: (tenure: Tenure) => void;
}

const PAUSE: Milliseconds = 250;
const LONGEST_PAUSE: Milliseconds = seconds(5);

/** Whoever asks meanwhile waits so long for the next tenure. */
const PATIENCE: Milliseconds = seconds(8);

/** One tenure after the other: what a failure makes void is read again from what is durable. */
export class Succession implements AsyncDisposable {
  readonly #options: SuccessionOptions;
  readonly #stop = new AbortController();
  #current: Tenure | undefined;
  #next = Promise.withResolvers<Tenure>();
  #renew: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();

  private constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  /** Resolves once the first tenure decides. @throws What kept it from beginning. */
  static async begin(options: SuccessionOptions): Promise<Succession> {
    const succession = new Succession(options);
    const first = await options.open(succession.#stop.signal);
    succession.#running = succession.#run(first);
    return succession;
  }

  /** The present tenure, or nothing between two. */
  get present(): Tenure | undefined {
    return this.#current;
  }

  /** The present tenure; between two, waits for the next. @throws {Refusal} `busy` when that takes long. */
  async current(signal?: AbortSignal): Promise<Tenure> {
    if (this.#current) return this.#current;
    const late = AbortSignal.timeout(PATIENCE);
    const enough = signal ? AbortSignal.any([signal, late]) : late;
    const gaveUp = Promise.withResolvers<never>();
    const stop = (): void =>
      gaveUp.reject(new Refusal('busy', 'Cannot decide this now: the director has not begun yet'));
    enough.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([this.#next.promise, gaveUp.promise]);
    } finally {
      enough.removeEventListener('abort', stop);
    }
  }

  /** Ends the present tenure; another follows. */
  renew(): void {
    this.#renew?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('Cannot begin: the director ends'));
    await this.#running;
  }

  async #run(first: Tenure): Promise<void> {
    const { signal } = this.#stop;
    let tenure: Tenure | undefined = first;
    for (let pause = PAUSE; !signal.aborted;) {
      if (tenure) {
        pause = PAUSE;
        await this.#reign(tenure);
      }
      tenure = undefined;
      try {
        if (signal.aborted) return;
        tenure = await this.#options.open(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.ended(error);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
    await tenure?.[Symbol.asyncDispose]();
  }

  async #reign(tenure: Tenure): Promise<void> {
    const { signal } = this.#stop;
    const asked = Promise.withResolvers<unknown>();
    const stop = (): void => asked.resolve(undefined);
    this.#renew = () => asked.resolve(new Error('Cannot go on: everything is to be read anew'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.#current = tenure;
    this.#next.resolve(tenure);
    this.#options.began(tenure);
    const reason = await Promise.race([tenure.over, asked.promise]);
    signal.removeEventListener('abort', stop);
    this.#current = undefined;
    this.#next = Promise.withResolvers();
    if (reason !== undefined) this.#options.ended(reason);
    await tenure[Symbol.asyncDispose]();
  }
}
