import { newId } from '#base/id.ts';
import type { Clock } from '#base/time.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { ConversationId, EmailId, InteractionId } from '#domain/ids.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Consequence, QuarantinedMail } from './changes.ts';
import type { Conversations } from './conversations.ts';
import type { Filing, ReadMail } from './filing.ts';
import { candidateFor, emailOfMail, newThread } from './mail-as-email.ts';
import { knownOf, lookUp, MOST_OF_ROOT, NO_TRAFFIC, rootKey, type LookedUp } from './look-up.ts';
import type { MailTraffic } from './mail-traffic.ts';
import { decideFiling } from './rules/decide-filing.ts';
import type { FiledWork, FilingPlan } from './rules/filing-plan.ts';
import type { Known, KnownEmail, KnownReference, Questions } from './rules/known.ts';
import { questionsOf } from './rules/questions.ts';
import type { MailTokens } from './rules/token.ts';
import type { EmailTables } from './tables/emails.ts';
import type { StoredEmail, Thread } from './thread.ts';
import type { Deed, ThreadWriter } from './thread-writer.ts';

export interface MailFilingParts {
  readonly clock: Clock;
  readonly configuration: Configuration;
  /** Resolves once mailboxes and entry points are known. */
  readonly configured: () => Promise<void>;
  readonly tokens: MailTokens;
  readonly tables: Pick<EmailTables, 'known' | 'referring' | 'byThreadRoot' | 'unfiled'>;
  readonly conversations: Conversations;
  readonly traffic: MailTraffic;
  readonly writer: ThreadWriter;
  /** What was filed has these consequences; they are in the tables already. */
  readonly follows: (consequences: readonly Consequence[]) => void;
}

/** A mail to be filed, and where it comes from. */
interface Asked extends ReadMail {
  readonly questions: Questions;
  /** Where it waited; left out: it was taken in just now. */
  readonly quarantined?: QuarantinedMail;
  /** Who has judged that it is let out: senders, rates and storms do not hold it again. */
  readonly by?: string;
}

const MOST_REOPENINGS = 20;

/**
 * Files mail: looks up what is known about a whole batch at once, decides each message after the other in
 * memory, and makes all of it durable in one transaction: the e-mail, its conversation, what the director
 * must hear, what else follows, and that the received message is done with.
 */
export class MailFiling implements Filing {
  readonly #parts: MailFilingParts;

  constructor(parts: MailFilingParts) {
    this.#parts = parts;
  }

  async file(mails: readonly ReadMail[]): Promise<void> {
    await this.#parts.configured();
    const unfiled = await this.#parts.tables.unfiled(mails.map(({ mail }) => mail.id));
    const asked = mails.filter(({ mail }) => unfiled.has(mail.id));
    await this.#file(asked.map((mail) => this.#asked(mail, {})));
  }

  /**
   * Files what waited in quarantine, as far as it is allowed to.
   *
   * @param by Who has judged so; left out, it is only tried again.
   * @returns Those that have left quarantine.
   */
  async release(mails: readonly QuarantinedMail[], by?: string): Promise<EmailId[]> {
    await this.#parts.configured();
    return this.#file(
      mails.map((quarantined) => this.#asked(quarantined, { quarantined, ...(by && { by }) })),
    );
  }

  #asked({ mail, parsed }: ReadMail, rest: Pick<Asked, 'quarantined' | 'by'>): Asked {
    const { configuration, tokens } = this.#parts;
    return { mail, parsed, ...rest, questions: questionsOf(parsed, mail, configuration, tokens) };
  }

  async #file(asked: readonly Asked[]): Promise<EmailId[]> {
    if (asked.length === 0) return [];
    const { tables, conversations } = this.#parts;
    const lookedUp = await lookUp(asked, tables, conversations);
    for (const thread of lookedUp.threads) thread.held++;
    const filed = new Batch(this.#parts, lookedUp);
    try {
      for (const each of asked) filed.take(each);
      await filed.commit();
    } finally {
      for (const thread of lookedUp.threads) thread.held--;
    }
    return filed.left;
  }
}

