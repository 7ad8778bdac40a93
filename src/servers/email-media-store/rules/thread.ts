import type { EmailNature } from '#domain/email/email.ts';
import type { ConversationId, EmailId, InteractionId, MailboxId } from '#domain/ids.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import { customerOf, recipientsOf, senderOf } from './customer.ts';
import { filedMessageId } from './identity.ts';
import type { Known, KnownConversation, KnownEmail } from './known.ts';
import { addressKey, type OurAddresses } from './our-addresses.ts';
import { answeredIds, reportedIds } from './questions.ts';
import { isStranger } from './strangers.ts';
import { plainSubject } from './subject.ts';
import { tokenOfAddress, tokenOfMessageId, type MailTokens } from './token.ts';

/** Which conversation an e-mail belongs to. */
export type ThreadDecision = { readonly reasons: readonly string[] } & (
  | { readonly type: 'duplicate'; readonly of: EmailId }
  | { readonly type: 'join'; readonly conversation: KnownConversation }
  /** Its own; within `interaction` where another mailbox of ours has the same matter. */
  | { readonly type: 'open'; readonly interaction: InteractionId | undefined }
);

export interface ThreadFacts {
  /** The one that is decided; what is known of it from an earlier time is not another one. */
  readonly email: EmailId;
  readonly mailbox: MailboxId;
  readonly mail: ParsedMail;
  readonly fingerprint: string;
  readonly nature: EmailNature;
  readonly known: Pick<Known, 'emails' | 'references' | 'conversations'>;
  readonly ours: OurAddresses;
  readonly tokens: MailTokens;
}

/** A conversation that an e-mail may belong to, and what says so. */
interface Trace {
  readonly conversation: KnownConversation;
  readonly by: string;
  /** It is about a mail that we sent: a server that returns one takes part in no conversation. */
  readonly returned: boolean;
}

/**
 * Finds the conversation that an e-mail belongs to, by what nobody can guess: what we signed, then the ids of
 * what it answers, the newest first; then Outlook's thread with the same subject and correspondent. Numbers in
 * subjects count for nothing. Who has no part in a conversation does not come into it with a token or an id of
 * it, and a deleted one does not come back: such mail opens its own, and the reasons say what it named.
 */
export function decideThread(facts: ThreadFacts): ThreadDecision {
  const same = sameMails(facts);
  const here = same.find(({ mailbox }) => mailbox === facts.mailbox);
  if (here) {
    const reason = `This mailbox holds the same e-mail already, as ${here.id}`;
    return { type: 'duplicate', of: here.id, reasons: [reason] };
  }
  const reasons: string[] = [];
  let elsewhere = interactionOf(facts, same);
  if (elsewhere) reasons.push('The same e-mail is in another mailbox of ours: one interaction');
  const sender = addressKey(senderOf(facts.mail, facts.ours).address);
  const isOwn = isSentHere(facts);
  for (const { conversation, by, returned } of tracesOf(facts)) {
    const mayJoin =
      (facts.nature === 'bounce' && returned) ||
      isOwn ||
      !isStranger(sender, conversation, facts.ours);
    if (conversation.state === 'deleted') {
      reasons.push(`${by} names conversation ${conversation.id}, which was deleted`);
    } else if (!mayJoin) {
      reasons.push(`${by} names conversation ${conversation.id}, in which "${sender}" has no part`);
    } else if (conversation.mailbox !== facts.mailbox) {
      elsewhere ??= conversation.interaction;
      reasons.push(
        `${by} names conversation ${conversation.id} of another mailbox: one interaction`,
      );
    } else {
      reasons.push(`${by} names conversation ${conversation.id}`);
      return { type: 'join', conversation, reasons };
    }
  }
  if (reasons.length === 0) reasons.push('It answers nothing that is known here');
  return { type: 'open', interaction: elsewhere, reasons };
}

/** The same e-mail, as it came in before or elsewhere, or as it left here. */
function sameMails({ email, mail, fingerprint, ours, known }: ThreadFacts): KnownEmail[] {
  const id = filedMessageId(mail, fingerprint);
  const isInOurName = ours(mail.from.address) !== undefined;
  return known.emails.filter(
    (other) =>
      other.id !== email &&
      other.messageId === id &&
      // what we sent looks different when it comes back, as servers add to it: its id and our name say enough;
      // its id alone does not, for there are programs that answer under the id of what they answer
      (other.direction === 'out' ? isInOurName : other.fingerprint === fingerprint),
  );
}

/** Our name alone says nothing, anybody can write it; that it bears a message id that we signed, or gave, does. */
function isSentHere({ mail, fingerprint, ours, tokens, known }: ThreadFacts): boolean {
  if (ours(mail.from.address) === undefined) return false;
  const id = filedMessageId(mail, fingerprint);
  if (verified(tokenOfMessageId(id), tokens) !== undefined) return true;
  return known.emails.some(({ direction, messageId }) => direction === 'out' && messageId === id);
}

