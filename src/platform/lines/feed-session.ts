import { Refusal } from '#base/refusal.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { Hello, LineConversation } from './conversation.ts';
import type { LineChannel } from './line-channel.ts';
import { BrokenLineError } from './line-splitter.ts';
import type { Line } from './line-splitter.ts';
import type { LineFeed } from './lines.ts';

/** The feed's side of one session: asks for the next event while the reader keeps up. */
export class FeedSession implements LineConversation {
  readonly #channel: LineChannel;
  readonly #life = new AbortController();
  readonly #heard: ((n: number) => void)[] = [];
  readonly #telling: Promise<void>;
  #sent: number;

  constructor(
    channel: LineChannel,
    feed: LineFeed,
    hello: Hello,
    options: { readonly role: string; readonly trace: Trace | undefined },
  ) {
    this.#channel = channel;
    this.#sent = hello.since ?? 0;
    this.#telling = this.#tell(feed, hello, options.role, options.trace);
  }

  take(line: Line): void {
    const { ack } = line;
    if (typeof ack !== 'number' || !Number.isSafeInteger(ack) || ack > this.#sent) {
      throw new BrokenLineError('Cannot take a line: it is no acknowledgement of what was sent');
    }
    for (const heard of this.#heard) heard(ack);
  }

  async ended(): Promise<void> {
    this.#life.abort(new Error('The reader is gone'));
    await this.#telling;
  }

  async #tell(
    feed: LineFeed,
    { stream, since, filter }: Hello,
    role: string,
    trace: Trace | undefined,
  ): Promise<void> {
    const { signal } = this.#life;
    const acknowledged = (heard: (n: number) => void): void => void this.#heard.push(heard);
    try {
      const events = feed.follow({ role, stream, since, filter, acknowledged }, signal);
      this.#channel.send({ welcome: {} });
      for await (const { n, event } of events) {
        if (signal.aborted) return;
        this.#sent = n;
        if (!this.#channel.send({ n, event })) await this.#channel.drained;
      }
      this.#channel.send({ end: true });
      this.#channel.end(undefined);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal) return this.#channel.fail(error.code, error.message);
      trace?.fault('lines.failed', error, { stream });
      this.#channel.fail('internal', 'The feed failed: see its trace');
    }
  }
}
