import type { Duplex } from 'node:stream';
import { messageOf } from '#base/failure.ts';
import type { Clock, Milliseconds } from '#base/time.ts';
import type { LineLimits } from './limits.ts';
import { BrokenLineError, LineSplitter } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';

export interface ChannelOptions {
  readonly clock: Clock;
  readonly limits: LineLimits;
  /** Until when the hello, or the answer to it, must come; on the monotonic clock. */
  readonly helloBy: Milliseconds;
  /** A line came. Throwing a `BrokenLineError` ends the session; the other side is told why. */
  readonly take: (line: Line, bytes: number) => void;
  /** It is over; called once. `reason` is undefined where the other side simply closed. */
  readonly ended: (reason: Error | undefined) => void;
}

/** Lines in both directions over a connected socket: beats, silence, back-pressure, and one end. */
export class LineChannel {
  readonly #socket: Duplex;
  readonly #options: ChannelOptions;
  readonly #splitter: LineSplitter;
  #timer: Disposable | undefined;
  #heardAt: Milliseconds;
  #saidAt: Milliseconds;
  #expectsBeats = true;
  #isOver = false;
  #drained: PromiseWithResolvers<void> | undefined;

  constructor(socket: Duplex, options: ChannelOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#splitter = new LineSplitter(options.limits.lineBytes);
    this.#heardAt = options.clock.monotonic();
    this.#saidAt = this.#heardAt;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('drain', () => this.#release());
    socket.on('error', (error) => this.end(error));
    socket.on('end', () => this.end(undefined));
    socket.on('close', () => this.end(undefined));
    this.#timer = options.clock.after(options.helloBy - this.#heardAt, () => {
      this.fail('no-hello', 'The hello did not come in time');
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The hello is done: from now on both sides beat. A reader at a terminal does not. */
  begin(expectsBeats: boolean): void {
    this.#expectsBeats = expectsBeats;
    this.#scheduleBeat();
  }

  /** Sends a line; false: wait for `drained` before the next, or memory fills. */
  send(line: object): boolean {
    if (this.#isOver) return true;
    this.#saidAt = this.#options.clock.monotonic();
    this.#cork();
    return this.#socket.write(`${JSON.stringify(line)}\n`);
  }

  /** Resolves when the other side has taken enough, or the channel is over. */
  get drained(): Promise<void> {
    if (this.#isOver || !this.#socket.writableNeedDrain) return Promise.resolve();
    this.#drained ??= Promise.withResolvers();
    return this.#drained.promise;
  }

  /** Reads no further line until `resume`. What is read already still comes. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isOver) this.#socket.resume();
  }

  /** Tells the other side why, and ends. */
  fail(code: string, message: string): void {
    this.send({ error: { code, message } });
    this.end(new Error(message));
  }

  /** Ends; what was sent still goes out. */
  end(reason: Error | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#timer?.[Symbol.dispose]();
    this.#release();
    const { clock, limits } = this.#options;
    const late = clock.after(limits.helloWithin, () => this.#socket.destroy());
    this.#socket.once('close', () => late[Symbol.dispose]());
    this.#socket.resume(); // whatever still comes is thrown away, so that the close is seen
    if (this.#socket.writable) this.#socket.end();
    else this.#socket.destroy();
    this.#options.ended(reason);
  }

  /** All that is sent in one turn of the event loop goes out in one write: a write costs more than a line. */
  #cork(): void {
    if (this.#socket.writableCorked > 0) return;
    this.#socket.cork();
    setImmediate(() => this.#socket.uncork());
  }

  #read(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#heardAt = this.#options.clock.monotonic();
    try {
      this.#splitter.push(bytes, (line, length) => {
        if (!this.#isOver && line['beat'] !== true) this.#options.take(line, length);
      });
    } catch (error) {
      if (!(error instanceof BrokenLineError)) throw error;
      this.fail('broken-line', messageOf(error));
    }
  }

  #release(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #scheduleBeat(): void {
    if (this.#isOver) return;
    const { clock, limits } = this.#options;
    this.#timer?.[Symbol.dispose]();
    this.#timer = clock.after(limits.beatEvery, () => {
      const now = clock.monotonic();
      if (this.#expectsBeats && !this.#socket.isPaused() && now - this.#heardAt >= limits.silence) {
        return this.end(new Error(`The other side was silent for ${now - this.#heardAt} ms`));
      }
      const isDue = now - this.#saidAt >= limits.beatEvery / 2;
      if (isDue && !this.#socket.writableNeedDrain) this.send({ beat: true });
      this.#scheduleBeat();
    });
  }
}
