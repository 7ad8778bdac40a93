import { newId } from '#base/id.ts';
import type { Clock, Instant } from '#base/time.ts';
import type { EmailAddress } from '#domain/email/email.ts';
import { WorkItemId } from '#domain/ids.ts';
import type { Journal } from '#platform/journal/journal.ts';
import type { Change, DirectorCall, PlannedSubmission } from './changes.ts';
import type { EmailFact } from './contract.ts';
import type { Conversations } from './conversations.ts';
import { addressKey } from './rules/our-addresses.ts';
import { itemsOf, MOST_PARTICIPANTS } from './thread.ts';
import type { Head, Kept, StoredConversation, Thread } from './thread.ts';

export interface ThreadWriterParts {
  readonly clock: Clock;
  readonly journal: Journal<Change, EmailFact>;
  readonly conversations: Conversations;
  /** The director must hear this; it is in its outbox already. */
  readonly tellDirector: (call: DirectorCall) => void;
}

/** What happens to some conversations in one go: durable together or not at all. */
export class Deed {
  readonly threads = new Set<Thread>();
  readonly changes: Change[] = [];
  readonly facts: EmailFact[] = [];
  readonly calls: DirectorCall[] = [];
  readonly at: Instant;

  constructor(at: Instant) {
    this.at = at;
  }

  /** Notes how a conversation stands now; once for each, when all has been decided. */
  touch(thread: Thread): void {
    this.threads.add(thread);
  }

  call(call: DirectorCall): void {
    this.calls.push(call);
    this.changes.push({ type: 'director-call', at: this.at, call });
  }
}

/**
 * Changes conversations in memory, in one go, and makes the change durable together with its facts. What
 * does not become durable is forgotten: the tables know how it stands.
 */
export class ThreadWriter {
  readonly #parts: ThreadWriterParts;

  constructor(parts: ThreadWriterParts) {
    this.#parts = parts;
  }

  /** A deed that begins now. */
  begin(): Deed {
    return new Deed(this.#parts.clock.now());
  }

  /** Takes in a conversation that did not exist. */
  open(deed: Deed, thread: Thread): void {
    this.#parts.conversations.add(thread);
    deed.changes.push({ type: 'conversation-opened', stored: stateOf(thread) });
    const { id, interaction, mailbox, entryPoint, contact } = thread.head;
    deed.facts.push({
      type: 'conversation-opened',
      conversation: id,
      interaction,
      mailbox,
      ...(entryPoint && { entryPoint }),
      ...(contact && { contact }),
    });
    deed.touch(thread);
  }

  /** Changes what everybody sees of a conversation, and what only the tables do. */
  change(deed: Deed, thread: Thread, head: Partial<Head>, kept: Partial<Kept> = {}): void {
    const before = itemsOf(thread);
    thread.head = { ...thread.head, ...head };
    thread.kept = { ...thread.kept, ...kept };
    this.#parts.conversations.itemsChanged(thread, before);
    deed.touch(thread);
  }

  /** A pass through a queue begins. */
  enter(deed: Deed, thread: Thread, submission: PlannedSubmission): void {
    const workItem = WorkItemId.parse(newId(deed.at));
    this.change(deed, thread, {
      workItem,
      owner: undefined,
      queue: submission.queue,
      endedAt: undefined,
      endedBy: undefined,
    });
    thread.itemState = 'queued';
    thread.conferees = [];
    deed.call({ workItem, conversation: thread.head.id, call: 'submit', submission });
  }

  /** Everybody who wrote or was written to has a part in a conversation from now on. */
  join(deed: Deed, thread: Thread, people: readonly EmailAddress[]): void {
    const all = new Set(thread.kept.participants);
    for (const { address } of people) {
      const key = addressKey(address);
      if (key !== '' && all.size < MOST_PARTICIPANTS) all.add(key);
    }
    if (all.size > thread.kept.participants.length) {
      this.change(deed, thread, {}, { participants: [...all] });
    }
  }

  /** Resolves once all of it is durable; then the director is told. */
  async commit({ threads, changes, facts, calls, at }: Deed): Promise<void> {
    const { journal, conversations, tellDirector } = this.#parts;
    const states = [...threads].map((thread): Change => ({
      type: 'conversation-changed',
      stored: stateOf(thread),
    }));
    const written = journal.append({
      changes: [...changes, ...states],
      events: facts.map((body) => ({ at, body })),
    });
    for (const thread of threads) {
      thread.held++;
      thread.written = written;
    }
    try {
      await written;
    } catch (error) {
      for (const thread of threads) conversations.drop(thread);
      throw error;
    } finally {
      for (const thread of threads) thread.held--;
    }
    for (const call of calls) tellDirector(call);
  }
}

const stateOf = ({ head, kept, lastNumber, readNumber, formerly }: Thread): StoredConversation => ({
  conversation: { ...head, lastNumber, readNumber },
  kept,
  formerly,
});
