import { messageOf } from '#base/failure.ts';
import { Refusal } from '#base/refusal.ts';
import { type Clock, type Instant, type Milliseconds, minutes, seconds } from '#base/time.ts';
import { pause } from '#base/keep-trying.ts';
import { ConversationId } from '#domain/ids.ts';
import { Message } from '#domain/message.ts';
import type { Rooms } from '../rooms.ts';
import { type TryOutcome, afterTry, describeOutcome, restAfter } from '../rules/webhook-retry.ts';
import { signatureHeaders } from '../rules/webhook-signature.ts';
import { post } from './post.ts';
import type { DueDelivery, WebhookTables } from './tables.ts';

/** Deliveries under way at once while all is well; a receiver that fails gets one at a time. */
const AT_ONCE = 4;
const READ_AT_ONCE = 40;
/** How long a signing secret is believed. */
const SECRET_BELIEVED_FOR = minutes(5);
/** A clock may jump, another program may put something in line: so often it is looked anyhow. */
const LOOK_EVERY = seconds(30);

export interface SenderOptions {
  readonly webhook: string;
  readonly url: string;
  readonly rooms: Rooms;
  readonly tables: WebhookTables;
  readonly clock: Clock;
  readonly allowPrivate: boolean;
  readonly giveUpAfter: Milliseconds;
  readonly failingSince: Instant | undefined;
  /** How it fares has changed. */
  readonly fared: (failingSince: Instant | undefined, why: string) => Promise<void>;
  /** The receiver is gone for good, or has failed for too long. */
  readonly giveUp: (why: string) => Promise<void>;
  readonly ended: () => void;
}

/** Sends what waits for one webhook, oldest first, and again where that did not work. */
export class Sender {
  readonly #options: SenderOptions;
  #failures: number;
  #failingSince: Instant | undefined;
  #secret: { readonly value: string; readonly at: Milliseconds } | undefined;
  #wake = new AbortController();

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#failingSince = options.failingSince;
    this.#failures = options.failingSince === undefined ? 0 : 1;
  }

  /** Something new waits. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Sends until the signal. @throws When the database or another component cannot be reached. */
  async run(signal: AbortSignal): Promise<void> {
    const { webhook, tables, clock } = this.#options;
    while (!signal.aborted) {
      const woken = AbortSignal.any([signal, this.#wake.signal]);
      const due = await tables.due(webhook, clock.now(), READ_AT_ONCE);
      if (due.length === 0) {
        const next = (await tables.nextDue(webhook)) ?? Infinity;
        await pause(clock, Math.min(LOOK_EVERY, Math.max(0, next - clock.now())), woken);
        continue;
      }
      await this.#sendAll(due, signal);
      await pause(clock, restAfter(this.#failures), signal);
    }
  }

  async #sendAll(due: readonly DueDelivery[], signal: AbortSignal): Promise<void> {
    let next = 0;
    const sendNext = async (): Promise<void> => {
      while (!signal.aborted) {
        const delivery = due[next++];
        if (!delivery) return;
        await this.#send(delivery, signal);
        if (this.#failures > 0) {
          next = due.length; // leave the rest for when it works again
          return;
        }
      }
    };
    const lanes = this.#failures > 0 ? 1 : AT_ONCE;
    await Promise.all(Array.from({ length: lanes }, sendNext));
  }

  async #send(delivery: DueDelivery, signal: AbortSignal): Promise<void> {
    const { url, allowPrivate, clock } = this.#options;
    const body = JSON.stringify({
      type: delivery.event,
      timestamp: new Date(delivery.happenedAt).toISOString(),
      data: await this.#fill(delivery, signal),
    });
    const at = Math.floor(clock.now() / 1_000);
    const headers = signatureHeaders(await this.#readSecret(signal), delivery.messageId, at, body);
    const outcome = await post(url, { headers, body, allowPrivate, signal });
    // Cut short by our own end it says nothing of the receiver: it stays in line.
    if (!signal.aborted) await this.#conclude(delivery, outcome);
  }

  async #conclude(delivery: DueDelivery, outcome: TryOutcome): Promise<void> {
    const { webhook, tables, clock, giveUpAfter } = this.#options;
    const now = clock.now();
    const tries = delivery.tries + 1;
    const after = afterTry(outcome, { ...delivery, tries }, giveUpAfter, now, Math.random());
    const why = describeOutcome(outcome);
    await tables.tried(
      webhook,
      delivery.position,
      why,
      after.type === 'again'
        ? { state: 'waiting', nextTry: after.at }
        : { state: after.type === 'delivered' ? 'delivered' : 'failed' },
      now,
    );
    if (after.type !== 'again') this.#options.ended();
    await this.#fare(after.type === 'delivered', why, now);
    if (after.type === 'gone') await this.#options.giveUp('it answered 410: gone');
  }

  async #fare(isWell: boolean, why: string, now: Instant): Promise<void> {
    const { fared, giveUp, giveUpAfter } = this.#options;
    if (isWell) {
      this.#failures = 0;
      if (this.#failingSince === undefined) return;
      this.#failingSince = undefined;
      return fared(undefined, why);
    }
    this.#failures++;
    this.#failingSince ??= now;
    await fared(this.#failingSince, why);
    if (now - this.#failingSince > giveUpAfter) {
      await giveUp(`nothing has come through since ${new Date(this.#failingSince).toISOString()}`);
    }
  }

  /** Puts a message's text in, which only its store keeps; '' once the person has been erased. */
  async #fill({ event, payload }: DueDelivery, signal: AbortSignal): Promise<unknown> {
    if (event !== 'conversation.message-posted') return payload;
    const conversation = ConversationId.parse(payload['conversation']);
    const posted = Message.omit({ conversation: true }).parse(payload['message']);
    const read = await this.#options.rooms.messaging.call
      .read({ conversation, since: posted.number - 1 }, { signal })
      .catch((error: unknown) => {
        if (error instanceof Refusal) return undefined; // the conversation is gone
        throw error;
      });
    const text = read?.messages.find(({ number }) => number === posted.number)?.text ?? '';
    return { conversation, message: { ...posted, text } };
  }

  async #readSecret(signal: AbortSignal): Promise<string> {
    const { webhook, rooms, clock } = this.#options;
    const now = clock.monotonic();
    if (this.#secret && now - this.#secret.at < SECRET_BELIEVED_FOR) return this.#secret.value;
    try {
      const { secret } = await rooms.configuration.call.webhookSecret({ webhook }, { signal });
      this.#secret = { value: secret, at: now };
      return secret;
    } catch (error) {
      throw new Error(`Cannot read the signing secret: ${messageOf(error)}`, { cause: error });
    }
  }
}
