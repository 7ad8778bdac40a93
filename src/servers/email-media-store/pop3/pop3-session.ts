/** One session with a POP3 server: RFC 1939, with STLS (2595), CAPA (2449), AUTH (5034) and bearer tokens. */
import type { Clock } from '#base/time.ts';
import { minutes, seconds } from '#base/time.ts';
import { inTime } from '../in-time.ts';
import {
  MailFailure,
  encryptionFailure,
  protocolFailure,
  timeoutFailure,
} from '../mail-failure.ts';
import type { MailPeer } from '../mail-failure.ts';
import type { MailPatience, OpenMailbox } from '../mail-source.ts';
import { signInWith } from '../sign-in.ts';
import type { SignIn } from '../sign-in.ts';
import { Pop3Refusal, pop3Failure } from './pop3-failure.ts';
import { Pop3Wire } from './pop3-wire.ts';
import type { Pop3Place } from './pop3-wire.ts';

/** Pieces of a message are handed on at about this size. */
const PIECE = 1_024 * 1_024;
/** A list of a million messages has a few dozen bytes for each. */
const LONGEST_LIST = 64 * 1_024 * 1_024;

/** A message of the session. Its number is good for this session alone. */
export interface Listed {
  readonly number: number;
  /** RFC 1939 §7: one to 70 printable characters. */
  readonly uidl: string;
}

export class Pop3Session implements AsyncDisposable {
  readonly peer: MailPeer;
  readonly #clock: Clock;
  readonly #patience: Required<MailPatience>;
  #wire: Pop3Wire;
  #capabilities: ReadonlySet<string> = new Set();
  /** Why the session is of no use any more; a message that was left half read is one reason. */
  #broken: MailFailure | undefined;

