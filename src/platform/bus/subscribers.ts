import type { Subscriber } from './bus.ts';

/** Who listens to what, in one process. */
export class Subscribers {
  readonly #topics = new Map<string, Set<Subscriber>>();

  /** @returns What removes it again. */
  add(topic: string, subscriber: Subscriber): AsyncDisposable {
    const own: Subscriber = {
      heard: (payload) => subscriber.heard(payload),
      missed: () => subscriber.missed?.(),
    };
    const all = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, all.add(own));
    return {
      [Symbol.asyncDispose]: async () => {
        all.delete(own);
        if (all.size === 0 && this.#topics.get(topic) === all) this.#topics.delete(topic);
      },
    };
  }

  tell(topic: string, payload: string): void {
    for (const subscriber of this.#topics.get(topic) ?? []) subscriber.heard(payload);
  }

  tellMissed(): void {
    for (const all of this.#topics.values()) for (const subscriber of all) subscriber.missed?.();
  }

  clear(): void {
    this.#topics.clear();
  }
}