function interactionOf({ known }: ThreadFacts, same: KnownEmail[]): InteractionId | undefined {
  for (const { conversation: id } of same) {
    const conversation = conversationOf(known, id);
    if (conversation?.state === 'kept') return conversation.interaction;
  }
  return undefined;
}

/** All that points to a conversation, the surest first; each conversation once. */
function tracesOf(facts: ThreadFacts): Trace[] {
  const { mail, tokens } = facts;
  const answered = answeredIds(mail);
  const signed = answered.filter((id) => verified(tokenOfMessageId(id), tokens) !== undefined);
  const traces = [
    ...reportedIds(mail).flatMap((id) => byMessageId(id, 'The mail that it returns', facts)),
    ...signed.flatMap((id) => byMessageId(id, 'A mail of ours that it answers', facts)),
    ...recipientsOf(mail).flatMap((address) => byRecipient(address, facts)),
    ...answered.flatMap((id) => byMessageId(id, 'A mail that it answers', facts)),
    ...byReference(answered, facts),
    ...byThreadRoot(facts),
  ];
  const firsts = new Map<ConversationId, Trace>();
  for (const trace of traces) {
    if (!firsts.has(trace.conversation.id)) firsts.set(trace.conversation.id, trace);
  }
  return [...firsts.values()];
}

/**
 * Where the e-mail with this id is now: before what its token says, which it was given before somebody split
 * the conversation. The same e-mail may be in several mailboxes: this one's comes first.
 */
function byMessageId(id: string, by: string, { known, mailbox, tokens }: ThreadFacts): Trace[] {
  const emails = known.emails
    .filter(({ messageId }) => messageId === id)
    .toSorted((a, b) => Number(b.mailbox === mailbox) - Number(a.mailbox === mailbox));
  const traces = emails.flatMap(({ conversation: filedIn, direction }) => {
    const conversation = conversationOf(known, filedIn);
    return conversation ? [{ conversation, by, returned: direction === 'out' }] : [];
  });
  if (traces.length > 0) return traces;
  const conversation = conversationOf(known, verified(tokenOfMessageId(id), tokens));
  return conversation ? [{ conversation, by, returned: true }] : [];
}

function byRecipient(address: string, { known, tokens }: ThreadFacts): Trace[] {
  const conversation = conversationOf(known, verified(tokenOfAddress(address), tokens));
  return conversation ? [{ conversation, by: 'Its recipient', returned: false }] : [];
}

/**
 * Mail does not come in as it was written: after an outage what is recent is fetched before what has waited. So what
 * answers this one may be here already; or what answers the same as this one, of the same correspondent, where
 * nobody ever had that here. Others who answer the same may have had the same newsletter.
 */
function byReference(answered: readonly string[], facts: ThreadFacts): Trace[] {
  const { known, mail, mailbox, ours, fingerprint } = facts;
  const correspondent = addressKey(customerOf(mail, ours).address);
  const referring = (id: string): KnownConversation[] =>
    known.references
      .filter(({ messageId }) => messageId === id)
      .flatMap(({ conversation }) => conversationOf(known, conversation) ?? [])
      .toSorted((a, b) => Number(b.mailbox === mailbox) - Number(a.mailbox === mailbox));
  const own = referring(filedMessageId(mail, fingerprint)).map((conversation) => ({
    conversation,
    by: 'A mail that answers it, and came in before it,',
    returned: false,
  }));
  const alike = answered
    .flatMap(referring)
    .filter(({ customer }) => addressKey(customer.address) === correspondent)
    .map((conversation) => ({
      conversation,
      by: 'A mail that answers the same',
      returned: false,
    }));
  return [...own, ...alike];
}

/** Outlook keeps the root where it loses the ids, but also for what has nothing else in common: so more must agree. */
function byThreadRoot({ mail, known, mailbox, ours }: ThreadFacts): Trace[] {
  const { threadRoot: root } = mail;
  if (!root) return [];
  const subject = plainSubject(mail.subject);
  const sender = addressKey(senderOf(mail, ours).address);
  return known.conversations
    .filter(
      (conversation) =>
        conversation.threadRoots.includes(root) &&
        conversation.mailbox === mailbox &&
        conversation.state === 'kept' &&
        plainSubject(conversation.subject) === subject &&
        [conversation.customer.address, ...conversation.participants].some(
          (party) => addressKey(party) === sender,
        ),
    )
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .map((conversation) => ({
      conversation,
      by: 'Outlook’s thread, with the same subject and correspondent,',
      returned: false,
    }));
}

const verified = (token: string | undefined, tokens: MailTokens): ConversationId | undefined =>
  token === undefined ? undefined : tokens.verify(token);

const conversationOf = (
  { conversations }: Pick<Known, 'conversations'>,
  id: ConversationId | undefined,
): KnownConversation | undefined =>
  id && conversations.find((one) => one.id === id || one.formerly.includes(id));