  private constructor(place: Pop3Place, options: OpenMailbox) {
    this.peer = { protocol: 'POP3', host: place.host, port: place.port };
    this.#clock = options.clock;
    this.#patience = {
      open: seconds(30),
      command: seconds(60),
      silence: seconds(60),
      transfer: minutes(10),
      ...options.patience,
    };
    this.#wire = new Pop3Wire(place, this.peer);
  }

  /** Connects and signs in. The mailbox is ours alone until the session ends. @throws {MailFailure} */
  static async open(place: Pop3Place, options: OpenMailbox): Promise<Pop3Session> {
    const { credential, signal } = options;
    return await signInWith(credential, signal, async (signIn) => {
      signal.throwIfAborted();
      const session = new Pop3Session(place, options);
      try {
        await session.#within(signal, 'open', () => session.#begin(place, signIn));
        return session;
      } catch (error) {
        session.#wire.cut();
        throw error;
      }
    });
  }

  /** True where the server says so in answer to CAPA. */
  can(capability: string): boolean {
    return this.#capabilities.has(capability);
  }

  /** All messages, oldest first. @throws {MailFailure} */
  async list(signal: AbortSignal): Promise<readonly Listed[]> {
    const lines = await this.#listOf('UIDL', signal);
    return lines.map((line): Listed => {
      const [, number, uidl] = /^(\d{1,9}) +([\u0021-\u007E]{1,250})\s*$/.exec(line) ?? [];
      if (number === undefined || uidl === undefined) {
        throw protocolFailure(this.peer, `it lists "${line}"`);
      }
      return { number: Number(number), uidl };
    });
  }

  /** Bytes of each message, by its number. @throws {MailFailure} */
  async sizes(signal: AbortSignal): Promise<ReadonlyMap<number, number>> {
    const lines = await this.#listOf('LIST', signal);
    return new Map(
      lines.map((line): [number, number] => {
        const [, number, size] = /^(\d{1,9}) +(\d{1,15})\b/.exec(line) ?? [];
        if (number === undefined) throw protocolFailure(this.peer, `it lists "${line}"`);
        return [Number(number), Number(size)];
      }),
    );
  }

  /** The header of a message; where it is longer than a piece, its beginning. @throws {MailFailure} */
  async header(number: number, signal: AbortSignal): Promise<Uint8Array> {
    let first: Uint8Array | undefined;
    for await (const piece of this.#read(`TOP ${number} 0`, signal)) first ??= piece;
    return first ?? new Uint8Array(0);
  }

  /**
   * The message, in pieces of about a MiB. Read it to its end or dispose the session.
   *
   * @throws {MailFailure} `message-unreadable` where the server has none to give; the session goes on.
   */
  message(number: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    return this.#read(`RETR ${number}`, signal);
  }

  /** Marks a message; it is deleted once `quit` has succeeded. @throws {MailFailure} */
  async delete(number: number, signal: AbortSignal): Promise<void> {
    await this.#within(signal, 'command', () => this.#command(`DELE ${number}`));
  }

  /** Ends the session; what was deleted in it is gone then. @throws {MailFailure} */
  async quit(signal: AbortSignal): Promise<void> {
    await this.#within(signal, 'command', () => this.#command('QUIT'));
    this.#break(protocolFailure(this.peer, 'the session has ended'));
  }

  /** Breaks the session off: what was marked stays. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#wire.cut();
    return Promise.resolve();
  }

  async *#read(command: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    try {
      await this.#within(signal, 'command', () => this.#command(command));
    } catch (error) {
      if (!(error instanceof MailFailure) || !(error.cause instanceof Pop3Refusal)) throw error;
      throw new MailFailure({
        kind: 'temporary',
        reason: 'message-unreadable',
        what: `The mail server cannot give one message: ${error.cause.message}`,
        advice:
          'The others are fetched all the same; ask who runs the mail server to repair this one.',
        cause: error,
      });
    }
    const bytes = this.#wire.body();
    let ended = false;
    try {
      while (!ended) {
        const parts: Buffer[] = [];
        ended = await this.#within(signal, 'transfer', async () => {
          for (let length = 0; length < PIECE;) {
            const { done, value } = await bytes.next();
            if (done) return true;
            parts.push(value);
            length += value.length;
          }
          return false;
        });
        if (parts.length > 0) yield Buffer.concat(parts);
      }
    } finally {
      if (!ended) this.#break(protocolFailure(this.peer, 'a message was not read to its end'));
    }
  }

  async #listOf(command: string, signal: AbortSignal): Promise<readonly string[]> {
    return await this.#within(signal, 'transfer', async () => {
      await this.#command(command);
      const parts: Buffer[] = [];
      let length = 0;
      for await (const part of this.#wire.body()) {
        length += part.length;
        if (length > LONGEST_LIST) throw protocolFailure(this.peer, 'a list has no end');
        parts.push(part);
      }
      return Buffer.concat(parts).toString('latin1').split('\r\n').slice(0, -1);
    });
  }

  async #begin(place: Pop3Place, signIn: SignIn): Promise<void> {
    await this.#answer();
    if (place.security === 'starttls') {
      this.#wire.write('STLS');
      await this.#answer().catch((error: unknown) => {
        throw error instanceof Pop3Refusal ? encryptionFailure(this.peer, 'STLS') : error;
      });
      await this.#wire.encrypt();
    }
    await this.#learn();
    try {
      await this.#signIn(signIn);
    } catch (error) {
      throw pop3Failure(error, this.peer, signIn.user);
    }
    await this.#learn(); // some say more to those they know
  }

  async #learn(): Promise<void> {
    try {
      await this.#command('CAPA');
    } catch (error) {
      if (error instanceof Pop3Refusal) return; // older than CAPA
      throw error;
    }
    const found = new Set<string>();
    let text = '';
    for await (const part of this.#wire.body()) {
      text += part.toString('latin1');
      if (text.length > PIECE) throw protocolFailure(this.peer, 'a list has no end');
    }
    for (const line of text.toUpperCase().split('\r\n')) {
      const [name = '', ...values] = line.trim().split(/ +/);
      found.add(name);
      if (name === 'SASL') for (const value of values) found.add(`SASL ${value}`);
    }
    this.#capabilities = found;
  }

  async #signIn(signIn: SignIn): Promise<void> {
    const { user } = signIn;
    if (/\p{Cc}/u.test(user)) throw new Pop3Refusal('-ERR no such user');
    if (signIn.type === 'token') {
      const bearer = this.can('SASL OAUTHBEARER');
      const { host, port } = this.peer;
      const head = bearer
        ? `n,a=${saslName(user)},\u0001host=${host}\u0001port=${port}`
        : `user=${user}`;
      const said = `${head}\u0001auth=Bearer ${signIn.token}\u0001\u0001`;
      return await this.#authenticate(bearer ? 'OAUTHBEARER' : 'XOAUTH2', said);
    }
    if (this.can('SASL PLAIN')) {
      return await this.#authenticate('PLAIN', `\0${user}\0${signIn.password}`);
    }
    if (/[\r\n\0]/.test(signIn.password)) throw new Pop3Refusal('-ERR no such password');
    await this.#command(`USER ${user}`);
    await this.#command(`PASS ${signIn.password}`);
  }

  /** What is said goes on a line of its own, as every server takes it, whatever its length (RFC 5034 §4). */
  async #authenticate(mechanism: string, said: string): Promise<void> {
    this.#wire.write(`AUTH ${mechanism}`);
    for (let left = [Buffer.from(said).toString('base64')]; ; left = []) {
      const line = await this.#wire.line();
      if (/^\+OK\b/i.test(line)) return;
      if (!line.startsWith('+')) throw new Pop3Refusal(line);
      // A further challenge tells why a token is refused; an empty answer has the server say no (RFC 7628 §3.2.3)
      this.#wire.write(left[0] ?? (mechanism === 'OAUTHBEARER' ? 'AQ==' : ''));
      if (left.length === 0) throw new Pop3Refusal(await this.#wire.line());
    }
  }

  async #command(line: string): Promise<string> {
    this.#wire.write(line);
    return await this.#answer();
  }

  async #answer(): Promise<string> {
    const line = await this.#wire.line();
    if (/^\+OK\b/i.test(line)) return line;
    if (/^-ERR\b/i.test(line)) throw new Pop3Refusal(line);
    throw protocolFailure(this.peer, `it answers "${line}"`);
  }

  async #within<T>(
    signal: AbortSignal,
    takes: 'open' | 'command' | 'transfer',
    work: () => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    if (this.#broken) throw this.#broken;
    const wire = this.#wire;
    try {
      return await inTime(work(), {
        clock: this.#clock,
        signal,
        most: this.#patience[takes],
        ...(takes === 'transfer' && {
          silence: { most: this.#patience.silence, heard: () => wire.received },
        }),
        late: () => timeoutFailure(this.peer, 'did not answer in time'),
        cut: () => wire.cut(),
      });
    } catch (error) {
      const failure = pop3Failure(error, this.peer);
      if (!(error instanceof Pop3Refusal)) this.#break(failure);
      throw signal.aborted ? error : failure;
    }
  }

  #break(failure: MailFailure): void {
    this.#broken ??= failure;
    this.#wire.end();
  }
}

/** RFC 5801 §4. */
const saslName = (name: string): string => name.replaceAll('=', '=3D').replaceAll(',', '=2C');
