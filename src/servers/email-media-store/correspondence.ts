import type { ChangeWaits } from '#base/change-waits.ts';
import { Refusal } from '#base/refusal.ts';
import { seconds } from '#base/time.ts';
import type { Milliseconds } from '#base/time.ts';
import type { Email, EmailAddress, EmailConversation } from '#domain/email/email.ts';
import type { AgentId, ConversationId, EmailId } from '#domain/ids.ts';
import type { EmailFact } from './contract.ts';
import type { Conversations } from './conversations.ts';
import { candidateFor, newThread } from './mail-as-email.ts';
import type { Beginning, Correspondence, FiledEmail } from './out/correspondence.ts';
import type { OutChange, OutgoingEmail } from './out/outgoing.ts';
import { unknownConversation } from './refusals.ts';
import { addressKey } from './rules/our-addresses.ts';
import { emailOf } from './tables/emails.ts';
import type { EmailTables } from './tables/emails.ts';
import { deliveryOf } from './tables/outbox.ts';
import type { OutboxTables } from './tables/outbox.ts';
import { conversationOf, whileHeld } from './thread.ts';
import type { StoredEmail, Thread } from './thread.ts';
import type { Deed, ThreadWriter } from './thread-writer.ts';

/** How long an agent's e-mail waits for the director's word that the conversation is theirs. */
const OWNER_WAIT: Milliseconds = seconds(1);

export interface CorrespondenceParts {
  readonly conversations: Conversations;
  readonly emails: EmailTables;
  readonly outbox: OutboxTables;
  readonly writer: ThreadWriter;
  readonly ownerWaits: ChangeWaits<ConversationId>;
}

/** The conversations as writing and sending know them. */
export class KeptCorrespondence implements Correspondence {
  readonly #parts: CorrespondenceParts;
  /** E-mails on their way into their conversation: the same handed in twice is filed once. */
  readonly #filing = new Map<EmailId, Promise<Email>>();

  constructor(parts: CorrespondenceParts) {
    this.#parts = parts;
  }

  async conversation(id: ConversationId): Promise<EmailConversation | undefined> {
    const thread = await this.#parts.conversations.find(id);
    if (!thread) return undefined;
    const conversation = conversationOf(thread);
    await thread.written;
    return conversation;
  }

  async filed(id: EmailId): Promise<FiledEmail | undefined> {
    const stored = await this.#parts.emails.email(id);
    return stored?.conversation ? this.#filed(stored) : undefined;
  }

  async newest(id: ConversationId): Promise<FiledEmail | undefined> {
    const thread = await this.#parts.conversations.find(id);
    await thread?.written;
    const stored = thread && (await this.#parts.emails.newest(thread.head.id));
    return stored && this.#filed(stored);
  }

  async begin(beginning: Beginning): Promise<EmailConversation> {
    const { conversations, writer } = this.#parts;
    const { conversation: id, agent, interaction, mailbox, queue, contact, language } = beginning;
    const known = (await conversations.find(id)) ?? conversations.peek(id);
    if (!known) {
      const deed = writer.begin();
      const thread = newThread({
        id,
        interaction,
        mailbox,
        queue,
        contact,
        customer: { name: '', address: '' },
        subject: '',
        language,
        openedAt: deed.at,
      });
      thread.kept = { ...thread.kept, lastOwner: agent };
      writer.open(deed, thread);
      await writer.commit(deed);
    }
    const begun = await this.conversation(id);
    if (!begun) throw unknownConversation(id);
    return begun;
  }

  async file(
    email: OutgoingEmail,
    changes: readonly OutChange[],
    allowed: (conversation: EmailConversation) => void,
  ): Promise<Email> {
    const under = this.#filing.get(email.id);
    if (under) return under;
    const filing = this.#file(email, changes, allowed).finally(() => this.#filing.delete(email.id));
    this.#filing.set(email.id, filing);
    return filing;
  }

  async commit(changes: readonly OutChange[], facts: readonly EmailFact[]): Promise<void> {
    const { writer } = this.#parts;
    const deed = writer.begin();
    deed.changes.push(...changes.map((change) => ({ type: 'out', change }) as const));
    // in the same moment: what changes one e-mail becomes durable in the order in which it was said
    deed.facts.push(...facts.map((fact) => this.#now(fact)));
    await writer.commit(deed);
  }

  /** A fact of an e-mail whose conversation has gone on in another since it left. */
  #now(fact: EmailFact): EmailFact {
    if (fact.type !== 'delivery-changed') return fact;
    const thread = this.#parts.conversations.peek(fact.conversation);
    return thread ? { ...fact, conversation: thread.head.id } : fact;
  }

  async #file(
    email: OutgoingEmail,
    changes: readonly OutChange[],
    allowed: (conversation: EmailConversation) => void,
  ): Promise<Email> {
    const { conversations, ownerWaits } = this.#parts;
    const thread = await conversations.find(email.conversation);
    if (!thread) throw unknownConversation(email.conversation);
    return whileHeld(thread, async () => {
      const known = await this.filed(email.id);
      if (known) return known.email;
      try {
        allowed(asWriterSees(thread, email.agent));
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'not-yours') throw error;
        // who accepted a moment ago may send before the director's journal has come here
        await ownerWaits.wait(thread.head.id, OWNER_WAIT);
        allowed(asWriterSees(thread, email.agent));
      }
      return this.#write(thread, email, changes);
    });
  }

