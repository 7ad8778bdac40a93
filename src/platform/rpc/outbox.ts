import type { WebSocket } from 'ws';

/** A batch is cut here: larger ones save nothing and would make the peer parse in one long stretch. */
const BATCH_CHARACTERS = 64 * 1024;

/**
 * Collects what one turn of the event loop wants to send and sends it as one frame, so that a
 * hundred small messages cost one system call. Order is kept.
 */
export class Outbox {
  readonly #socket: WebSocket;
  /** Messages with commas between them. */
  #batch = '';
  #count = 0;
  #isScheduled = false;
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
    if (this.#count > 0 && this.#batch.length + message.length > BATCH_CHARACTERS) this.flush();
    this.#batch = this.#count === 0 ? message : `${this.#batch},${message}`;
    this.#count++;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#sendLater);
  }

  /** Sends what waits now; for the last words before a close. */
  flush(): void {
    if (this.#count === 0) return;
    const frame = this.#count === 1 ? this.#batch : `[${this.#batch}]`;
    this.#batch = '';
    this.#count = 0;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame, this.#written);
  }

  readonly #sendLater = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

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
