import { Refusal } from '#base/refusal.ts';
import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { Delivery, Draft, Email, EmailConversation } from '#domain/email/email.ts';
import type { AgentId, ConversationId, DraftId, EmailId, MailboxId } from '#domain/ids.ts';
import type { Correspondence, FiledEmail } from '../out/correspondence.ts';
import { handIn, type HandInParts } from '../out/hand-in.ts';
import type { Outbox } from '../out/outbox.ts';
import { notYours, unknownEmail, writtenByAnother } from '../refusals.ts';
import type { DraftTables, StoredDraft } from '../tables/drafts.ts';
import type { OutboxTables } from '../tables/outbox.ts';
import type { Drafts } from './drafts.ts';
import { finishLetter } from './letter.ts';
import { isSendable } from './recipients.ts';

export interface SendDraftParts extends Omit<HandInParts, 'giveUpAt'> {
  readonly clock: Clock;
  readonly configuration: Configuration;
  readonly correspondence: Correspondence;
  readonly drafts: Drafts;
  readonly draftTables: DraftTables;
  readonly outbox: Outbox;
  readonly outboxTables: OutboxTables;
}

export interface Send {
  readonly draft: DraftId;
  readonly agent: AgentId;
  readonly seen: number;
  readonly anyway: boolean;
  readonly undoWithin: number;
}

/** Makes e-mails of drafts, and drafts of e-mails that are taken back. */
export class SendDraft {
  readonly #parts: SendDraftParts;
  /** A draft that is being sent is not sent a second time: its agent, who asks again, gets the same e-mail. */
  readonly #sending = new Map<string, Promise<Email>>();

  constructor(parts: SendDraftParts) {
    this.#parts = parts;
  }

  send(wish: Send): Promise<Email> {
    const key = `${wish.draft} ${wish.agent}`;
    const under = this.#sending.get(key);
    if (under) return under;
    const sending = this.#send(wish).finally(() => this.#sending.delete(key));
    this.#sending.set(key, sending);
    return sending;
  }

  /** @throws {Refusal} `on-its-way` when it has left already, `unknown-email`, `not-yours`. */
  async undo(conversation: ConversationId, email: EmailId, agent: AgentId): Promise<Draft> {
    const { outboxTables, outbox, drafts } = this.#parts;
    const filed = await this.#find(conversation, email);
    if (filed.agent !== agent) throw writtenByAnother();
    const draft = await outboxTables.draftOf(email);
    if (draft === undefined) throw unknownEmail(email);
    await outbox.undo(email, draft);
    return drafts.read(draft, agent);
  }

  /** @throws {Refusal} `not-failed`, `unknown-email`. */
  async retry(conversation: ConversationId, email: EmailId): Promise<Delivery> {
    await this.#find(conversation, email);
    return this.#parts.outbox.retry(email);
  }

  async #send(wish: Send): Promise<Email> {
    const { correspondence, draftTables, drafts, configuration, outbox } = this.#parts;
    const before = await draftTables.draft(wish.draft);
    if (before?.email !== undefined && before.draft.agent === wish.agent) {
      const filed = await correspondence.filed(before.email);
      if (filed) return filed.email;
    }
    const stored = await drafts.find(wish.draft, wish.agent);
    const mailbox = mailboxOf(configuration, stored.draft.mailbox);
    refuseAddresses(stored.draft);
    const of = stored.draft.of && (await this.#answered(stored.draft.of));
    const letter = finishLetter(stored);
    const total = letter.attachments.reduce((sum, { size }) => sum + size, 0);
    if (total > mailbox.attachments.all) throw tooLarge(mailbox.attachments.all);
    const { conversation, to, cc, bcc, subject } = stored.draft;
    const { email, row } = await handIn(
      { ...this.#parts, giveUpAt: () => outbox.giveUpAt },
      mailbox,
      {
        conversation,
        mailbox: stored.draft.mailbox,
        agent: wish.agent,
        to,
        cc,
        bcc,
        subject,
        ...letter,
        of: of || undefined,
        hold: wish.undoWithin,
      },
    );
    const known = await this.#known(conversation);
    const filed = await correspondence.file(
      email,
      [{ type: 'handed-in', row, draft: wish.draft }],
      (now) => refuse(now, wish, known),
    );
    outbox.handedIn(row);
    return filed;
  }

  /** Up to where a conversation is known, and which is the newest there that has not been taken back. */
  async #known(id: ConversationId): Promise<{ readonly to: number; readonly newest: number }> {
    const { correspondence, outboxTables } = this.#parts;
    const now = await correspondence.conversation(id);
    if (!now) return { to: 0, newest: 0 };
    return { to: now.lastNumber, newest: await outboxTables.newestNumber(now.id) };
  }

  /** What is answered; where its server gave it another Message-ID, the recipient knows it by that. */
  async #answered(id: EmailId): Promise<FiledEmail | undefined> {
    const { correspondence, outboxTables } = this.#parts;
    const filed = await correspondence.filed(id);
    const row = filed?.email.direction === 'out' ? await outboxTables.row(id) : undefined;
    if (!filed || row?.serverMessageId === undefined) return filed;
    return {
      ...filed,
      email: { ...filed.email, messageId: row.serverMessageId },
      references: [...filed.references, filed.email.messageId],
    };
  }

  async #find(conversation: ConversationId, id: EmailId): Promise<Email> {
    const [filed, now] = await Promise.all([
      this.#parts.correspondence.filed(id),
      this.#parts.correspondence.conversation(conversation),
    ]);
    if (!filed || filed.email.conversation !== now?.id) throw unknownEmail(id);
    return filed.email;
  }
}

/** Who owns the work sends; where there is none, nobody is in the way. And nothing is sent past what came meanwhile. */
function refuse(
  now: EmailConversation,
  { agent, seen, anyway }: Send,
  known: { readonly to: number; readonly newest: number },
): void {
  if (now.workItem !== undefined && now.owner !== agent) throw notYours(now.owner);
  // what the writer took back themselves is nothing new to them
  const newest = now.lastNumber > known.to ? now.lastNumber : known.newest;
  if (anyway || newest <= seen) return;
  throw new Refusal('answered-meanwhile', 'There is something newer in this conversation', {
    newest,
  });
}

function mailboxOf(configuration: Configuration, id: MailboxId): Mailbox {
  const mailbox = configuration.get('mailbox', id);
  if (mailbox?.enabled === true && mailbox.send) return mailbox;
  throw new Refusal('cannot-send', `Nothing can be sent from the mailbox "${id}"`, { mailbox: id });
}

function refuseAddresses({ to, cc, bcc }: StoredDraft['draft']): void {
  const all = [...to, ...cc, ...bcc];
  if (all.length === 0) throw new Refusal('no-recipient', 'It is addressed to nobody');
  const bad = all.find(({ address }) => !isSendable(address));
  if (!bad) return;
  const { address } = bad;
  throw new Refusal('bad-address', `"${address}" is no e-mail address`, { address });
}

const tooLarge = (most: number): Refusal =>
  new Refusal('file-too-large', `All files of an e-mail have at most ${most} bytes`, { most });
