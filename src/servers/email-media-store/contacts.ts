import { CallFailure } from '#base/call-failure.ts';
import type { Client } from '#base/contract.ts';
import { messageOf } from '#base/failure.ts';
import { keepTrying, pause } from '#base/keep-trying.ts';
import { seconds } from '#base/time.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { AgentId, ContactId } from '#domain/ids.ts';
import type { Health } from '#platform/platform.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { contactDirectory } from '#servers/contact-directory/contract.ts';
import type { Conversations } from './conversations.ts';
import type { ConversationTables } from './tables/conversations.ts';
import type { Thread } from './thread.ts';
import type { ThreadWriter } from './thread-writer.ts';

/** How soon those are matched whom the directory could not match at once, and how many in one go. */
const AGAIN_AFTER: Milliseconds = seconds(15);
const AT_ONCE = 200;
/** In the background there is time. */
const PATIENT: Milliseconds = seconds(10);

const STREAM = 'contact-directory';

export interface ContactsParts {
  readonly directory: Client<typeof contactDirectory>;
  readonly tables: Pick<ConversationTables, 'followed' | 'unmatched' | 'erase'>;
  readonly conversations: Conversations;
  readonly writer: ThreadWriter;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly health: Health;
  /** How long work waits for the directory before it is queued. */
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

  /** The contact of a conversation, if the directory says so in time; later it is matched all the same. */
  async contactOf(thread: Thread): Promise<ContactId | undefined> {
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
    const { directory, trace, health } = this.#parts;
    const { id, contact, customer } = thread.head;
    const { candidate } = thread.kept;
    if (contact || !candidate) return contact;
    try {
      const answer = await directory.call.match(
        {
          address: { kind: 'email', value: customer.address },
          name: customer.name || customer.address,
          otherwise: candidate,
        },
        { timeout, signal: this.#life.signal },
      );
      health.report(STREAM, 'good');
      await this.#matched(thread, answer.contact);
      return answer.contact;
    } catch (error) {
      if (error instanceof CallFailure) throw error;
      trace.warning('contact.refused', { conversation: id }, error);
      await this.#giveUp(thread);
      return undefined;
    }
  }

  async #matched(thread: Thread, contact: ContactId): Promise<void> {
    const { writer } = this.#parts;
    if (thread.head.contact === contact) return;
    const deed = writer.begin();
    writer.change(deed, thread, { contact });
    deed.facts.push({ type: 'contact-matched', conversation: thread.head.id, contact });
    await writer.commit(deed);
  }

  /** The directory will never match it: its address is none it takes. */
  async #giveUp(thread: Thread): Promise<void> {
    const { writer } = this.#parts;
    const deed = writer.begin();
    writer.change(deed, thread, {}, { candidate: undefined });
    await writer.commit(deed);
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
    const { tables, conversations } = this.#parts;
    for (const id of await tables.erase(contact, { stream: STREAM, position })) {
      const thread = conversations.peek(id);
      if (!thread) continue;
      const { language: _language, ...rest } = thread.head;
      thread.head = { ...rest, customer: { name: '', address: '' }, subject: '' };
      thread.kept = { ...thread.kept, erased: true, participants: [] };
    }
  }
}