  async #write(
    thread: Thread,
    outgoing: OutgoingEmail,
    changes: readonly OutChange[],
  ): Promise<Email> {
    const { writer } = this.#parts;
    const { id: conversation } = thread.head;
    const deed = writer.begin();
    const number = ++thread.lastNumber;
    const stored = { ...storedOf(outgoing), conversation, number };
    const { from, to, cc, bcc, agent, subject } = stored.email;
    deed.changes.push(
      { type: 'email-filed', stored },
      ...changes.map((change) => ({ type: 'out', change }) as const),
    );
    deed.facts.push({
      type: 'email-filed',
      conversation,
      email: stored.email.id,
      number,
      direction: 'out',
      nature: stored.email.nature,
      ...(agent && { agent }),
    });
    this.#firstWord(deed, thread, { to: to[0], subject });
    writer.join(deed, thread, [from, ...to, ...cc, ...bcc]);
    if (thread.readNumber === number - 1 && agent) thread.readNumber = number;
    await writer.commit(deed);
    const row = changes.find((change) => change.type === 'handed-in')?.row;
    return emailOf(stored, row && deliveryOf(row));
  }

  /** Whom a conversation is with that an agent began, and what it is about, is known with its first e-mail. */
  #firstWord(
    deed: Deed,
    thread: Thread,
    { to, subject }: { to: EmailAddress | undefined; subject: string },
  ): void {
    const { customer, contact } = thread.head;
    const head = {
      ...(customer.address === '' && to && { customer: to }),
      ...(thread.head.subject === '' && { subject }),
    };
    const candidate =
      thread.kept.candidate ??
      (head.customer && !contact ? candidateFor(head.customer, deed.at) : undefined);
    this.#parts.writer.change(deed, thread, head, { candidate });
  }

  async #filed(stored: StoredEmail): Promise<FiledEmail> {
    const { id } = stored.email;
    const deliveries = await this.#parts.outbox.deliveries([id]);
    const { html, references, attachments } = stored;
    return { email: emailOf(stored, deliveries.get(id)), html, references, attachments };
  }
}

/** Beside its owner those write in a conversation who own what was split from it, and who confer: it is theirs too. */
function asWriterSees(thread: Thread, agent: AgentId | undefined): EmailConversation {
  const conversation = conversationOf(thread);
  const isTheirs =
    agent !== undefined &&
    (thread.conferees.includes(agent) || thread.kept.further.some(({ owner }) => owner === agent));
  return isTheirs ? { ...conversation, owner: agent } : conversation;
}

function storedOf(outgoing: OutgoingEmail): Omit<StoredEmail, 'conversation' | 'number'> {
  const {
    html,
    references,
    inReplyTo,
    attachments,
    raw,
    size,
    conversation: _,
    ...email
  } = outgoing;
  return {
    email: { ...email, direction: 'out', nature: 'personal' },
    html,
    references: inReplyTo === undefined ? references : [...new Set([...references, inReplyTo])],
    attachments,
    raw,
    size,
    correspondent: addressKey(email.to[0]?.address ?? ''),
    fingerprint: '',
    openedWork: false,
  };
}
