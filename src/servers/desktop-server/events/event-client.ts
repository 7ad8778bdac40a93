import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { seconds } from '#base/time.ts';
import type { ConversationId } from '#domain/ids.ts';
import { ClientFrame, type ServerFrame, type Topic } from '../api/events.ts';
import type { Viewer } from '../rules/visibility.ts';

/** Bytes that may wait for a client beyond its snapshot: more, and it is cut off and comes back by its cursor. */
const UNSENT_BYTES = 1024 * 1024;
/** How long a client that was told to go may take to do so. */
const LAST_WORDS = seconds(2);
/** What happens to others may be told so late: in a busy centre much of it goes out in one write. */
const SOON = seconds(0.02);
/** Frames in a row that make no sense before the session ends. */
const SENSELESS_FRAMES = 50;

/** Why a session was ended by the server, as WebSocket close codes of our own. */
export const CLOSE = {
  restart: 1012,
  brokenFrame: 4400,
  notSignedIn: 4401,
  tooSlow: 4408,
  tooMany: 4429,
} as const;

export interface ClientHooks {
  frame(client: EventClient, frame: ClientFrame): void;
  /** It is over; `reason` when the server ended it. */
  closed(client: EventClient, reason: string | undefined): void;
}

/** One program or browser at the event socket. What it is sent is bounded; what it sends is checked. */
export class EventClient {
  viewer: Viewer;
  topics: ReadonlySet<Topic> = new Set();
  /** Conversations it asked to hear of beside its own. */
  watched: ReadonlySet<ConversationId> = new Set();
  readonly #socket: WebSocket;
  readonly #wire: Writable;
  /** When what was written goes out: at the end of this turn, or a moment later. */
  #leaves: 'now' | 'soon' | undefined;
  #leaving: NodeJS.Timeout | undefined;
  readonly #hooks: ClientHooks;
  #allowance = UNSENT_BYTES;
  #senseless = 0;
  #ended: string | undefined;

  /** @param wire What `socket` writes to. */
  constructor(socket: WebSocket, wire: Writable, viewer: Viewer, hooks: ClientHooks) {
    this.#socket = socket;
    this.#wire = wire;
    this.#hooks = hooks;
    this.viewer = viewer;
    socket.on('message', (data, isBinary) => {
      if (isBinary) return this.end(CLOSE.brokenFrame, 'frames are JSON text');
      this.#hear((data as Buffer).toString());
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => hooks.closed(this, this.#ended));
  }

  send(frame: ServerFrame): void {
    this.sendText(JSON.stringify(frame));
  }

  /** Sends a frame that was made into text before. */
  sendText(text: string): void {
    if (!this.#hasRoom()) return;
    this.#gather('now');
    this.#socket.send(text);
  }

  /** Sends a frame that was made for many. It leaves in the order of sending; what comes `now` takes along what waits. */
  sendFrame(frame: Buffer, when: 'now' | 'soon'): void {
    if (!this.#hasRoom()) return;
    this.#gather(when);
    this.#wire.write(frame);
  }

  /** Sends a snapshot: however large, it may wait, and what follows behind it. */
  sendSnapshot(frame: ServerFrame & { type: 'snapshot' }): void {
    const text = JSON.stringify(frame);
    this.#allowance = UNSENT_BYTES + 2 * text.length;
    this.sendText(text);
  }

  refuse(code: string, message: string): void {
    this.send({ type: 'refused', code, message });
  }

  /** Says why and closes. */
  end(code: number, reason: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), LAST_WORDS).unref();
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  onPong(listener: () => void): void {
    this.#socket.on('pong', listener);
    this.#socket.on('message', listener);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Whether it is open and reads what it is sent; one that does not is cut off. */
  #hasRoom(): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#ended !== undefined) return false;
    if (this.#socket.bufferedAmount <= this.#allowance) return true;
    this.end(CLOSE.tooSlow, 'too slow: come back with your cursor');
    return false;
  }

  /** All that is sent until then goes out in one write: a write costs more than a frame. */
  #gather(when: 'now' | 'soon'): void {
    if (this.#leaves === undefined) this.#wire.cork();
    if (this.#leaves === 'now' || this.#leaves === when) return;
    this.#leaves = when;
    const leave = (): void => this.#leave();
    if (when === 'now') setImmediate(leave);
    else this.#leaving = setTimeout(leave, SOON).unref();
  }

  #leave(): void {
    if (this.#leaves === undefined) return;
    this.#leaves = undefined;
    clearTimeout(this.#leaving);
    this.#wire.uncork();
  }

  #hear(text: string): void {
    if (this.#ended !== undefined) return;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return this.end(CLOSE.brokenFrame, 'a frame is not JSON');
    }
    const frame = ClientFrame.safeParse(value);
    if (frame.success) {
      this.#senseless = 0;
      return this.#hooks.frame(this, frame.data);
    }
    this.refuse('bad-request', `Cannot accept this frame: ${frame.error.issues[0]?.message}`);
    if (++this.#senseless >= SENSELESS_FRAMES) {
      this.end(CLOSE.brokenFrame, 'too many frames that make no sense');
    }
  }
}
