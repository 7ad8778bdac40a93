/** What events are called where they leave the centre: `work-item.…`, `agent.…`, `conversation.…` and `email.…`. */
import { DirectorEvent } from './work-item/event.ts';

/** How webhooks name an event of the director's journal: `agent.…` where it is about an agent alone. */
export function webhookTypeOf(type: DirectorEvent['type']): string {
  if (type.startsWith('work-item-')) return dotted('work-item', type);
  if (type.startsWith('agent-')) return dotted('agent', type);
  return `${type.startsWith('wrap-up-') ? 'agent' : 'work-item'}.${type}`;
}

/** How webhooks name what happens in conversations. */
const OF_CONVERSATIONS = [
  'conversation.opened',
  'conversation.contact-matched',
  'conversation.message-posted',
  'conversation.note-added',
  'conversation.marked',
  'conversation.owner-changed',
  'conversation.turned-away',
  'conversation.ended',
] as const;
export type ConversationEventType = (typeof OF_CONVERSATIONS)[number];

/** How webhooks name what happens to e-mails. */
const OF_EMAILS = [
  'email.conversation-opened',
  'email.contact-matched',
  'email.filed',
  'email.delivery-changed',
  'email.owner-changed',
  'email.read',
  'email.note-added',
  'email.conversation-merged',
  'email.conversation-ended',
  'email.quarantined',
  'email.judged',
] as const;
export type EmailEventType = (typeof OF_EMAILS)[number];

/** All of a kind. */
const KINDS = ['work-item.*', 'agent.*', 'conversation.*', 'email.*'];

/** Whatever a webhook may ask for: an event by its name, or all of a kind as `work-item.*`. */
export const WEBHOOK_EVENT_TYPES: ReadonlySet<string> = new Set([
  ...KINDS,
  ...DirectorEvent.options.map(({ shape }) => webhookTypeOf(shape.type.value)),
  ...OF_CONVERSATIONS,
  ...OF_EMAILS,
]);

function dotted(kind: string, type: string): string {
  return `${kind}.${type.slice(kind.length + 1)}`;
}
