import type { Instant } from '#base/time.ts';
import type { ContactId, ConversationId } from '#domain/ids.ts';
import type { Party } from '#domain/message.ts';
import type {
  MessagingFact,
  MessagingRecord,
} from '#servers/simple-messaging-media-store/contract.ts';

export interface OpenedConversation extends Omit<
  Extract<MessagingFact, { type: 'conversation-opened' }>,
  'type'
> {
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
  const opened: OpenedConversation[] = [];
  const changed = new Map<ConversationId, ChangedConversation>();
  const changeOf = (conversation: ConversationId): ChangedConversation => {
    let change = changed.get(conversation);
    if (!change) {
      change = { conversation, customerMessages: 0, agentMessages: 0 };
      changed.set(conversation, change);
    }
    return change;
  };
  for (const { at, body } of records) {
    switch (body.type) {
      case 'conversation-opened': {
        const { type: _, ...rest } = body;
        opened.push({ ...rest, openedAt: at });
        break;
      }
      case 'contact-matched':
        changeOf(body.conversation).contact = body.contact;
        break;
      case 'message-posted': {
        const change = changeOf(body.conversation);
        if (body.from === 'customer') change.customerMessages += 1;
        if (body.from !== 'agent') break;
        change.agentMessages += 1;
        change.firstReplyAt ??= at;
        break;
      }
      case 'conversation-ended': {
        const change = changeOf(body.conversation);
        change.endedAt = at;
        change.endedBy = body.by;
        break;
      }
      case 'marked':
      case 'owner-changed':
      case 'turned-away':
      case 'note-added':
        break;
    }
  }
  return { opened, changed: [...changed.values()] };
}
