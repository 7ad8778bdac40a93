import type { GatewayFrame, WidgetFrame } from '#servers/web-chat-gateway/contract.ts';

/** The gateway says something at least every 25 s; longer silence means the line is dead. */
const SILENCE = 40_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 20_000;

export interface ConnectionOptions {
  readonly url: string;
  /** What to say first on every connection. */
  readonly hello: () => WidgetFrame;
  readonly onFrame: (frame: GatewayFrame) => void;
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
  send(frame: WidgetFrame): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Says hello on a new connection: the conversation is another one now. */
  restart(): void {
    this.#wait = 0;
    this.#socket?.close();
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
      if (data) this.#options.onFrame(JSON.parse(String(data)) as GatewayFrame);
    });
    socket.addEventListener('close', () => {
      clearTimeout(this.#watch);
      this.#socket = undefined;
      this.#options.onState('lost');
      // Spread out, so that a restarted gateway is not met by everybody at once.
      this.#retry = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
      this.#wait = Math.min(Math.max(this.#wait, FIRST_WAIT) * 2, LONGEST_WAIT);
    });
  }

  #expectWord(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#socket?.close(), SILENCE);
  }
}
