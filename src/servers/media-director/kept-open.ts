import { pause } from '#base/keep-trying.ts';
import type { Clock, Milliseconds } from '#base/time.ts';

export interface KeptOpenOptions {
  readonly clock: Clock;
  readonly open: () => Promise<AsyncDisposable>;
  readonly opened: () => void;
  /** Told why it could not be opened; it is tried again while it is wanted. */
  readonly failed: (error: unknown) => void;
}

const TRY_AGAIN_AFTER: Milliseconds = 250;

/** Something that is open while it is wanted. Opening and closing take time; the last word counts. */
export class KeptOpen implements AsyncDisposable {
  readonly #options: KeptOpenOptions;
  readonly #stop = new AbortController();
  #open: AsyncDisposable | undefined;
  #isWanted = false;
  #isWorking = false;
  #working: Promise<void> = Promise.resolve();

  constructor(options: KeptOpenOptions) {
    this.#options = options;
  }

  want(isWanted: boolean): void {
    if (this.#stop.signal.aborted) return;
    this.#isWanted = isWanted;
    if (!this.#isWorking) this.#working = this.#work();
  }

  /** Closes it for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.want(false);
    this.#stop.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { clock, open, opened, failed } = this.#options;
    this.#isWorking = true;
    while (this.#isWanted !== (this.#open !== undefined)) {
      try {
        if (this.#open) {
          const closing = this.#open;
          this.#open = undefined;
          await closing[Symbol.asyncDispose]();
        } else {
          this.#open = await open();
          opened();
        }
      } catch (error) {
        failed(error);
        await pause(clock, TRY_AGAIN_AFTER, this.#stop.signal);
      }
    }
    this.#isWorking = false;
  }
}
