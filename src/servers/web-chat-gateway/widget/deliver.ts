import type { AgentId } from '#domain/ids.ts';
import type { Marks, Message } from '#domain/message.ts';
import type { MessagingEvent, Typing } from '#servers/simple-messaging-media-store/contract.ts';
import type { ChatMarks, ChatMessage } from '../contract.ts';
import type { Rooms } from './rooms.ts';
import { encode, send } from './widget-socket.ts';
import type { WidgetSocket } from './widget-socket.ts';

/** What a resuming widget may miss before it is told to come again: it reads everything then. */
const MOST_HELD = 1_000;

/** Hands what the store tells to the widgets of each conversation. */
export class Deliveries {
  readonly #rooms: Rooms;
  readonly #nameOf: (agent: AgentId) => string;

  constructor(rooms: Rooms, nameOf: (agent: AgentId) => string) {
    this.#rooms = rooms;
    this.#nameOf = nameOf;
  }

  /** As the customer sees it. */
  chatMessage({ id, number, from, agent, text, at }: Message): ChatMessage {
    const message = { id, number, from, text, at };
    return agent ? { ...message, name: this.#nameOf(agent) } : message;
  }

  marks({ agentDelivered, agentRead, customerRead }: Marks): ChatMarks {
    return { delivered: agentDelivered, read: agentRead, seen: customerRead };
  }

  ownerName(owner: AgentId | undefined): { name?: string } {
    return owner ? { name: this.#nameOf(owner) } : {};
  }

  deliver(position: number, body: MessagingEvent): void {
    switch (body.type) {
      case 'message-posted':
        return this.#message(position, body.message);
      case 'marked': {
        const frame = { type: 'marks', ...this.marks(body.marks) } as const;
        return this.#all(body.conversation, position, () => encode(frame));
      }
      case 'owner-changed': {
        const frame = { type: 'owner', ...this.ownerName(body.owner) } as const;
        return this.#all(body.conversation, position, () => encode(frame));
      }
      case 'turned-away': {
        const { conversation, reason, opensAt } = body;
        const more = opensAt === undefined ? {} : { opensAt };
        const frame = { type: 'turned-away', reason, ...more } as const;
        return this.#all(conversation, position, () => encode(frame));
      }
      case 'conversation-ended': {
        const frame = { type: 'ended', by: body.by } as const;
        return this.#all(body.conversation, position, () => encode(frame));
      }
      case 'conversation-opened':
      case 'contact-matched':
      case 'note-added': // notes are the agents' own
        return;
    }
  }

  /** The customer sees that somebody on the other side is typing, not who. */
  typing({ conversation, party, typing }: Typing): void {
    if (party === 'customer') return;
    let frame: string | undefined;
    this.#rooms.each(conversation, (socket) => {
      send(socket, (frame ??= encode({ type: 'typing', typing })));
    });
  }

  /** Whoever sent it gets the acknowledgement instead, all others the message. */
  #message(position: number, message: Message): void {
    let frame: string | undefined;
    this.#rooms.each(message.conversation, (socket) => {
      const posted = socket.posting?.get(message.id);
      if (posted === 'under-way') return acknowledge(socket, message);
      if (posted === 'told') return void socket.posting?.delete(message.id);
      frame ??= encode({ type: 'messages', messages: [this.chatMessage(message)] });
      tell(socket, position, frame);
    });
  }

  #all(conversation: Message['conversation'], position: number, make: () => string): void {
    let frame: string | undefined;
    this.#rooms.each(conversation, (socket) => tell(socket, position, (frame ??= make())));
  }
}

/** Tells the sender that the message is stored; what says the same later is not told again. */
export function acknowledge(socket: WidgetSocket, { id, number, at }: Message): void {
  socket.posting?.set(id, 'told');
  send(socket, encode({ type: 'ack', id, number, at }));
}

/** Sends it now, or after what a resuming widget has to read first. */
function tell(socket: WidgetSocket, position: number, frame: string): void {
  if (!socket.held) return send(socket, frame);
  if (socket.held.length < MOST_HELD) socket.held.push({ position, frame });
  else socket.terminate();
}
