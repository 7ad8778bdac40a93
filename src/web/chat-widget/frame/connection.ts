import type { ClientFrame, ServerFrame } from '#servers/web-chat-gateway/contract.ts';

/** After so long without a word the gateway is asked; one that does not answer has gone. */
const ASK_AFTER = 20_000;
const ANSWERS_WITHIN = 10_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;

export interface ConnectionOptions {
  readonly url: string;
  /** What to say first on every connection. */
  readonly hello: () => ClientFrame;
  readonly onFrame: (frame: ServerFrame) => void;
  readonly onState: (state: 'open' | 'lost') => void;
}

/** The socket to the gateway; it comes back by itself, with growing pauses. */
export class Connection {
  readonly #options: ConnectionOptions;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    addEventListener('online', () => this.#connect());
    this.#connect();
  }

  /** Sends when connected, and says whether it could. */
  send(frame: ClientFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Says hello once more on the connection there is: the conversation is another one now. */
  greet(): void {
    this.send(this.#options.hello());
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#socket) return;
    const socket = new WebSocket(this.#options.url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify(this.#options.hello()));
      this.#options.onState('open');
      this.#expectWord();
    });
    socket.addEventListener('message', ({ data }) => {
      this.#wait = FIRST_WAIT;
      this.#expectWord();
      this.#options.onFrame(JSON.parse(String(data)) as ServerFrame);
    });
    socket.addEventListener('close', () => {
      clearTimeout(this.#watch);
      this.#socket = undefined;
      this.#options.onState('lost');
      // Spread out, so that a restarted gateway is not met by everybody at once.
      this.#retry = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    });
  }

  #expectWord(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.send({ type: 'ping' });
      this.#watch = setTimeout(() => this.#socket?.close(), ANSWERS_WITHIN);
    }, ASK_AFTER);
  }
}
