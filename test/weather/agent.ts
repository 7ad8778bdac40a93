/** An agent who is a program: accepts, answers every message once, closes when the customer says good-bye. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '#domain/message.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';
import { EventFollower } from '#servers/desktop-server/testing/event-follower.ts';
import type { Emcee } from '../../examples/emcee.ts';
import { EmceeRefusal } from '../../examples/emcee.ts';
import type { Centre } from './start-centre.ts';

/** What a customer says to end it. */
export const GOOD_BYE = 'Good-bye';

const EVERY = 100;
const LONGEST_QUOTE = 100;

export class Agent implements AsyncDisposable {
  readonly id: string;
  /** Ids of replies whose storing was acknowledged, by conversation. */
  readonly replied = new Map<string, Set<string>>();
  /** The messages that its socket has told, in order, by connection and conversation. */
  readonly heard = new Map<string, number[]>();
  /** Refusals that are no weather, as `code: message`. */
  readonly surprises: string[] = [];
  readonly #api: Emcee;
  readonly #events: EventFollower;
  readonly #stop = new AbortController();
  readonly #answered = new Map<string, number>();
  #working: Promise<void> = Promise.resolve();
  #isHeard = 0;
  #connections = 0;

  constructor(centre: Centre, id: string) {
    this.id = id;
    this.#api = centre.as(id);
    this.#events = new EventFollower(centre.url, {
      authorization: `Bearer ${centre.token}`,
      'emcee-agent': id,
    });
  }

  /** Logs in, is ready, and works until disposed. */
  async start(): Promise<void> {
    await this.#follow();
    // The director hears of a new agent a moment after the configuration server has it.
    while (!(await this.#isLoggedIn())) await sleep(EVERY);
    await this.#api.call('PUT', '/me/readiness', { state: 'ready' });
    this.#working = this.#work();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#working;
    if (this.#connections > 0) this.#events[Symbol.dispose]();
  }

  async #isLoggedIn(): Promise<boolean> {
    try {
      await this.#api.call('POST', '/me/log-in', { station: this.id, takeOver: true });
      return true;
    } catch (error) {
      if (error instanceof EmceeRefusal && error.code === 'unknown-agent') return false;
      throw error;
    }
  }

  async #work(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        this.#takeHeard();
        if (this.#events.closed) await this.#follow();
        await this.#lookAround();
      } catch (error) {
        // Whatever it was, what is open is found again; the program may be gone just now.
        this.#note(error);
      }
      await sleep(EVERY);
    }
    this.#takeHeard();
  }

  async #follow(): Promise<void> {
    this.#isHeard = 0;
    this.#connections++;
    await this.#events.follow(['work', 'messages'], { handshakeTimeout: 5_000 });
  }

  #takeHeard(): void {
    const { frames } = this.#events;
    for (const frame of frames.slice(this.#isHeard)) {
      if (frame.type !== 'message') continue;
      const { conversation, number } = frame.message;
      const key = `connection ${this.#connections}: ${conversation}`;
      this.heard.set(key, [...(this.heard.get(key) ?? []), number]);
    }
    this.#isHeard = frames.length;
  }

  async #lookAround(): Promise<void> {
    const { items } = await this.#api.call<{ items: OpenWorkItem[] }>(
      'GET',
      `/work-items?agent=${this.id}`,
    );
    for (const item of items) {
      if (item.state === 'offered') await this.#accept(item);
      if (item.state === 'accepted' && item.channel === 'web-chat') await this.#converse(item);
    }
  }

  async #accept({ id, offer }: OpenWorkItem): Promise<void> {
    await this.#api.call('POST', `/work-items/${id}/accept`, { offer });
  }

  async #converse({ id, conversation }: OpenWorkItem): Promise<void> {
    const since = this.#answered.get(conversation) ?? 0;
    const { messages } = await this.#api.call<{ messages: Message[] }>(
      'GET',
      `/conversations/${conversation}?since=${since}`,
    );
    for (const { number, from, text } of messages) {
      if (from === 'customer') await this.#reply(conversation, number, text);
      if (text === GOOD_BYE) {
        await this.#api.call('POST', `/work-items/${id}/close`, { code: 'solved' });
        return;
      }
      this.#answered.set(conversation, number);
    }
  }

  /** The id is made of what is answered: however often it is said, it is stored once. */
  async #reply(conversation: string, number: number, text: string): Promise<void> {
    const id = `re-${number}`;
    await this.#api.call('POST', `/conversations/${conversation}/messages`, {
      id,
      text: `Re: ${text.slice(0, LONGEST_QUOTE)}`,
    });
    const replied = this.replied.get(conversation) ?? new Set();
    this.replied.set(conversation, replied.add(id));
  }

  #note(error: unknown): void {
    if (!(error instanceof EmceeRefusal)) return; // no answer at all
    const isWeather = error.status >= 500 || PASSING.has(error.code);
    if (!isWeather) this.surprises.push(`${error.code}: ${error.message}`);
  }
}

/** The item moved on between looking and doing. */
const PASSING = new Set([
  'offer-over',
  'unknown-item',
  'wrong-state',
  'not-yours',
  'conversation-ended',
]);
