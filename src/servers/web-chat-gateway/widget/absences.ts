import type { Client } from '#base/contract.ts';
import { Refusal } from '#base/refusal.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { ConversationId } from '#domain/ids.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { simpleMessagingMediaStore } from '#servers/simple-messaging-media-store/contract.ts';
import { hasLeft } from '../rules/has-left.ts';

/** More than this are not watched: a conversation that nobody watches simply stays in its queue. */
const MOST_ABSENT = 100_000;

export interface AbsencesParts {
  readonly store: Client<typeof simpleMessagingMediaStore>;
  readonly clock: Clock;
  readonly trace: Trace;
  /** How long a customer may be away before a conversation that nobody has answered is given up. */
  readonly leaveAfter: Milliseconds;
}

/** Customers whose last tab is gone, and since when. Who does not come back has left the queue. */
export class Absences {
  readonly #parts: AbsencesParts;
  /** Oldest first. */
  readonly #since = new Map<ConversationId, Milliseconds>();

  constructor(parts: AbsencesParts) {
    this.#parts = parts;
  }

  gone(conversation: ConversationId): void {
    if (this.#since.size >= MOST_ABSENT) return;
    this.#since.set(conversation, this.#parts.clock.monotonic());
  }

  back(conversation: ConversationId): void {
    this.#since.delete(conversation);
  }

  /** Ends what nobody has answered and nobody waits for any more. */
  async sweep(): Promise<void> {
    const { clock, leaveAfter, trace } = this.#parts;
    for (const [conversation, since] of this.#since) {
      if (clock.monotonic() - since < leaveAfter) return;
      this.#since.delete(conversation);
      try {
        await this.#endIfLeft(conversation);
      } catch (error) {
        if (error instanceof Refusal) continue; // it never became a conversation
        trace.debug('absence.unsettled', { conversation });
        this.gone(conversation); // the store is away: again later
        return;
      }
    }
  }

  async #endIfLeft(conversation: ConversationId): Promise<void> {
    const { store, trace } = this.#parts;
    const { conversation: head, messages } = await store.call.read({ conversation, since: 0 });
    if (!hasLeft(head, messages) || this.#since.has(conversation)) return;
    trace.info('customer.left', { conversation });
    await store.call.end({ conversation });
  }
}
