import type { Call } from '#base/contract.ts';
import type { Milliseconds } from '#base/time.ts';

/** A call that is being answered. Its signal is made only when somebody looks at it: most never do. */
export class PendingCall implements Call {
  readonly role: string;
  /** On the monotonic clock; Infinity for a stream. */
  readonly deadline: Milliseconds;
  #controller: AbortController | undefined;
  #reason: unknown;
  #aborted = false;

  constructor(role: string, deadline: Milliseconds) {
    this.role = role;
    this.deadline = deadline;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  /** Tells whoever works on it that nobody waits for the answer any more. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
