import type { DirectorEvent } from '#domain/work-item/event.ts';
import type { MessagingEvent } from '#servers/simple-messaging-media-store/contract.ts';

/** An event as webhooks name it, with what goes into its body. */
export interface WebhookEvent {
  /** As `work-item.closed`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** An event of the director's journal: `work-item.…`, or `agent.…` where it is about an agent alone. */
export function ofDirector({ type, ...data }: DirectorEvent): WebhookEvent {
  if (type.startsWith('work-item-')) return { type: dotted('work-item', type), data };
  if (type.startsWith('agent-')) return { type: dotted('agent', type), data };
  return { type: `${type.startsWith('wrap-up-') ? 'agent' : 'work-item'}.${type}`, data };
}

/**
 * An event of the messaging store: `conversation.…`. It holds ids, times and codes only: a message's text
 * stays with its store and is put in when the event is sent, a note's is left out.
 */
export function ofMessaging(event: MessagingEvent): WebhookEvent {
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
    case 'conversation-opened':
    case 'conversation-ended': {
      const { type, ...data } = event;
      return { type: dotted('conversation', type), data };
    }
    case 'contact-matched':
    case 'marked':
    case 'owner-changed': {
      const { type, ...data } = event;
      return { type: `conversation.${type}`, data };
    }
  }
}

/** Whether a webhook wants an event: it names it, or all of its kind as `work-item.*`, or nothing at all. */
export function isWanted(wanted: readonly string[], type: string): boolean {
  const kind = `${type.slice(0, type.indexOf('.'))}.*`;
  return wanted.length === 0 || wanted.includes(type) || wanted.includes(kind);
}

const dotted = (kind: string, type: string): string => `${kind}.${type.slice(kind.length + 1)}`;
