import type { ConversationId } from '#domain/ids.ts';
import type { WidgetSocket } from './widget-socket.ts';

/** Who listens to which conversation: nearly always one tab, so one is kept without a set around it. */
export class Rooms {
  readonly #rooms = new Map<ConversationId, WidgetSocket | Set<WidgetSocket>>();

  join(socket: WidgetSocket, conversation: ConversationId): void {
    const room = this.#rooms.get(conversation);
    if (!room) this.#rooms.set(conversation, socket);
    else if (room instanceof Set) room.add(socket);
    else if (room !== socket) this.#rooms.set(conversation, new Set([room, socket]));
  }

  leave(socket: WidgetSocket, conversation: ConversationId): void {
    const room = this.#rooms.get(conversation);
    if (room === socket) this.#rooms.delete(conversation);
    if (!(room instanceof Set)) return;
    room.delete(socket);
    const [last] = room;
    if (room.size === 1 && last) this.#rooms.set(conversation, last);
  }

  has(conversation: ConversationId): boolean {
    return this.#rooms.has(conversation);
  }

  each(conversation: ConversationId, visit: (socket: WidgetSocket) => void): void {
    const room = this.#rooms.get(conversation);
    if (room instanceof Set) for (const socket of room) visit(socket);
    else if (room) visit(room);
  }
}
