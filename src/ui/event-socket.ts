/** What the connection to the server is doing. `lost` lasts until it is back; it tries by itself. */
export type ConnectionState = 'connecting' | 'open' | 'lost';

export interface EventSocketOptions<Frame> {
  /** The path of the socket on this server. */
  readonly path: string;
  /** What to say first on every connection: what is wanted, and from where on. */
  readonly hello: () => unknown;
  readonly onFrame: (frame: Frame) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** The server says something every 10 s; twice that and a bit without a word means the line is dead. */
const SILENCE = 25_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** A WebSocket of JSON frames that comes back by itself, with growing pauses, and at once when the network does. */
export class EventSocket<Frame> implements Disposable {
  readonly #options: EventSocketOptions<Frame>;
  #socket: WebSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT;
  #ended = false;
  readonly #online = (): void => this.#connectNow();

  constructor(options: EventSocketOptions<Frame>) {
    this.#options = options;
    addEventListener('online', this.#online);
    addEventListener('offline', this.#giveUp);
    this.#connect();
  }

  /** Sends when connected; otherwise it is lost: `hello` says what matters after a reconnect. */
  send(frame: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** Drops the connection and makes a new one, which says `hello` again. */
  restart(): void {
    this.#socket?.close();
  }

  [Symbol.dispose](): void {
    this.#ended = true;
    removeEventListener('online', this.#online);
    removeEventListener('offline', this.#giveUp);
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    this.#socket?.close();
  }

  #connectNow(): void {
    if (this.#socket || this.#ended) return;
    this.#wait = FIRST_WAIT;
    this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#ended || this.#socket) return;
    const url = new URL(this.#options.path, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify(this.#options.hello()));
      this.#options.onState('open');
      this.#expectWord();
    });
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      this.#wait = FIRST_WAIT;
      this.#expectWord();
      this.#options.onFrame(JSON.parse(String(data)) as Frame);
    });
    socket.addEventListener('close', () => this.#lost(socket));
  }

  /** Also called when a socket is given up whose own end may take minutes to be noticed. */
  #lost(socket: WebSocket): void {
    if (this.#socket !== socket) return;
    clearTimeout(this.#watch);
    this.#socket = undefined;
    if (this.#ended) return;
    this.#options.onState('lost');
    // Spread out, so that a restarted server is not met by everybody at the same moment.
    this.#retry = setTimeout(() => this.#connect(), this.#wait * (0.5 + Math.random()));
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  /** Nothing goes over this line any more, whatever the browser still thinks of it. */
  readonly #giveUp = (): void => {
    const socket = this.#socket;
    socket?.close();
    if (socket) this.#lost(socket);
  };

  #expectWord(): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(this.#giveUp, SILENCE);
  }
}
