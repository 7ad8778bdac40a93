import { setTimeout as sleep } from 'node:timers/promises';
import { Refusal } from '#base/refusal.ts';
import { seconds, type Milliseconds } from '#base/time.ts';
import type { Tenure } from './tenure.ts';

export interface SuccessionOptions {
  /** Opens the next tenure; says so where it has to wait for somebody else's to end. */
  readonly open: (signal: AbortSignal, standsBy: () => void) => Promise<Tenure>;
  /** Told why a tenure ended, or why the next could not begin. */
  readonly ended: (reason: unknown) => void;
  readonly began: (tenure: Tenure) => void;
  readonly standsBy: () => void;
}

const PAUSE: Milliseconds = 250;
const LONGEST_PAUSE: Milliseconds = seconds(2);

/** Whoever asks meanwhile waits so long for the next tenure. */
const PATIENCE: Milliseconds = seconds(8);

/** One tenure after the other: what a failure makes void is read again from what is durable. */
export class Succession implements AsyncDisposable {
  readonly #options: SuccessionOptions;
  readonly #stop = new AbortController();
  #current: Tenure | undefined;
  #next = Promise.withResolvers<Tenure>();
  #renew: (reason: unknown) => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: SuccessionOptions) {
    this.#options = options;
  }

  /** Resolves once the first tenure decides, or waits for another director's to end. @throws What kept it from beginning. */
  async begin(): Promise<void> {
    const begun = Promise.withResolvers<void>();
    this.#running = this.#run(begun);
    await begun.promise;
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

  /** Ends the present tenure, or the waiting for it, and forgets what it knows; another follows. */
  renew(): void {
    this.#renew(new Error('Cannot go on: everything is to be read anew'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('Cannot begin: the director ends'));
    await this.#running;
  }

  /** @param begun Settled by how it begins; only then failures are tried again. */
  async #run(begun: PromiseWithResolvers<void>): Promise<void> {
    const { signal } = this.#stop;
    let hasBegun = false;
    const begin = (): void => {
      hasBegun = true;
      begun.resolve();
    };
    for (let pause = PAUSE; !signal.aborted;) {
      try {
        const tenure = await this.#open(begin);
        begin();
        pause = PAUSE;
        await this.#reign(tenure);
      } catch (error) {
        if (!hasBegun) return begun.reject(error);
        if (signal.aborted) return;
        this.#options.ended(error);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
    begun.reject(signal.reason);
  }

  #open(begin: () => void): Promise<Tenure> {
    const anew = new AbortController();
    this.#renew = (reason) => anew.abort(reason);
    return this.#options.open(AbortSignal.any([this.#stop.signal, anew.signal]), () => {
      this.#options.standsBy();
      begin();
    });
  }

  async #reign(tenure: Tenure): Promise<void> {
    const { signal } = this.#stop;
    const asked = Promise.withResolvers<unknown>();
    const stop = (): void => asked.resolve(undefined);
    this.#renew = asked.resolve;
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
