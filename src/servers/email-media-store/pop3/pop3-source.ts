import { seconds } from '#base/time.ts';
import { pause } from '#base/keep-trying.ts';
import type { Receiving } from '#domain/configuration/mail.ts';
import { portRow } from '#platform/ports/ports.ts';
import { inTime } from '../in-time.ts';
import { MailFailure } from '../mail-failure.ts';
import type {
  FoundMessage,
  GoneMessage,
  MailListing,
  MailSource,
  OpenMailbox,
  UnreadableMessage,
} from '../mail-source.ts';
import { Pop3Session } from './pop3-session.ts';
import type { Pop3Place } from './pop3-wire.ts';
import { receivedAtOf } from './received-at.ts';

export type Pop3Settings = Extract<Receiving, { type: 'pop3' }>;

/** A larger message is read only once its content is asked for: it may be more than anybody wants. */
const AHEAD = 1_024 * 1_024;
const GOODBYE = seconds(3);

/** Opens a mailbox by POP3. @throws {MailFailure} */
export async function openPop3Source(
  settings: Pop3Settings,
  options: OpenMailbox,
): Promise<MailSource> {
  const source = new Pop3Source(settings, options);
  await source.begin(options.signal);
  return source;
}

type Found = FoundMessage | GoneMessage | UnreadableMessage;

/** A session together with what it listed. */
interface Sitting {
  readonly session: Pop3Session;
  /** By UIDL. */
  readonly numbers: ReadonlyMap<string, number>;
}

/**
 * A POP3 session sees the mailbox as it was when it began, keeps every other program out of it and deletes when it ends.
 * So each listing and each settling has a session of its own, and there is none while we wait.
 */
class Pop3Source implements MailSource {
  readonly #settings: Pop3Settings;
  readonly #options: OpenMailbox;
  readonly #place: Pop3Place;
  #sitting: Sitting | undefined;
  /** The session has not been used for a listing yet. */
  #fresh = false;
  #sizes: ReadonlyMap<number, number> | undefined;

  constructor(settings: Pop3Settings, options: OpenMailbox) {
    const { host, security, authority } = settings;
    const { port } = portRow(security === 'tls' ? 'mail-995' : 'mail-110');
    this.#settings = settings;
    this.#options = options;
    this.#place = { host, port: settings.port ?? port, security, authority };
  }

  /** Begins a session, and ends the one there is. @throws {MailFailure} */
  async begin(signal: AbortSignal): Promise<Sitting> {
    await this.#leave(signal);
    await using parts = new AsyncDisposableStack();
    const session = parts.use(await Pop3Session.open(this.#place, { ...this.#options, signal }));
    const numbers = new Map<string, number>();
    // Of messages with the same UIDL, which are copies of each other, the first stands for all
    for (const { number, uidl } of await session.list(signal)) {
      if (!numbers.has(uidl)) numbers.set(uidl, number);
    }
    parts.move();
    this.#sizes = undefined;
    this.#fresh = true;
    this.#sitting = { session, numbers };
    return this.#sitting;
  }

  async list(signal: AbortSignal): Promise<MailListing> {
    const sitting = this.#fresh ? this.#sitting : undefined;
    const { numbers } = sitting ?? (await this.begin(signal));
    this.#fresh = false;
    return { keys: [...numbers.keys()].map((uidl) => `pop3:${uidl}`), renumbered: false };
  }

  async *fetch(keys: readonly string[], signal: AbortSignal): AsyncGenerator<Found, void> {
    const { session, numbers } = this.#sitting ?? (await this.begin(signal));
    this.#sizes ??= await session.sizes(signal);
    for (const key of keys) {
      const number = numbers.get(uidlOf(key));
      if (number === undefined) {
        yield { type: 'gone', key };
        continue;
      }
      const size = this.#sizes.get(number) ?? 0;
      try {
        if (size > AHEAD) yield await largeMessage(session, { key, number, size }, signal);
        else yield* smallMessage(session, { key, number, size }, signal);
      } catch (error) {
        if (!(error instanceof MailFailure)) throw error;
        if (error.endsSource) throw error.during([key]);
        yield { type: 'unreadable', key, failure: error };
      }
    }
  }

  async news(signal: AbortSignal): Promise<void> {
    await this.#leave(signal);
    await pause(this.#options.clock, this.#settings.poll, signal);
    signal.throwIfAborted();
  }

  async settle(keys: readonly string[], signal: AbortSignal): Promise<void> {
    if (this.#settings.after === 'leave' || keys.length === 0) return;
    const { session, numbers } = this.#sitting ?? (await this.begin(signal));
    for (const key of keys) {
      const number = numbers.get(uidlOf(key));
      if (number !== undefined) await session.delete(number, signal);
    }
    await this.#leave(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { clock } = this.#options;
    const goodbye = this.#leave(new AbortController().signal);
    const cut = (): void => undefined;
    const late = (): Error => new Error('The server does not say goodbye');
    const { signal } = new AbortController();
    await inTime(goodbye, { clock, signal, most: GOODBYE, late, cut }).catch(() => undefined);
    await this.#sitting?.session[Symbol.asyncDispose]();
  }

  /** Ends the session there is; what was deleted in it is gone then. */
  async #leave(signal: AbortSignal): Promise<void> {
    const sitting = this.#sitting;
    if (!sitting) return;
    await using session = sitting.session;
    this.#sitting = undefined;
    this.#fresh = false;
    await session.quit(signal);
  }
}

interface Entry {
  readonly key: string;
  readonly number: number;
  readonly size: number;
}

// Read ahead, for what its header tells of when it came. What is left of it is read over.
async function* smallMessage(
  session: Pop3Session,
  { key, number, size }: Entry,
  signal: AbortSignal,
): AsyncGenerator<FoundMessage, void> {
  const pieces = session.message(number, signal);
  const first = await pieces.next();
  async function* content(): AsyncGenerator<Uint8Array, void> {
    if (!first.done) yield first.value;
    yield* pieces;
  }
  const receivedAt = first.done ? undefined : receivedAtOf(first.value);
  yield { type: 'message', key, receivedAt, size, content };
  for await (const _ of pieces);
}

async function largeMessage(
  session: Pop3Session,
  { key, number, size }: Entry,
  signal: AbortSignal,
): Promise<FoundMessage> {
  const header = session.can('TOP') ? await session.header(number, signal) : new Uint8Array(0);
  const content = (): AsyncIterable<Uint8Array> => session.message(number, signal);
  return { type: 'message', key, receivedAt: receivedAtOf(header), size, content };
}

const uidlOf = (key: string): string => (key.startsWith('pop3:') ? key.slice(5) : '');
