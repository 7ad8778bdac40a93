import type { ConversationId, WorkItemId } from '#domain/ids.ts';
import type { EmailConversation } from '#domain/email/email.ts';
import type { Conversation, Party } from '#domain/message.ts';
import type { Task } from '#domain/task.ts';
import type { MessagingEvent } from '#servers/simple-messaging-media-store/contract.ts';
import type { Summary } from '../api/work.ts';

/** What lists show of a text: its beginning. */
const EXCERPT = 200;

/** What is known of a conversation for lists. */
export interface Digest {
  readonly title: string;
  readonly text: string;
  readonly lastFrom: Party | undefined;
  readonly lastNumber: number;
  readonly unread: number;
  /** The position of the messaging store's journal that this reflects. */
  readonly position: number;
}

export const EMPTY_DIGEST: Digest = {
  title: '',
  text: '',
  lastFrom: undefined,
  lastNumber: 0,
  unread: 0,
  position: 0,
};

/** As the messaging store sums it up. What an agent has answered they have read. */
export function digestOf(
  conversation: Conversation,
  lastText: string,
  lastFrom: Party | undefined,
  position: number,
): Digest {
  const { lastNumber, marks } = conversation;
  return {
    title: conversation.customerName || (conversation.customerAddress ?? ''),
    text: lastText.slice(0, EXCERPT),
    lastFrom,
    lastNumber,
    unread: lastFrom === 'agent' ? 0 : Math.max(0, lastNumber - marks.agentRead),
    position,
  };
}

/** As the e-mail store sums it up: what it is about stands before what was written last. */
export function digestOfEmails({
  conversation,
  lastText,
  lastFrom,
}: {
  readonly conversation: EmailConversation;
  readonly lastText: string;
  readonly lastFrom?: 'customer' | 'agent' | undefined;
}): Digest {
  const { customer, subject, lastNumber, readNumber } = conversation;
  return {
    title: customer.name || customer.address,
    text: [subject, lastText].filter(Boolean).join(' — ').slice(0, EXCERPT),
    lastFrom,
    lastNumber,
    unread: lastFrom === 'agent' ? 0 : Math.max(0, lastNumber - readNumber),
    position: 0,
  };
}

export function digestOfTask(task: Task): Digest {
  return { ...EMPTY_DIGEST, title: task.title, text: task.text.slice(0, EXCERPT) };
}

/** What was read of the store and what came by its journal meanwhile: of each part the newer. */
export function mergeDigests(read: Digest, known: Digest | undefined): Digest {
  if (!known || known.position <= read.position) return read;
  return { ...known, title: read.title };
}

/** The digest after an event; the same one where the event changes nothing that lists show. */
export function nextDigest(digest: Digest, position: number, event: MessagingEvent): Digest {
  switch (event.type) {
    case 'message-posted': {
      const { from, number, text } = event.message;
      const unread = { customer: digest.unread + 1, agent: 0, system: digest.unread }[from];
      const excerpt = text.slice(0, EXCERPT);
      return { ...digest, text: excerpt, lastFrom: from, lastNumber: number, unread, position };
    }
    case 'marked': {
      const unread = Math.min(
        digest.unread,
        Math.max(0, digest.lastNumber - event.marks.agentRead),
      );
      return unread === digest.unread ? digest : { ...digest, unread, position };
    }
    case 'conversation-opened':
    case 'contact-matched':
    case 'owner-changed':
    case 'turned-away':
    case 'conversation-ended':
    case 'note-added':
      return digest;
  }
}

export function conversationOf(event: MessagingEvent): ConversationId {
  return event.type === 'message-posted' ? event.message.conversation : event.conversation;
}

export function summaryOf(item: WorkItemId, { title, text, lastFrom, unread }: Digest): Summary {
  return { item, title, text, unread, ...(lastFrom !== undefined && { lastFrom }) };
}
