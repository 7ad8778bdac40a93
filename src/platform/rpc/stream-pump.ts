import { CallFailure } from '#base/call-failure.ts';
import type { RpcLimits } from './limits.ts';
import type { Outbox } from './outbox.ts';
import type { PendingCall } from './pending-call.ts';
import type { EncodedItem } from './service.ts';
import { asAnswer, encodeError, encodeEvent, encodeResult } from './wire.ts';
import type { MessageId } from './wire.ts';

interface PumpOptions {
  readonly id: MessageId;
  readonly events: AsyncIterator<EncodedItem>;
  readonly call: PendingCall;
  readonly outbox: Outbox;
  readonly limits: RpcLimits;
}

/**
 * Carries one stream to one reader. The producer is asked for the next event only while the reader
 * has room, so a slow reader pauses its producer and costs no memory.
 */
export class StreamPump {
  readonly #options: PumpOptions;
  /** The length of each event sent and not read yet, oldest first. */
  readonly #unread: number[] = [];
  #unreadCharacters = 0;
  #stopped = false;
  #roomAgain: (() => void) | undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  /** Runs until the stream ends; resolves with the message that says so. Never rejects. */
  async run(): Promise<string> {
    const { id, events, outbox, limits } = this.#options;
    try {
      while (!this.#stopped) {
        await this.#room();
        const step = await events.next();
        if (step.done || this.#stopped) break;
        const text = encodeEvent(id, step.value.event, step.value.cursor);
        if (text.length * 3 > limits.frameBytes && Buffer.byteLength(text) > limits.frameBytes) {
          const bound = `An event is over the ${limits.frameBytes} bytes that one message may have`;
          this.stop();
          return encodeError(id, new CallFailure('too-large', bound));
        }
        this.#unread.push(text.length);
        this.#unreadCharacters += text.length;
        outbox.push(text);
      }
      return encodeResult(id, 'null');
    } catch (error) {
      return encodeError(id, asAnswer(error));
    }
  }

  /** The reader has read `count` more events. */
  read(count: number): void {
    for (const length of this.#unread.splice(0, count)) this.#unreadCharacters -= length;
    this.#roomAgain?.();
  }

  /** The reader is gone or wants no more. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#options.call.abort(new CallFailure('closed', 'The reader is gone'));
    // not awaited: a producer in the middle of a wait ends when its signal tells it to
    void this.#options.events.return?.();
    this.#roomAgain?.();
  }

  async #room(): Promise<void> {
    const { outbox, limits } = this.#options;
    while (
      !this.#stopped &&
      (this.#unread.length >= limits.unreadEvents ||
        this.#unreadCharacters >= limits.unreadCharacters)
    ) {
      await new Promise<void>((resolve) => (this.#roomAgain = resolve));
      this.#roomAgain = undefined;
    }
    if (!this.#stopped && outbox.unsentBytes > limits.unsentBytes) {
      await new Promise<void>((resolve) => outbox.whenBelow(limits.unsentBytes / 2, resolve));
    }
  }
}
