import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { AgentId, ConversationId } from '#domain/ids.ts';
import type { Writing } from './contract.ts';

/** A sign that is not renewed ends: whoever writes says so again every few seconds. */
const LASTS: Milliseconds = seconds(30);
const SWEEP_EVERY: Milliseconds = seconds(1);
/** At most so many write in one conversation, and conversations are written in at once; further ones go unseen. */
const MOST_WRITERS = 50;
const MOST_CONVERSATIONS = 50_000;
/** What a reader has not fetched; the oldest goes, it is of the past anyway. */
const MOST_UNREAD = 1_000;

/** Who is writing an answer now: signs of the moment, never stored. */
export class WritingSigns implements AsyncDisposable {
  readonly #clock: Clock;
  /** Until when, by conversation and agent. */
  readonly #signs = new Map<ConversationId, Map<AgentId, Milliseconds>>();
  readonly #readers = new Set<{ unread: Writing[]; wake: () => void }>();
  #sweep: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Who writes in a conversation, in the order in which they began. */
  writers(conversation: ConversationId): AgentId[] {
    return [...(this.#signs.get(conversation)?.keys() ?? [])];
  }

  say(conversation: ConversationId, agent: AgentId, writing: boolean): void {
    const signs = this.#signs.get(conversation) ?? new Map<AgentId, Milliseconds>();
    const isNews = signs.has(agent) !== writing;
    if (!writing) {
      signs.delete(agent);
      if (signs.size === 0) this.#signs.delete(conversation);
    } else {
      const isFull = signs.size >= MOST_WRITERS || this.#signs.size >= MOST_CONVERSATIONS;
      if (isNews && isFull) return;
      this.#signs.set(conversation, signs.set(agent, this.#clock.monotonic() + LASTS));
      this.#sweepLater();
    }
    if (isNews) this.#announce(conversation);
  }

  /**
   * Who writes from now on, until the signal.
   *
   * @yields All who write in a conversation, whenever that changes.
   */
  async *follow(signal: AbortSignal): AsyncGenerator<Writing> {
    const reader = { unread: [] as Writing[], wake: (): void => undefined };
    const stop = (): void => reader.wake();
    signal.addEventListener('abort', stop, { once: true });
    this.#readers.add(reader);
    try {
      while (!signal.aborted) {
        yield* reader.unread.splice(0);
        if (reader.unread.length > 0 || signal.aborted) continue;
        await new Promise<void>((resolve) => (reader.wake = resolve));
      }
    } finally {
      this.#readers.delete(reader);
      signal.removeEventListener('abort', stop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sweep?.[Symbol.dispose]();
    this.#signs.clear();
  }

  #announce(conversation: ConversationId): void {
    const writing = { conversation, writers: this.writers(conversation) };
    for (const reader of this.#readers) {
      if (reader.unread.length >= MOST_UNREAD) reader.unread.shift();
      reader.unread.push(writing);
      reader.wake();
    }
  }

  #sweepLater(): void {
    this.#sweep ??= this.#clock.after(SWEEP_EVERY, () => {
      this.#sweep = undefined;
      const now = this.#clock.monotonic();
      for (const [conversation, signs] of this.#signs) {
        for (const [agent, until] of signs) if (until <= now) this.say(conversation, agent, false);
      }
      if (this.#signs.size > 0) this.#sweepLater();
    });
  }
}
