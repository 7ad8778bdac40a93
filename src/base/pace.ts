import { pause } from './keep-trying.ts';
import type { Clock, Milliseconds } from './time.ts';

/**
 * Keeps the beginnings of something at least so long apart: in quiet times nothing waits, and in busy ones
 * what gathers meanwhile is done together.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #apart: Milliseconds;
  #next: Milliseconds = -Infinity;

  constructor(clock: Clock, apart: Milliseconds) {
    this.#clock = clock;
    this.#apart = apart;
  }

  /** Resolves when it may begin once more, or at once when the signal aborts. One at a time may wait. */
  async turn(signal: AbortSignal): Promise<void> {
    const left = this.#next - this.#clock.monotonic();
    if (left > 0) await pause(this.#clock, left, signal);
    this.#next = this.#clock.monotonic() + this.#apart;
  }
}
