/** A client of the event socket that keeps what a browser keeps, for tests of this room. */
import { WebSocket } from 'ws';
import { Centre } from '#domain/work-item/centre.ts';
import { type ClientFrame, type EventCursor, ServerFrame, type Topic } from '../api/events.ts';

export class EventFollower implements Disposable {
  centre = new Centre();
  cursor: EventCursor | undefined;
  /** Every frame of the present connection. */
  frames: ServerFrame[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  socket!: WebSocket;
  readonly #url: string;
  readonly #headers: Record<string, string>;
  #changed = Promise.withResolvers<void>();

  constructor(url: string, headers: Record<string, string>) {
    this.#url = `${url.replace(/^http/, 'ws')}/api/v1/events`;
    this.#headers = headers;
  }

  /** Connects and follows from the cursor it holds; resolves once it has caught up. */
  async follow(topics: Topic[] = ['work', 'messages'], options = {}): Promise<void> {
    await this.connect(options);
    const { cursor } = this;
    this.say({ type: 'follow', topics, ...(cursor && { cursor }) });
    await this.until((frame) => frame.type === 'caught-up');
  }

  /** @throws {Error} With the status that refused the upgrade. */
  async connect(options = {}): Promise<void> {
    this.frames = [];
    this.closed = undefined;
    const socket = new WebSocket(this.#url, { headers: this.#headers, ...options });
    this.socket = socket;
    socket.on('message', (data: Buffer) =>
      this.#take(ServerFrame.parse(JSON.parse(data.toString()))),
    );
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
      this.#announce();
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
  }

  say(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Goes away; what happens from now on is missed. */
  async leave(): Promise<void> {
    this.socket.close();
    while (!this.closed) await this.#changed.promise;
  }

  /** The first frame for which `wanted` holds, of those there are or the next to come. */
  async until(wanted: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    for (;;) {
      const found = this.frames.find(wanted);
      if (found) return found;
      if (this.closed) throw new Error(`Closed: ${this.closed.code} ${this.closed.reason}`);
      await this.#changed.promise;
    }
  }

  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    while (!this.closed) await this.#changed.promise;
    return this.closed;
  }

  typesSeen(): string[] {
    return this.frames.map(({ type }) => type);
  }

  /** What it believes is open, as the beat lists it. */
  items(): string[] {
    return [...this.centre.items.values()].map(({ id, state }) => `${id}:${state}`).toSorted();
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }

  #take(frame: ServerFrame): void {
    this.frames.push(frame);
    if (frame.type === 'snapshot') {
      this.centre = Centre.of(frame.centre);
      this.cursor = frame.cursor;
    } else if (frame.type === 'work') {
      this.centre.apply(frame.record);
      this.#heardUpTo({ work: frame.record.position });
    } else if (frame.type === 'item') this.centre.items.set(frame.item.id, frame.item);
    else if (frame.type === 'unseen') this.centre.items.delete(frame.item);
    else if (frame.type === 'caught-up') this.cursor = frame.cursor;
    else if (frame.type === 'email') this.#heardUpTo({ emails: frame.position });
    else if ('position' in frame) this.#heardUpTo({ messages: frame.position });
    this.#announce();
  }

  #heardUpTo(part: Partial<EventCursor>): void {
    this.cursor = { work: 0, messages: 0, ...this.cursor, ...part };
  }

  #announce(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
