import type { WebSocket } from 'ws';

/** A batch is cut here: larger ones save nothing and would make the peer parse in one long stretch. */
const BATCH_CHARACTERS = 64 * 1024;

/**
 * Collects what one turn of the event loop wants to send and sends it as one frame, so that a
 * hundred small messages cost one system call. Order is kept.
 */
export class Outbox {
  readonly #socket: WebSocket;
  #messages: string[] = [];
  #scheduled = false;
  #waiting: { readonly bytes: number; readonly action: () => void }[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Bytes that the peer has not taken yet. */
  get unsentBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Runs `action` once fewer than `bytes` are unsent, or nothing can be sent any more. */
  whenBelow(bytes: number, action: () => void): void {
    this.#waiting.push({ bytes, action });
    if (this.#waiting.length === 1) this.#socket.once('close', this.#written);
  }

  push(message: string): void {
    this.#messages.push(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(this.flush);
  }

  /** Sends what waits now; for the last words before a close. */
  readonly flush = (): void => {
    this.#scheduled = false;
    const messages = this.#messages;
    if (messages.length === 0) return;
    this.#messages = [];
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    let from = 0;
    let characters = 0;
    for (let at = 0; at < messages.length; at++) {
      const length = messages[at]?.length ?? 0;
      if (at > from && characters + length > BATCH_CHARACTERS) {
        this.#send(messages, from, at);
        from = at;
        characters = 0;
      }
      characters += length;
    }
    this.#send(messages, from, messages.length);
  };

  #send(messages: readonly string[], from: number, to: number): void {
    const frame =
      to - from === 1 ? (messages[from] ?? '') : `[${messages.slice(from, to).join(',')}]`;
    this.#socket.send(frame, this.#written);
  }

  /** A frame has left, or never will: the socket's own close is where loss is handled. */
  readonly #written = (): void => {
    if (this.#waiting.length === 0) return;
    const open = this.#socket.readyState === this.#socket.OPEN;
    const unsent = this.#socket.bufferedAmount;
    const ready = this.#waiting.filter((one) => !open || unsent < one.bytes);
    if (ready.length === 0) return;
    this.#waiting = this.#waiting.filter((one) => !ready.includes(one));
    if (this.#waiting.length === 0) this.#socket.off('close', this.#written);
    for (const one of ready) one.action();
  };
}
