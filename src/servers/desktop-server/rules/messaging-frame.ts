import type { MessagingEvent } from '#servers/simple-messaging-media-store/contract.ts';
import type { ServerFrame } from '../api/events.ts';

/** How the event socket tells of an event of the messaging store; nothing where it has no frame. */
export function messagingFrame(position: number, event: MessagingEvent): ServerFrame | undefined {
  switch (event.type) {
    case 'message-posted':
      return { type: 'message', position, message: event.message };
    case 'marked':
      return { type: 'marked', position, conversation: event.conversation, marks: event.marks };
    case 'conversation-ended':
      return {
        type: 'conversation-ended',
        position,
        conversation: event.conversation,
        by: event.by,
      };
    case 'note-added': {
      const { conversation, agent, note, at } = event;
      return { type: 'note', position, conversation, agent, note, at };
    }
    case 'conversation-opened':
    case 'contact-matched':
    case 'owner-changed':
    case 'turned-away':
      return undefined;
  }
}
