import {
  type ConversationEventType,
  type EmailEventType,
  webhookTypeOf,
} from '#domain/webhook-event-type.ts';
import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { EmailFact } from '#servers/email-media-store/contract.ts';
import type { MessagingEvent } from '#servers/simple-messaging-media-store/contract.ts';

/** An event as webhooks name it, with what goes into its body. */
export interface WebhookEvent {
  /** As `work-item.closed`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event of the director's journal: `work-item.…`, or `agent.…` where it is about an agent alone. */
export function ofDirector({ type, ...data }: DirectorEvent): WebhookEvent {
  return { type: webhookTypeOf(type), data };
}

/**
 * An event of the messaging store: `conversation.…`. It holds ids, times and codes only: a message's text
 * stays with its store and is put in when the event is sent, a note's is left out.
 */
export function ofMessaging(
  event: MessagingEvent,
): WebhookEvent & { readonly type: ConversationEventType } {
  switch (event.type) {
    case 'message-posted': {
      const { conversation, ...message } = event.message;
      return {
        type: 'conversation.message-posted',
        data: { conversation, message: { ...message, text: '' } },
      };
    }
    case 'note-added': {
      const { conversation, agent } = event;
      return { type: 'conversation.note-added', data: { conversation, agent } };
    }
    case 'conversation-opened': {
      const { type: _, ...data } = event;
      return { type: 'conversation.opened', data };
    }
    case 'conversation-ended': {
      const { type: _, ...data } = event;
      return { type: 'conversation.ended', data };
    }
    case 'contact-matched':
    case 'marked':
    case 'owner-changed':
    case 'turned-away': {
      const { type, ...data } = event;
      return { type: `conversation.${type}`, data };
    }
  }
}

const EMAIL_TYPES: { readonly [K in EmailFact['type']]: EmailEventType } = {
  'conversation-opened': 'email.conversation-opened',
  'contact-matched': 'email.contact-matched',
  'email-filed': 'email.filed',
  'delivery-changed': 'email.delivery-changed',
  'owner-changed': 'email.owner-changed',
  read: 'email.read',
  'note-added': 'email.note-added',
  'conversation-ended': 'email.conversation-ended',
  'conversation-merged': 'email.conversation-merged',
  'mail-quarantined': 'email.quarantined',
  'mail-judged': 'email.judged',
};

/** A fact of the e-mail store: ids, times and codes; what was written is asked for by the API. */
export function ofEmail({
  type,
  ...data
}: EmailFact): WebhookEvent & { readonly type: EmailEventType } {
  return { type: EMAIL_TYPES[type], data };
}

/** Whether a webhook wants an event: it names it, or all of its kind as `work-item.*`, or nothing at all. */
export function isWanted(wanted: readonly string[], type: string): boolean {
  const kind = `${type.slice(0, type.indexOf('.'))}.*`;
  return wanted.length === 0 || wanted.includes(type) || wanted.includes(kind);
}