/** What is decided in one go. What one mail of it does, the next one knows. */
class Batch {
  readonly #parts: MailFilingParts;
  readonly #lookedUp: LookedUp;
  readonly #deed: Deed;
  readonly #fresh = new Map<string, KnownEmail[]>();
  readonly #freshReferences = new Map<string, KnownReference[]>();
  readonly #freshRoots = new Map<string, ConversationId[]>();
  readonly #counted: Parameters<MailTraffic['count']>[0][] = [];
  readonly #answered: Parameters<MailTraffic['answered']>[] = [];
  readonly #storms = new Map<MailboxId, ReturnType<MailTraffic['stormOf']>>();
  readonly #consequences: Consequence[] = [];
  /** Those that have left quarantine. */
  readonly left: EmailId[] = [];

  constructor(parts: MailFilingParts, lookedUp: LookedUp) {
    this.#parts = parts;
    this.#lookedUp = lookedUp;
    this.#deed = parts.writer.begin();
  }

  take(asked: Asked): void {
    const { configuration, tokens } = this.#parts;
    const { mail, parsed, by } = asked;
    const plan = decideFiling({
      at: this.#deed.at,
      stored: mail,
      mail: parsed,
      configuration,
      tokens,
      known: this.#known(asked),
      released: by !== undefined,
    });
    if (plan.type === 'duplicate') this.#drop(asked);
    else if (plan.type === 'quarantine') this.#hold(asked, plan, plan.reason);
    else if (plan.work.type === 'unrouted') this.#hold(asked, plan, 'unrouted');
    else if (plan.type === 'join') this.#join(asked, plan);
    else this.#open(asked, plan);
  }

