/** A customer's chat widget, as far as the wire can tell: what is not acknowledged is sent again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { ChatMessage, ServerFrame } from '#servers/web-chat-gateway/contract.ts';
import { ENTRY_POINT } from './start-centre.ts';

type Of<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

const RECONNECT_AFTER = 150;
/** A widget asks for a sign of life every 30 s; here nobody waits that long. */
const SILENCE = 5_000;

/** A message that was written, until the centre has said that it is stored. */
interface Unacknowledged {
  readonly id: string;
  readonly text: string;
  readonly stored: PromiseWithResolvers<Of<'ack'>>;
  /** Not before then: it was told to wait. */
  notBefore: number;
}

export class Visitor implements Disposable {
  /** Every frame, of all connections. */
  readonly frames: ServerFrame[] = [];
  /** What it shows: every message once, by number. */
  readonly shown = new Map<number, ChatMessage>();
  /** What the centre has acknowledged: number by id. */
  readonly acknowledged = new Map<string, number>();
  /** The token that proves who may read the conversation. */
  session: string | undefined;
  ended = false;
  readonly #url: string;
  readonly #origin: string;
  readonly #waiting = new Map<string, Unacknowledged>();
  readonly #wakers = new Set<() => void>();
  #socket: WebSocket | undefined;
  #isWelcome = false;
  #isOver = false;
  #sent = 0;
  #heardAt = 0;

  /** Begins to connect, and goes on until disposed. */
  constructor(url: string) {
    this.#origin = url;
    this.#url = `${url.replace(/^http/, 'ws')}/chat/socket`;
    void this.#keepConnected();
  }

  /** The id of its conversation. */
  get conversation(): string {
    const hex = Buffer.from(this.session ?? '', 'base64url').toString('hex', 0, 16);
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** The texts that it shows, in order. */
  get texts(): string[] {
    return [...this.shown]
      .toSorted(([a], [b]) => a - b)
      .map(([, { from, text }]) => `${from}: ${text}`);
  }

  /** Says something; resolves once it is stored, however often it had to be said. */
  write(text: string, id = `m${++this.#sent}`): Promise<Of<'ack'>> {
    const stored = Promise.withResolvers<Of<'ack'>>();
    this.#waiting.set(id, { id, text, stored, notBefore: 0 });
    this.#say();
    return stored.promise;
  }

  /** Sends a frame as it is, where connected. */
  say(frame: object): void {
    if (this.#isWelcome) this.#socket?.send(JSON.stringify(frame));
  }

  /** Resolves once something holds; looks at every frame. */
  async until<T>(look: () => T | undefined | false): Promise<T> {
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wakers.add(resolve);
      await promise;
      this.#wakers.delete(resolve);
    }
  }

  /** The first frame of a type behind the first `from`. */
  next<T extends ServerFrame['type']>(type: T, from = 0): Promise<Of<T>> {
    return this.until(() => this.frames.slice(from).find((f): f is Of<T> => f.type === type));
  }

  /** Its connection breaks, as in a tunnel; it comes back by itself. */
  breakOff(): void {
    this.#socket?.terminate();
  }

  /** Closes the laptop. */
  leave(): void {
    this.#isOver = true;
    this.#socket?.terminate();
  }

  /** Opens it again; resolves once it is welcome. */
  async comeBack(): Promise<void> {
    const from = this.frames.length;
    this.#isOver = false;
    void this.#keepConnected();
    await this.next('welcome', from);
  }

  [Symbol.dispose](): void {
    this.leave();
  }

  async #keepConnected(): Promise<void> {
    while (!this.#isOver) {
      await this.#connectOnce();
      this.#isWelcome = false;
      if (!this.#isOver) await sleep(RECONNECT_AFTER);
    }
  }

  async #connectOnce(): Promise<void> {
    const socket = new WebSocket(this.#url, { origin: this.#origin, handshakeTimeout: SILENCE });
    this.#socket = socket;
    socket.on('error', () => undefined); // 'close' follows
    socket.on('open', () => {
      const since = Math.max(0, ...this.shown.keys(), ...this.acknowledged.values());
      socket.send(
        JSON.stringify({
          type: 'hello',
          entryPoint: ENTRY_POINT,
          session: this.session,
          since: this.session === undefined ? 0 : this.#holdsAllUpTo(since),
        }),
      );
    });
    socket.on('message', (data: Buffer) => {
      this.#heardAt = Date.now();
      this.#take(JSON.parse(data.toString()) as ServerFrame);
    });
    this.#heardAt = Date.now();
    const beat = setInterval(() => this.#beat(socket), 200);
    await new Promise((resolve) => void socket.once('close', resolve));
    clearInterval(beat);
  }

  /** The last number before the first gap. */
  #holdsAllUpTo(last: number): number {
    const acknowledged = new Set(this.acknowledged.values());
    for (let number = 1; number <= last; number++) {
      if (!this.shown.has(number) && !acknowledged.has(number)) return number - 1;
    }
    return last;
  }

  #beat(socket: WebSocket): void {
    if (Date.now() - this.#heardAt > SILENCE) return socket.terminate();
    this.say({ type: 'ping' });
    this.#say();
  }

  #say(): void {
    const now = Date.now();
    for (const message of this.#waiting.values()) {
      if (message.notBefore > now || !this.#isWelcome) continue;
      message.notBefore = now + SILENCE; // unless the connection breaks before
      this.say({ type: 'message', id: message.id, text: message.text });
    }
  }

  #take(frame: ServerFrame): void {
    if (frame.type !== 'pong') this.frames.push(frame);
    switch (frame.type) {
      case 'welcome':
        this.session = frame.session;
        this.#isWelcome = true;
        this.ended ||= frame.conversation?.ended !== undefined;
        for (const message of this.#waiting.values()) message.notBefore = 0;
        this.#say();
        break;
      case 'messages':
        for (const message of frame.messages) this.#show(message);
        break;
      case 'ack':
        this.acknowledged.set(frame.id, frame.number);
        this.#waiting.get(frame.id)?.stored.resolve(frame);
        this.#waiting.delete(frame.id);
        break;
      case 'refused':
        this.#refused(frame);
        break;
      case 'ended':
        this.ended = true;
        break;
      default: // changes nothing that is asked about here
    }
    for (const wake of this.#wakers) wake();
  }

  #show(message: ChatMessage): void {
    this.shown.set(message.number, message);
    const own = this.#waiting.get(message.id);
    if (!own || message.from !== 'customer') return;
    // stored before the connection broke, and only the acknowledgement was lost
    const { id, number, at } = message;
    this.acknowledged.set(id, number);
    this.#waiting.delete(id);
    own.stored.resolve({ type: 'ack', id, number, at });
  }

  #refused({ id, code, message, retryAfter }: Of<'refused'>): void {
    const own = id === undefined ? undefined : this.#waiting.get(id);
    if (!own || id === undefined) return;
    if (retryAfter !== undefined) own.notBefore = Date.now() + retryAfter;
    else {
      this.#waiting.delete(id);
      own.stored.reject(new Error(`${code}: ${message}`));
    }
  }
}
