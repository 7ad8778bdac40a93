/** One connection to an IMAP server: the library, with every wait bounded and every failure told in our words. */
import { ImapFlow } from 'imapflow';
import { isIP } from 'node:net';
import type { Clock, Milliseconds } from '#base/time.ts';
import { hours, minutes, seconds } from '#base/time.ts';
import type { MailSecurity } from '#domain/configuration/mail.ts';
import { inTime } from '../in-time.ts';
import { connectionFailure, timeoutFailure } from '../mail-failure.ts';
import type { MailFailure, MailPeer } from '../mail-failure.ts';
import type { MailPatience, OpenMailbox } from '../mail-source.ts';
import { signInWith } from '../sign-in.ts';
import type { SignIn } from '../sign-in.ts';
import { folderMissing, imapFailure, saysFolderIsMissing } from './imap-failure.ts';

/** A message is asked for in pieces of at most this many bytes; a server that sends more is cut off. */
export const PIECE = 1_024 * 1_024;
/** A command that names more messages is too long for some servers. */
export const NUMBERS = 250;
/** The numbers of three million messages fit into one line. */
const LONGEST_LINE = 32 * 1_024 * 1_024;
const GOODBYE: Milliseconds = seconds(3);

export interface ImapPlace {
  readonly host: string;
  readonly port: number;
  readonly security: MailSecurity;
  /** PEM; '': those that the world trusts. */
  readonly authority: string;
  readonly folder: string;
  /** Nothing there can be changed by us then, whatever we do. */
  readonly readOnly: boolean;
}

export class ImapSession implements AsyncDisposable {
  readonly peer: MailPeer;
  readonly #place: ImapPlace;
  readonly #clock: Clock;
  readonly #patience: Required<MailPatience>;
  readonly #user: string;
  #client: ImapFlow;
  /** What the server said no to last; the library answers some commands with a bare false. */
  #refusal: unknown;
  /** Why the connection is of no use any more. */
  #broken: unknown;

