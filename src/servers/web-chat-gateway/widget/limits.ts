import type { Clock, Milliseconds } from '#base/time.ts';
import { seconds } from '#base/time.ts';
import type { ConversationId } from '#domain/ids.ts';
import { fullBucket, isFull, rateOf, take } from '../rules/bucket.ts';
import type { Bucket, Rate } from '../rules/bucket.ts';
import type { SourceRates } from './sources.ts';
import type { WidgetSocket } from './widget-socket.ts';

/** Frames of any kind beside messages that one widget may send: typing, marks and pings stay far below. */
const OTHER_FRAMES = 600;
/** Somebody who goes on when told to wait is disconnected at this debt. */
const PATIENCE = 200;
const TYPING_EVERY: Milliseconds = seconds(1);

/** How much widgets, visitors and addresses may say. */
export class Limits {
  readonly #clock: Clock;
  readonly #rates: SourceRates;
  readonly #perSession: Rate;
  readonly #frames: Rate;
  readonly #sessions = new Map<ConversationId, Bucket>();

  constructor(clock: Clock, rates: SourceRates, messagesPerSession: number) {
    this.#clock = clock;
    this.#rates = rates;
    this.#perSession = rateOf(messagesPerSession);
    this.#frames = rateOf(OTHER_FRAMES + messagesPerSession);
  }

  /** @returns Whether the frame may be looked at; `flood` when the widget is to be disconnected. */
  frame(socket: WidgetSocket): 'fine' | 'too-many' | 'flood' {
    const now = this.#clock.monotonic();
    socket.frames ??= fullBucket(this.#frames, now);
    if (take(socket.frames, this.#frames, now) === 0) return 'fine';
    socket.overdrawn++;
    return socket.overdrawn > PATIENCE ? 'flood' : 'too-many';
  }

  /** @returns 0, or how long the visitor must wait with the next message. */
  message(socket: WidgetSocket): Milliseconds {
    const { conversation, source } = socket;
    if (!conversation || !source) return 0;
    const now = this.#clock.monotonic();
    const session = this.#sessions.get(conversation) ?? fullBucket(this.#perSession, now);
    this.#sessions.set(conversation, session);
    return take(session, this.#perSession, now) || take(source.messages, this.#rates.messages, now);
  }

  /** @returns 0, or how long the address must wait with the next conversation. */
  opening({ source }: WidgetSocket): Milliseconds {
    return source ? take(source.openings, this.#rates.openings, this.#clock.monotonic()) : 0;
  }

  /** Whether this sign of typing is worth passing on; the end of typing always is. */
  typing(socket: WidgetSocket, typing: boolean): boolean {
    const now = this.#clock.monotonic();
    if (typing && now - socket.typingSaidAt < TYPING_EVERY) return false;
    socket.typingSaidAt = now;
    return true;
  }

  /** Forgets who has not said anything for a while. */
  sweep(): void {
    const now = this.#clock.monotonic();
    for (const [conversation, bucket] of this.#sessions) {
      if (isFull(bucket, this.#perSession, now)) this.#sessions.delete(conversation);
    }
  }
}
