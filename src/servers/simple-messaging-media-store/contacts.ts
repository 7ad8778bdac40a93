import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { AgentId, ContactId, ConversationId } from '#domain/ids.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { contactDirectory } from '#servers/contact-directory/contract.ts';
import type { Conversations } from './conversations.ts';
import type { Messaging } from './messaging.ts';
import { contactAddress } from './rules/contact-address.ts';
import type { Tables } from './tables/tables.ts';
import type { Texts } from './texts.ts';
import type { Thread } from './thread.ts';

/** How soon those are matched whom the directory could not match at once, and how many in one go. */
const AGAIN_AFTER: Milliseconds = seconds(15);
const AT_ONCE = 200;
/** In the background there is time. */
const PATIENT: Milliseconds = seconds(10);

const STREAM = 'contact-directory';

export interface ContactsParts {
  readonly directory: Client<typeof contactDirectory>;
  readonly tables: Tables;
  readonly conversations: Conversations;
  readonly texts: Texts;
  readonly messaging: Messaging;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
  /** How long a new conversation waits for the directory before it is queued. */
  readonly matchTimeout: Milliseconds;
}

/** Who the customers are, as the contact directory knows them; and forgetting those it has erased. */
export class Contacts implements AsyncDisposable {
  readonly #parts: ContactsParts;
  readonly #life = new AbortController();
  readonly #running: Promise<unknown>;
  /** Whether somebody may be waiting for a match; the table is asked once after a start. */
  #hasUnmatched = true;

  constructor(parts: ContactsParts) {
    this.#parts = parts;
    const { clock, health } = parts;
    const { signal } = this.#life;
    const failed = (error: unknown): void =>
      health.report(STREAM, 'degraded', `Contacts are matched later: ${messageOf(error)}`);
    this.#running = Promise.all([
      keepTrying(() => this.#matchLater(signal), { clock, signal, failed }),
      keepTrying(() => this.#followErasures(signal), { clock, signal, failed }),
    ]);
  }

  /** The contact of a new conversation, if the directory says so in time; later it is matched all the same. */
  async contactOf(id: ConversationId): Promise<ContactId | undefined> {
    const thread = await this.#parts.conversations.find(id);
    if (!thread) return undefined;
    if (thread.conversation.contact ?? !thread.candidate) return thread.conversation.contact;
    try {
      return await this.#match(thread, this.#parts.matchTimeout);
    } catch (error) {
      if (!(error instanceof CallFailure)) throw error;
      this.#hasUnmatched = true;
      return undefined;
    }
  }

  /** Whose account a contact is, if the directory says so in time: nobody waits for a preference. */
  async accountOwnerOf(contact: ContactId): Promise<AgentId | undefined> {
    const { directory, matchTimeout } = this.#parts;
    const options = { timeout: matchTimeout, signal: this.#life.signal };
    return (await directory.call.accountOwner({ contact }, options)).agent;
  }

  /** Somebody said who they are after their conversation had begun. */
  lookAgain(): void {
    this.#hasUnmatched = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#running;
  }

  /**
   * Asks the directory, and keeps what it says.
   *
   * @throws {CallFailure} If it does not answer in time.
   */
  async #match(thread: Thread, timeout: Milliseconds): Promise<ContactId | undefined> {
    const { directory, messaging, tables, trace, health } = this.#parts;
    const { id, contact, customerName, channel, customerAddress } = thread.conversation;
    const { candidate, visitor } = thread;
    const address = contactAddress({ channel, customerName, customerAddress, visitor });
    if (contact || !candidate || !address) return contact;
    try {
      const answer = await directory.call.match(
        { address, name: customerName, otherwise: candidate },
        { timeout, signal: this.#life.signal },
      );
      health.report(STREAM, 'good');
      await messaging.matched(thread, answer.contact);
      return answer.contact;
    } catch (error) {
      if (error instanceof CallFailure) throw error;
      trace.warning('contact.refused', { conversation: id }, error);
      await tables.giveUpMatching(id);
      return undefined;
    }
  }

  async #matchLater(signal: AbortSignal): Promise<void> {
    const { tables, conversations, clock } = this.#parts;
    while (!signal.aborted) {
      await pause(clock, AGAIN_AFTER, signal);
      if (!this.#hasUnmatched || signal.aborted) continue;
      const waiting = await tables.unmatched(AT_ONCE);
      for (const id of waiting) {
        const thread = await conversations.find(id);
        if (thread && !signal.aborted) await this.#match(thread, PATIENT);
      }
      if (waiting.length < AT_ONCE) this.#hasUnmatched = false;
    }
  }

  async #followErasures(signal: AbortSignal): Promise<void> {
    const { directory, tables } = this.#parts;
    const since = (await tables.followed(STREAM)) ?? 0;
    for await (const { event, cursor } of directory.follow.changes({ since, signal })) {
      if (event.erased) await this.#erase(event.contact, cursor);
    }
  }

  async #erase(contact: ContactId, position: number): Promise<void> {
    const { tables, conversations, texts } = this.#parts;
    const erased = await tables.erase(contact, { stream: STREAM, position });
    texts.clear();
    for (const id of erased) {
      const thread = conversations.peek(id);
      if (!thread) continue;
      const {
        language: _language,
        page: _page,
        customerAddress: _address,
        ...rest
      } = thread.conversation;
      thread.conversation = { ...rest, customerName: '' };
    }
  }
}
