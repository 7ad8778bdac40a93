import type { Clock, Milliseconds } from '#base/time.ts';
import type { ConversationId } from '#domain/ids.ts';

/**
 * Those who wait for a conversation to change its owner. An agent who has accepted an offer may write
 * before this store has heard of it from the director.
 */
export class OwnerWaits {
  readonly #clock: Clock;
  readonly #waiting = new Map<ConversationId, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when the owner has changed, or after `longest`. */
  async wait(conversation: ConversationId, longest: Milliseconds): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(longest, resolve);
    const waiting = this.#waiting.get(conversation) ?? new Set();
    this.#waiting.set(conversation, waiting.add(resolve));
    await promise;
    timer[Symbol.dispose]();
    waiting.delete(resolve);
    if (waiting.size === 0) this.#waiting.delete(conversation);
  }

  changed(conversation: ConversationId): void {
    for (const resolve of this.#waiting.get(conversation) ?? []) resolve();
  }
}