  private constructor(place: ImapPlace, options: OpenMailbox) {
    this.#place = place;
    this.peer = { protocol: 'IMAP', host: place.host, port: place.port };
    this.#clock = options.clock;
    this.#user = options.credential.user;
    this.#patience = {
      open: seconds(30),
      command: seconds(60),
      silence: seconds(60),
      transfer: minutes(10),
      ...options.patience,
    };
    this.#client = new ImapFlow({ logger: false });
  }

  /** Connects, signs in and opens the folder. @throws {MailFailure} */
  static async open(place: ImapPlace, options: OpenMailbox): Promise<ImapSession> {
    const session = new ImapSession(place, options);
    try {
      await signInWith(options.credential, options.signal, (signIn) =>
        session.#connect(signIn, options.signal),
      );
      await session.#select(options.signal);
      return session;
    } catch (error) {
      session.#client.close();
      throw error;
    }
  }

  /** The library, for use inside `ask`. */
  get client(): ImapFlow {
    return this.#client;
  }

  /** Of the folder that is open. */
  get uidValidity(): string {
    return this.#client.mailbox ? String(this.#client.mailbox.uidValidity) : '';
  }

  /**
   * Runs one command to its end. `transfer`: it may last as long as a few MiB take, if only something comes.
   *
   * @throws {MailFailure}
   */
  async ask<T>(
    signal: AbortSignal,
    work: (client: ImapFlow) => Promise<T>,
    takes: 'command' | 'transfer' = 'command',
  ): Promise<T> {
    try {
      return await this.#ask(signal, work, takes);
    } catch (error) {
      throw signal.aborted ? error : imapFailure(error, this.peer, this.#user);
    }
  }

  /** As `ask`, with the server's own words where it says no. @throws What the library throws, or {MailFailure} */
  async askBluntly<T>(
    signal: AbortSignal,
    work: (client: ImapFlow) => Promise<T>,
    takes: 'command' | 'transfer' = 'command',
  ): Promise<T> {
    return await this.#ask(signal, work, takes);
  }

  /**
   * For commands that the library answers with false where the server says no. `meaning` may tell what its reason means.
   *
   * @throws {MailFailure}
   */
  async insist(
    signal: AbortSignal,
    work: (client: ImapFlow) => Promise<unknown>,
    meaning: (refusal: unknown) => MailFailure | undefined,
  ): Promise<void> {
    await this.ask(signal, async (client) => {
      this.#refusal = undefined;
      if ((await work(client)) !== false) return;
      const refusal = this.#refusal ?? new Error('the server does not say why');
      throw meaning(refusal) ?? refusal;
    });
  }

  /** Says goodbye where there is somebody to say it to. */
  async [Symbol.asyncDispose](): Promise<void> {
    const client = this.#client;
    if (!client.isClosed && this.#broken === undefined) {
      const never = new AbortController().signal;
      await inTime(client.logout(), {
        clock: this.#clock,
        signal: never,
        most: GOODBYE,
        late: () => new Error('The server does not say goodbye'),
        cut: () => client.close(),
      }).catch(() => undefined);
    }
    client.close();
  }

  async #ask<T>(
    signal: AbortSignal,
    work: (client: ImapFlow) => Promise<T>,
    takes: 'command' | 'transfer',
  ): Promise<T> {
    signal.throwIfAborted();
    const client = this.#client;
    if (this.#broken !== undefined) throw this.#broken;
    const { silence } = this.#patience;
    return await inTime(work(client), {
      clock: this.#clock,
      signal,
      most: this.#patience[takes],
      ...(takes === 'transfer' && {
        silence: { most: silence, heard: () => client.stats().received },
      }),
      late: () => timeoutFailure(this.peer, 'did not answer in time'),
      cut: () => this.#cut(signal.aborted ? signal.reason : undefined),
    });
  }

  #cut(reason: unknown): void {
    this.#broken ??= reason ?? timeoutFailure(this.peer, 'did not answer in time');
    this.#client.close();
  }

  async #connect(signIn: SignIn, signal: AbortSignal): Promise<void> {
    const { host, port, security, authority } = this.#place;
    const client = new ImapFlow({
      host,
      port,
      secure: security === 'tls',
      ...(security !== 'tls' && { doSTARTTLS: security === 'starttls' }),
      ...(isIP(host) === 0 && { servername: host }),
      tls: { minVersion: 'TLSv1.2', ...(authority !== '' && { ca: authority }) },
      auth:
        signIn.type === 'password'
          ? { user: signIn.user, pass: signIn.password }
          : { user: signIn.user, accessToken: signIn.token },
      clientInfo: { name: 'Emcee' },
      // What tells only levels with a method of their own costs nothing for the others
      logger: { warn: (entry: unknown) => this.#heed(entry), error() {} } as never,
      disableAutoIdle: true,
      disableAutoEnable: true,
      disableIMAP4rev2: true,
      disableCompression: true,
      idHashAlgorithm: 'sha256', // a machine that keeps to FIPS has no MD5
      maxLineLength: LONGEST_LINE,
      maxLiteralSize: PIECE + 65_536,
      maxResponseSize: LONGEST_LINE + PIECE,
      maxResponseTokens: 100_000,
      maxLockHoldTime: false,
      // Ours are shorter and go by the clock that was passed in
      connectionTimeout: hours(1),
      greetingTimeout: hours(1),
      socketTimeout: hours(2),
    });
    this.#client = client;
    this.#broken = undefined;
    client.on('error', (error) => (this.#broken ??= error));
    client.on(
      'close',
      () => (this.#broken ??= connectionFailure(new Error('it was closed'), this.peer)),
    );
    try {
      await inTime(client.connect(), {
        clock: this.#clock,
        signal,
        most: this.#patience.open,
        late: () => timeoutFailure(this.peer, 'did not greet and let us in in time'),
        cut: () => client.close(),
      });
    } catch (error) {
      client.close();
      throw signal.aborted ? error : imapFailure(error, this.peer, this.#user);
    }
  }

  async #select(signal: AbortSignal): Promise<void> {
    const { folder, readOnly } = this.#place;
    try {
      await this.#ask(signal, (client) => client.mailboxOpen(folder, { readOnly }), 'command');
    } catch (error) {
      if (signal.aborted) throw error;
      if (saysFolderIsMissing(error)) throw folderMissing(this.peer, folder, error);
      throw imapFailure(error, this.peer, this.#user);
    }
  }

  #heed(entry: unknown): void {
    if (typeof entry === 'object' && entry !== null && 'err' in entry) this.#refusal = entry.err;
  }
}

/** The number of a message in the folder that is open; undefined for a key of anything else. */
export function uidIn({ uidValidity }: ImapSession, key: string): number | undefined {
  const prefix = `imap:${uidValidity}:`;
  const uid = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN;
  return Number.isSafeInteger(uid) && uid > 0 ? uid : undefined;
}
