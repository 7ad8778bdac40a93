import type { ClientFrame, ServerFrame } from '#servers/web-chat-gateway/contract.ts';

/** After so long without a word the gateway is asked; one that does not answer has gone. */
const ASK_AFTER = 30_000;
const ANSWERS_WITHIN = 10_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;
/** A connection is given up when it has not come about in this time. */
const OPENS_WITHIN = 15_000;

export interface ConnectionOptions {
  readonly url: string;
  /** What to say first on every connection. */
  readonly hello: () => ClientFrame;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onState: (state: 'open' | 'lost') => void;
}

/** The socket to the gateway; it comes back by itself, with growing pauses, and at once when the network does. */
export class Connection {
  readonly #options: ConnectionOptions;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    addEventListener('online', () => this.#connect());
    addEventListener('offline', () => this.#endIn(0));
    document.addEventListener('visibilitychange', () => this.#check());
    this.#connect();
  }

  /** Sends when connected, and says whether it could. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Says hello once more: the conversation is another one now. */
  greet(): void {
    this.send(this.#options.hello());
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#socket) return;
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    this.#endIn(OPENS_WITHIN);
    socket.addEventListener('open', () => {
      this.greet();
      this.#endIn(ANSWERS_WITHIN);
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      const frame = JSON.parse(String(data)) as ServerFrame;
      this.#askLater();
      if (frame.type === 'welcome') {
        this.#wait = FIRST_WAIT;
        this.#options.onState('open');
      }
      this.#options.onFrame(frame);
    });
    socket.addEventListener('close', () => this.#lost(socket));
  }

  /** Also called when a socket is given up whose own end may take minutes to be noticed. */
  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    clearTimeout(this.#watch);
    this.#socket = undefined;
    this.#options.onState('lost');
    // spread out, so that a restarted gateway is not met by everybody at once
    this.#retry = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  #askLater(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#ask(), ASK_AFTER);
  }

  #ask(): void {
    this.send({ type: 'ping' });
    this.#endIn(ANSWERS_WITHIN);
  }

  #endIn(delay: number): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      const socket = this.#socket;
      socket?.close();
      if (socket) this.#lost(socket);
    }, delay);
  }

  /** Whoever comes back to the tab, perhaps from a night's sleep, learns soon whether the line is alive. */
  #check(): void {
    if (document.visibilityState !== 'visible') return;
    if (this.#socket) this.#ask();
    else this.#connect();
  }
}
