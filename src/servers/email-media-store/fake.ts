import type { Implementation, StreamItem } from '#base/contract.ts';
import { newId } from '#base/id.ts';
import { Refusal } from '#base/refusal.ts';
import type { Email, EmailConversation } from '#domain/email/email.ts';
import { ConversationId, EmailId, InteractionId, MailboxId, WorkItemId } from '#domain/ids.ts';
import type { AgentId } from '#domain/ids.ts';
import type { EmailFact, EmailRecord, Writing, emailMediaStore } from './contract.ts';
import type { Quarantined } from './contract/mailboxes.ts';
import { notYours, unknownConversation, unknownEmail } from './refusals.ts';
import { excerptOf } from './rules/excerpt.ts';
import { parseSearch } from './rules/search-query.ts';
import { wordsIn } from './rules/words.ts';

type Contract = typeof emailMediaStore;
type Methods = Implementation<Contract>['methods'];

/** A mail as a test brings it. */
export interface FakeMail {
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Joins the conversation of that mail. */
  readonly answers?: EmailId | undefined;
}

interface Kept {
  conversation: EmailConversation;
  readonly emails: Email[];
  readonly notes: { id: string; agent: AgentId; note: string; at: number }[];
}

const SUPPORT = MailboxId.parse('support');

/** An e-mail store in memory with one mailbox, `support`: reading and judging; nobody writes or fetches there. */
export class FakeEmailStore implements Implementation<Contract> {
  readonly #kept = new Map<ConversationId, Kept>();
  readonly #merged = new Map<ConversationId, ConversationId>();
  readonly #held = new Map<EmailId, FakeMail & { readonly at: number }>();
  readonly #records: EmailRecord[] = [];
  readonly #readers = new Set<() => void>();
  readonly #signs = new Set<(sign: Writing) => void>();

  /** A mail comes in. */
  bring(mail: FakeMail, id = EmailId.parse(newId())): EmailId {
    const answered = [...this.#kept.values()].find(({ emails }) =>
      emails.some((email) => email.id === mail.answers),
    );
    const kept = answered ?? this.#open(mail);
    const { conversation, emails } = kept;
    const number = emails.length + 1;
    const customer = { name: '', address: mail.from };
    emails.push({
      id,
      conversation: conversation.id,
      number,
      direction: 'in',
      mailbox: SUPPORT,
      messageId: `${id}@fake.example`,
      from: customer,
      replyTo: [],
      to: [],
      cc: [],
      bcc: [],
      subject: mail.subject,
      at: Date.now(),
      nature: 'personal',
      text: mail.text,
      hasHtml: false,
      attachments: [],
    });
    const { endedAt: _at, endedBy: _by, ...rest } = conversation;
    const workItem = conversation.workItem ?? WorkItemId.parse(newId());
    kept.conversation = { ...rest, lastNumber: number, workItem };
    const filed = { conversation: conversation.id, email: id, number, direction: 'in' } as const;
    this.#tell({ type: 'email-filed', ...filed, nature: 'personal' });
    return id;
  }

  /** A mail comes in that is held back. */
  hold(mail: FakeMail): EmailId {
    const email = EmailId.parse(newId());
    this.#held.set(email, { ...mail, at: Date.now() });
    this.#tell({ type: 'mail-quarantined', email, mailbox: SUPPORT });
    return email;
  }

  /** As if an agent had accepted the work item, or it had gone back to its queue. */
  own(id: ConversationId, owner: AgentId | undefined): void {
    const kept = this.#find(id);
    kept.conversation = { ...kept.conversation, owner };
    const { workItem } = kept.conversation;
    this.#tell({ type: 'owner-changed', conversation: id, workItem, owner });
  }

