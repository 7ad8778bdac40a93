import type { CallFailure } from '#base/call-failure.ts';
import type { Call } from '#base/contract.ts';
import type { Milliseconds } from '#base/time.ts';

/** Why calls were aborted, for as long as somebody holds the reason. */
const reasons = new WeakSet<CallFailure>();

/** Whether an implementation failed only because nobody waits for its answer any more, as its signal said. */
export function wasAborted(error: unknown): error is CallFailure {
  return reasons.has(error as CallFailure);
}

/** A call that is being answered. Its signal is made only when somebody looks at it: most never do. */
export class PendingCall implements Call {
  readonly role: string;
  /** On the monotonic clock; Infinity for a stream. */
  readonly deadline: Milliseconds;
  #controller: AbortController | undefined;
  #reason: CallFailure | undefined;
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
  abort(reason: CallFailure): void {
    if (this.#aborted) return;
    this.#aborted = true;
    reasons.add(reason);
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
