/** What a mailbox at a mail server offers to the collector, whether IMAP or POP3 is spoken there. */
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import type { MailFailure } from './mail-failure.ts';

/**
 * How far a mailbox has been looked at: kept in the transaction that keeps what was found. Everything at or before it
 * has been dealt with. POP3 numbers nothing, so there the list itself is compared with what is held.
 */
export type MailCursor =
  | { readonly type: 'imap'; readonly uidValidity: string; readonly uid: number }
  | { readonly type: 'pop3' };

/** What the server holds, without reading any of it. */
export interface MailListing {
  /**
   * The key of each message, oldest first: `imap:<UIDVALIDITY>:<UID>`, or `pop3:<UIDL>`. A key names one message of
   * the mailbox for ever, whatever the server does. Of all messages, or of those after the cursor.
   */
  readonly keys: readonly string[];
  /**
   * The server has numbered its messages anew since the cursor (UIDVALIDITY): the cursor says nothing any more, `keys`
   * names all messages, and those that are held already come under other keys.
   */
  readonly renumbered: boolean;
}

/** One message as its server holds it. */
export interface FoundMessage {
  readonly type: 'message';
  readonly key: string;
  /** When the server received it: IMAP's INTERNALDATE. POP3 tells none: undefined. */
  readonly receivedAt: Instant | undefined;
  /** Bytes, as the server says; some servers are wrong by a few. */
  readonly size: number;
  /**
   * Its bytes, in pieces of at most a few MiB; once. Read them before the next message is asked for, or not at all.
   *
   * @throws {MailFailure} `message-unreadable` if the server cannot give this one: go on with the next. Any other
   *   failure ends the source.
   */
  content(): AsyncIterable<Uint8Array>;
}

/** A message that was listed and is there no more. */
export interface GoneMessage {
  readonly type: 'gone';
  readonly key: string;
}

/** A message that is listed and that the server does not tell about. */
export interface UnreadableMessage {
  readonly type: 'unreadable';
  readonly key: string;
  readonly failure: MailFailure;
}

/**
 * An open mailbox. It does one thing at a time: wait for one call to end, and read a fetch to its end or leave its loop,
 * before the next. Nothing it does marks a message as seen, and it looks at no such mark.
 *
 * Every call ends by a deadline of its own, and at once when the signal aborts. After a call that threw a `MailFailure`
 * whose `endsSource` is true, or that was aborted, dispose the source and open another.
 */
export interface MailSource extends AsyncDisposable {
  /** What is there, or what came after the cursor. Costs little, however much is there. @throws {MailFailure} */
  list(signal: AbortSignal, after?: MailCursor): Promise<MailListing>;
  /**
   * The messages with these keys, in this order: oldest or newest first is the caller's choice, so what is recent can
   * be asked for beside a backlog. Fetches a little ahead. @throws {MailFailure}
   */
  fetch(
    keys: readonly string[],
    signal: AbortSignal,
  ): AsyncIterable<FoundMessage | GoneMessage | UnreadableMessage>;
  /**
   * Resolves when there may be something new: the server told, or it is time to look. Looks at least every few
   * minutes, whatever the server promised. @throws {MailFailure} If the server does not answer any more.
   */
  news(signal: AbortSignal): Promise<void>;
  /**
   * What becomes of the originals of messages that are filed, as the mailbox's settings say. Those that are gone do
   * not matter, and doing it again changes nothing. @throws {MailFailure}
   */
  settle(keys: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Where the mailbox stands once all up to the message with this key is dealt with. */
export function cursorAt(key: string): MailCursor {
  const [type, uidValidity, uid] = key.split(':');
  if (type === 'imap' && uidValidity !== undefined && uid !== undefined) {
    return { type, uidValidity, uid: Number(uid) };
  }
  return { type: 'pop3' };
}

/** How we make ourselves known to a mail server. */
export type MailCredential =
  | { readonly type: 'password'; readonly user: string; readonly password: string }
  | { readonly type: 'token'; readonly user: string; readonly tokens: TokenSource };

/** Where bearer tokens come from. */
export interface TokenSource {
  /** One that holds for some minutes more. @throws {MailFailure} */
  token(signal: AbortSignal): Promise<string>;
  /** A server has refused it: it is not given out again. */
  refused(token: string): void;
}

/** How long a mail server may take; each has a default. */
export interface MailPatience {
  /** Until it has greeted, TLS is up and we are signed in (default 30 s). */
  readonly open?: Milliseconds;
  /** For a command that says little (default 60 s). */
  readonly command?: Milliseconds;
  /** Without a single byte while it sends much (default 60 s). */
  readonly silence?: Milliseconds;
  /** For a few MiB, however slowly they come (default 10 min). */
  readonly transfer?: Milliseconds;
}

/** What it takes to open any mailbox. */
export interface OpenMailbox {
  readonly credential: MailCredential;
  readonly clock: Clock;
  /** Ends the attempt, not what it opened. */
  readonly signal: AbortSignal;
  readonly patience?: MailPatience;
}
