import type { Instant } from '#base/time.ts';
import type {
  Channel,
  ContactId,
  ConversationId,
  EntryPointId,
  InteractionId,
} from '#domain/ids.ts';
import type { Party } from '#domain/message.ts';
import type { EmailRecord } from '#servers/email-media-store/contract.ts';
import type { MessagingRecord } from '#servers/simple-messaging-media-store/contract.ts';

export interface OpenedConversation {
  readonly conversation: ConversationId;
  readonly interaction: InteractionId;
  readonly channel: Channel;
  /** Left out of what an agent began. */
  readonly entryPoint?: EntryPointId | undefined;
  readonly contact?: ContactId | undefined;
  readonly openedAt: Instant;
}

/** What a stretch of the journal adds to a conversation that is known. */
export interface ChangedConversation {
  readonly conversation: ConversationId;
  contact?: ContactId;
  customerMessages: number;
  agentMessages: number;
  /** The first message of an agent in this stretch. */
  firstReplyAt?: Instant;
  endedAt?: Instant;
  endedBy?: Party;
}

export interface ConversationChanges {
  readonly opened: readonly OpenedConversation[];
  readonly changed: readonly ChangedConversation[];
}

/** What a stretch of the messaging store's journal means for the history of conversations. */
export function conversationChanges(records: readonly MessagingRecord[]): ConversationChanges {
  const changes = new Changes();
  for (const { at, body } of records) {
    switch (body.type) {
      case 'conversation-opened': {
        const { type: _, ...rest } = body;
        changes.opened.push({ ...rest, openedAt: at });
        break;
      }
      case 'contact-matched':
        changes.of(body.conversation).contact = body.contact;
        break;
      case 'message-posted':
        if (body.from === 'customer') changes.of(body.conversation).customerMessages += 1;
        if (body.from === 'agent') changes.answered(body.conversation, at);
        break;
      case 'conversation-ended':
        changes.ended(body.conversation, body.by, at);
        break;
      case 'marked':
      case 'owner-changed':
      case 'turned-away':
      case 'note-added':
        break;
    }
  }
  return changes.all();
}

/** The same of the e-mail store's: what machines sent is nobody's message, nor is an automatic answer a reply. */
export function emailChanges(records: readonly EmailRecord[]): ConversationChanges {
  const changes = new Changes();
  for (const { at, body } of records) {
    switch (body.type) {
      case 'conversation-opened': {
        const { conversation, interaction, entryPoint, contact } = body;
        const opened = { conversation, interaction, entryPoint, contact };
        changes.opened.push({ ...opened, channel: 'email', openedAt: at });
        break;
      }
      case 'contact-matched':
        changes.of(body.conversation).contact = body.contact;
        break;
      case 'email-filed': {
        const { conversation, direction, nature, agent } = body;
        const isWord = nature === 'personal' || nature === 'list';
        if (direction === 'in' && isWord) changes.of(conversation).customerMessages += 1;
        if (direction === 'out' && agent) changes.answered(conversation, at);
        break;
      }
      case 'conversation-ended':
        changes.ended(body.conversation, body.by, at);
        break;
      case 'conversation-merged':
        changes.ended(body.conversation, 'agent', at);
        break;
      case 'delivery-changed':
      case 'owner-changed':
      case 'read':
      case 'note-added':
      case 'mail-quarantined':
      case 'mail-judged':
        break;
    }
  }
  return changes.all();
}

class Changes {
  readonly opened: OpenedConversation[] = [];
  readonly #changed = new Map<ConversationId, ChangedConversation>();

  of(conversation: ConversationId): ChangedConversation {
    let change = this.#changed.get(conversation);
    if (!change) {
      change = { conversation, customerMessages: 0, agentMessages: 0 };
      this.#changed.set(conversation, change);
    }
    return change;
  }

  answered(conversation: ConversationId, at: Instant): void {
    const change = this.of(conversation);
    change.agentMessages += 1;
    change.firstReplyAt ??= at;
  }

  ended(conversation: ConversationId, by: Party, at: Instant): void {
    const change = this.of(conversation);
    change.endedAt = at;
    change.endedBy = by;
  }

  all(): ConversationChanges {
    return { opened: this.opened, changed: [...this.#changed.values()] };
  }
}