  /** Resolves once all of it is durable. */
  async commit(): Promise<void> {
    const { writer, traffic, follows } = this.#parts;
    try {
      await writer.commit(this.#deed);
    } catch (error) {
      for (const counted of this.#counted) traffic.uncount(counted);
      for (const answered of this.#answered) traffic.unanswered(...answered);
      for (const [mailbox, before] of this.#storms) traffic.storm(mailbox, before);
      throw error;
    }
    follows(this.#consequences);
  }

  #known({ mail, questions, quarantined }: Asked): Known {
    const { configuration, conversations, traffic } = this.#parts;
    const emails = questions.messageIds
      .flatMap((id) => [...(this.#lookedUp.emails.get(id) ?? []), ...(this.#fresh.get(id) ?? [])])
      .filter(({ id }) => id !== quarantined?.mail.id);
    const references = questions.messageIds.flatMap((id) => [
      ...(this.#lookedUp.references.get(id) ?? []),
      ...(this.#freshReferences.get(id) ?? []),
    ]);
    const root = rootKey(mail.mailbox, questions.threadRoot ?? '');
    const ids = [
      ...questions.conversations,
      ...emails.flatMap(({ conversation }) => conversation ?? []),
      ...references.map(({ conversation }) => conversation),
      ...(this.#lookedUp.roots.get(root) ?? []),
      ...(this.#freshRoots.get(root) ?? []),
    ];
    const threads = new Set(ids.flatMap((id) => conversations.peek(id) ?? []));
    const loops = configuration.get('mailbox', mail.mailbox)?.loops;
    const { correspondent } = questions;
    const { mailbox, receivedAt: at } = mail;
    return {
      emails,
      references,
      conversations: [...threads].map((thread) => knownOf(thread, this.#deed.at)),
      traffic: loops ? traffic.before({ mailbox, correspondent, at }, loops) : NO_TRAFFIC,
    };
  }

  /** The same is held already. */
  #drop(asked: Asked): void {
    const { changes } = this.#deed;
    const { id } = asked.mail;
    if (asked.quarantined) changes.push({ type: 'mail-dropped', mail: id });
    else changes.push({ type: 'mail-done', id, state: 'dropped' });
    if (asked.quarantined) this.#leave(asked);
  }

  #leave({ mail: { id: email, mailbox }, by }: Asked): void {
    this.left.push(email);
    if (by === undefined) return;
    this.#deed.facts.push({ type: 'mail-judged', email, mailbox, verdict: 'release', by });
  }

  /** It waits for somebody's judgement, or for an entry point. */
  #hold(asked: Asked, plan: FilingPlan, reason: QuarantinedMail['reason']): void {
    const { mail, parsed, questions, quarantined: before } = asked;
    if (before) return; // it waits already
    const { changes, facts, at } = this.#deed;
    const stored = emailOfMail(asked, plan, questions.correspondent);
    changes.push({ type: 'email-filed', stored });
    changes.push({ type: 'mail-quarantined', quarantined: { mail, parsed, reason, at } });
    changes.push({ type: 'mail-done', id: mail.id, state: doneAs(asked) });
    facts.push({ type: 'mail-quarantined', email: mail.id, mailbox: mail.mailbox });
    this.#remember(stored, undefined);
    this.#count(asked, false);
    if (reason !== 'storm') return;
    const { traffic } = this.#parts;
    const storm = traffic.stormOf(mail.mailbox);
    if (!this.#storms.has(mail.mailbox)) this.#storms.set(mail.mailbox, storm);
    traffic.storm(mail.mailbox, { since: storm?.since ?? at, held: (storm?.held ?? 0) + 1 });
  }

  #open(asked: Asked, plan: Extract<FilingPlan, { type: 'open' }>): void {
    const { at } = this.#deed;
    const thread = newThread({
      id: ConversationId.parse(newId(at)),
      interaction: plan.interaction ?? InteractionId.parse(newId(at)),
      mailbox: asked.mail.mailbox,
      customer: plan.customer,
      subject: asked.parsed.subject,
      language: plan.language,
      openedAt: at,
    });
    this.#parts.writer.open(this.#deed, thread);
    this.#add(asked, thread, plan, plan.work);
  }

  #join(asked: Asked, plan: Extract<FilingPlan, { type: 'join' }>): void {
    const thread = this.#parts.conversations.peek(plan.conversation);
    if (!thread) throw new Error(`Cannot join the conversation "${plan.conversation}": it is gone`);
    this.#add(asked, thread, plan, plan.work);
  }

  /** Files it under the next number of a conversation, with all that comes of it. */
  #add(asked: Asked, thread: Thread, plan: FilingPlan, work: FiledWork): void {
    const { writer } = this.#parts;
    const { changes, facts, at } = this.#deed;
    const { mail, questions, quarantined } = asked;
    const { id: conversation } = thread.head;
    const stored = {
      ...emailOfMail(asked, plan, questions.correspondent),
      conversation,
      number: ++thread.lastNumber,
      openedWork: work.type === 'enter' && !thread.head.workItem,
    };
    if (quarantined) {
      changes.push({ type: 'mail-released', stored });
      this.#leave(asked);
    } else {
      changes.push({ type: 'email-filed', stored });
      changes.push({ type: 'mail-done', id: mail.id, state: doneAs(asked) });
    }
    facts.push({
      type: 'email-filed',
      conversation,
      email: mail.id,
      number: stored.number,
      direction: 'in',
      nature: plan.nature,
    });
    this.#work(asked, thread, work);
    const isWord = plan.nature === 'personal' || plan.nature === 'list';
    writer.change(this.#deed, thread, {}, isWord ? { customerWroteAt: at } : {});
    const { from, replyTo, to, cc } = stored.email;
    writer.join(this.#deed, thread, [from, ...replyTo, ...to, ...cc]);
    this.#addRoot(asked, thread);
    this.#remember(stored, conversation);
    this.#count(asked, stored.openedWork);
    if (plan.deliveries.length === 0) return;
    const { deliveries } = plan;
    this.#follow({ type: 'deliveries', email: mail.id, conversation, at, deliveries });
  }

  #work({ mail, questions }: Asked, thread: Thread, work: FiledWork): void {
    const { writer } = this.#parts;
    const { at, facts } = this.#deed;
    const { id: conversation, workItem, entryPoint } = thread.head;
    if (work.type === 'none' || work.type === 'unrouted') return;
    if (workItem) {
      for (const item of openItemsToTell(thread)) {
        this.#deed.call({ workItem: item, conversation, call: 'customer-wrote' });
      }
      return;
    }
    if (work.type === 'tell') return;
    const { queue, priority, requirements, serviceObjective, entryPoint: by } = work.entry;
    const isNew = thread.lastNumber === 1;
    writer.enter(this.#deed, thread, {
      queue,
      priority,
      requirements,
      serviceObjective,
      enteredAt: mail.receivedAt,
      preferredAgent: work.preferredAgent,
    });
    const { contact, customer } = thread.head;
    writer.change(
      this.#deed,
      thread,
      { entryPoint: entryPoint ?? by },
      {
        candidate: thread.kept.candidate ?? (contact ? undefined : candidateFor(customer, at)),
        ...(!isNew && { reopened: [...thread.kept.reopened, at].slice(-MOST_REOPENINGS) }),
      },
    );
    if (!isNew) {
      const { workItem: item } = thread.head;
      facts.push({ type: 'owner-changed', conversation, ...(item && { workItem: item }) });
    }
    if (!work.acknowledge) return;
    const answered = [mail.mailbox, questions.correspondent, at] as const;
    this.#parts.traffic.answered(...answered); // what comes next of them is not answered again
    this.#answered.push([...answered]);
    this.#follow({
      type: 'acknowledge',
      email: mail.id,
      conversation,
      at,
      template: work.acknowledge,
      answer: EmailId.parse(newId(at)),
    });
  }

  #follow(consequence: Consequence): void {
    this.#deed.changes.push({ type: 'consequence', consequence });
    this.#consequences.push(consequence);
  }

  #addRoot({ mail: { mailbox }, questions: { threadRoot: root } }: Asked, thread: Thread): void {
    if (root === undefined || thread.kept.threadRoots.includes(root)) return;
    const { id: conversation } = thread.head;
    const threadRoots = [...thread.kept.threadRoots, root].slice(-MOST_OF_ROOT);
    this.#parts.writer.change(this.#deed, thread, {}, { threadRoots });
    this.#deed.changes.push({ type: 'thread-root', mailbox, root, conversation });
    const key = rootKey(mailbox, root);
    this.#freshRoots.set(key, [...(this.#freshRoots.get(key) ?? []), conversation]);
  }

  /** What follows in this batch may answer it, or be the same. */
  #remember(
    { email: { id, mailbox, messageId }, fingerprint, references }: StoredEmail,
    conversation: ConversationId | undefined,
  ): void {
    const same = this.#fresh.get(messageId) ?? [];
    this.#fresh.set(messageId, same);
    same.push({
      id,
      messageId,
      direction: 'in',
      mailbox,
      conversation,
      fingerprint,
      agent: undefined,
      delivery: undefined,
    });
    if (!conversation) return;
    for (const answered of references) {
      const others = this.#freshReferences.get(answered) ?? [];
      this.#freshReferences.set(answered, [...others, { messageId: answered, conversation }]);
    }
  }

  #count(
    { mail: { mailbox, receivedAt: at }, questions: { correspondent } }: Asked,
    openedWork: boolean,
  ): void {
    const counted = { mailbox, correspondent, at, openedWork };
    this.#parts.traffic.count(counted);
    this.#counted.push(counted);
  }
}

const doneAs = ({ parsed }: Asked): 'filed' | 'unreadable' =>
  parsed.unreadable === undefined ? 'filed' : 'unreadable';

/** Telling the director once too often changes nothing there, so what is not known counts as waiting. */
function openItemsToTell({ head, kept, itemState }: Thread): NonNullable<typeof head.workItem>[] {
  const waits =
    itemState === undefined || itemState === 'parked' || itemState === 'awaiting-customer';
  return [
    ...(waits && head.workItem ? [head.workItem] : []),
    ...kept.further.map(({ workItem }) => workItem),
  ];
}