  /** As if somebody had said that two matters are one: the mails of the first go on in the other. */
  merge(from: ConversationId, into: ConversationId): void {
    const target = this.#find(into);
    for (const email of this.#find(from).emails) {
      target.emails.push({ ...email, conversation: into, number: target.emails.length + 1 });
    }
    this.#kept.delete(from);
    this.#merged.set(from, into);
    this.#tell({ type: 'conversation-merged', conversation: from, into });
  }

  /** As if the owner had closed the work item. */
  close(id: ConversationId): void {
    const kept = this.#find(id);
    const { workItem: _item, owner: _owner, ...rest } = kept.conversation;
    kept.conversation = { ...rest, endedAt: Date.now(), endedBy: 'agent' };
    this.#tell({ type: 'owner-changed', conversation: id });
    this.#tell({ type: 'conversation-ended', conversation: id, by: 'agent' });
  }

  readonly methods: Methods = new Proxy(this.#reading(), {
    get: (target, name) => Reflect.get(target, name) ?? refuse,
  }) as Methods;

  readonly streams: Implementation<Contract>['streams'] = {
    events: ({ since }, { signal }) => this.#follow(since, signal),
    writing: (_request, { signal }) => this.#followSigns(signal),
  };

  #reading(): Partial<Methods> {
    return {
      current: async ({ conversation }) => ({
        conversation: this.#merged.get(conversation) ?? conversation,
      }),
      read: async ({ conversation, since, email: only }) => {
        const kept = this.#find(conversation);
        const emails = kept.emails.filter(({ id, number }) =>
          only ? id === only : number > since,
        );
        const notes = kept.notes.map(({ agent, note, at }) => ({ agent, note, at }));
        return { conversation: kept.conversation, emails, notes, position: this.#records.length };
      },
      html: async ({ conversation, email }) => {
        const kept = this.#find(conversation);
        if (!kept.emails.some(({ id }) => id === email)) throw unknownEmail(email);
        return { html: '', hasRemote: false };
      },
      summarise: async ({ conversations }) => ({
        summaries: conversations.flatMap((id) => {
          const kept = this.#kept.get(id);
          const lastText = kept?.emails.at(-1)?.text.slice(0, 200) ?? '';
          return kept
            ? [{ conversation: kept.conversation, lastText, lastFrom: 'customer' as const }]
            : [];
        }),
        position: this.#records.length,
      }),
      ofContact: async ({ contact, limit }) => ({
        conversations: [...this.#kept.values()]
          .map(({ conversation }) => conversation)
          .filter((each) => each.contact === contact)
          .toReversed()
          .slice(0, limit),
      }),
      search: async ({ text, mailboxes, before, limit }) => {
        const query = parseSearch(text);
        if (query.shown.length === 0 && !mailboxes) {
          throw new Refusal('empty-search', 'Say what to look for');
        }
        const found = [...this.#kept.values()]
          .flatMap(({ conversation, emails }) => emails.map((email) => ({ conversation, email })))
          .filter(({ email }) => hasAll(email, query.shown))
          .toSorted((a, b) => (a.email.id < b.email.id ? 1 : -1))
          .filter(({ email }) => !before || email.id < before.email);
        return {
          found: found.slice(0, limit).map(({ conversation, email }) => ({
            email: email.id,
            conversation: conversation.id,
            mailbox: email.mailbox,
            direction: email.direction,
            subject: email.subject,
            customer: conversation.customer.address,
            at: email.at,
            excerpt: excerptOf(email.text, query),
          })),
          more: found.length > limit,
        };
      },
      mark: async ({ conversation: id, agent, read }) => {
        const kept = this.#find(id);
        const { owner, readNumber, lastNumber } = kept.conversation;
        if (owner !== agent) throw notYours(owner);
        const number = Math.max(readNumber, Math.min(read, lastNumber));
        kept.conversation = { ...kept.conversation, readNumber: number };
        if (number > readNumber) this.#tell({ type: 'read', conversation: id, number });
        return {};
      },
      addNote: async ({ conversation, id, agent, note }) => {
        const { notes } = this.#find(conversation);
        if (notes.some((known) => known.id === id)) return {};
        notes.push({ id, agent, note, at: Date.now() });
        this.#tell({ type: 'note-added', conversation, id, agent });
        return {};
      },
      position: async () => ({ position: this.#records.length }),
      writing: async ({ conversation: id, agent, writing }) => {
        const kept = this.#find(id);
        const before = kept.conversation.writers;
        if (before.includes(agent) === writing) return {};
        const writers = writing ? [...before, agent] : before.filter((each) => each !== agent);
        kept.conversation = { ...kept.conversation, writers };
        for (const said of this.#signs) said({ conversation: id, writers });
        return {};
      },
      quarantine: async ({ limit }) => {
        const mails = [...this.#held].map(([email, { from, subject, at }]): Quarantined => ({
          email,
          mailbox: SUPPORT,
          from: { name: '', address: from },
          subject,
          at,
          reason: 'storm',
        }));
        return { mails: mails.slice(0, limit), total: mails.length };
      },
      judge: async ({ mails, verdict, mailbox, by }) => {
        const judged = [...this.#held].filter(([id]) => mails === 'all' || mails.includes(id));
        for (const [email, mail] of judged) {
          this.#held.delete(email);
          if (verdict === 'release') this.bring(mail, email);
          this.#tell({ type: 'mail-judged', email, mailbox, verdict, by });
        }
        return { judged: judged.length };
      },
    };
  }

  #find(id: ConversationId): Kept {
    const kept = this.#kept.get(this.#merged.get(id) ?? id);
    if (!kept) throw unknownConversation(id);
    return kept;
  }

  #open({ from, subject }: FakeMail): Kept {
    const id = ConversationId.parse(newId());
    const interaction = InteractionId.parse(newId());
    const kept: Kept = {
      conversation: {
        id,
        interaction,
        mailbox: SUPPORT,
        customer: { name: '', address: from },
        subject,
        openedAt: Date.now(),
        writers: [],
        lastNumber: 0,
        readNumber: 0,
      },
      emails: [],
      notes: [],
    };
    this.#kept.set(id, kept);
    this.#tell({ type: 'conversation-opened', conversation: id, interaction, mailbox: SUPPORT });
    return kept;
  }

  #tell(body: EmailFact): void {
    this.#records.push({ position: this.#records.length + 1, at: Date.now(), body });
    for (const wake of this.#readers) wake();
  }

  async *#follow(
    since: number | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<StreamItem<EmailRecord, number>> {
    for (let at = since ?? this.#records.length; !signal.aborted;) {
      const event = this.#records[at];
      if (event) yield { event, cursor: ++at };
      else await this.#change(signal);
    }
  }

  #change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#readers.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    return promise.finally(() => {
      this.#readers.delete(wake);
      signal.removeEventListener('abort', wake);
    });
  }

  async *#followSigns(signal: AbortSignal): AsyncGenerator<StreamItem<Writing, undefined>> {
    const unread: Writing[] = [];
    let wake: () => void = () => undefined;
    const said = (sign: Writing): void => {
      unread.push(sign);
      wake();
    };
    const stop = (): void => wake();
    this.#signs.add(said);
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (!signal.aborted) {
        for (const event of unread.splice(0)) yield { event, cursor: undefined };
        if (unread.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => (wake = resolve));
        }
      }
    } finally {
      this.#signs.delete(said);
      signal.removeEventListener('abort', stop);
    }
  }
}

const refuse = async (): Promise<never> => {
  throw new Refusal('busy', 'This fake does not do that');
};

const hasAll = (
  { subject, text }: Email,
  shown: readonly { readonly word: string; readonly isBeginning: boolean }[],
): boolean => {
  const words = [...wordsIn(`${subject} ${text}`)].map(({ word }) => word);
  return shown.every(({ word, isBeginning }) =>
    words.some((each) => (isBeginning ? each.startsWith(word) : each === word)),
  );
};
