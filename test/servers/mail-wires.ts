/** How tests put messages into a mail server, and what every mail server of theirs offers. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A mail server of a test. Any user has a mailbox, all with one password. */
export interface MailServer extends AsyncDisposable {
  /** The name its certificate holds; it listens on the loopback address. */
  readonly host: 'localhost';
  readonly password: string;
  /** `imap` and `pop3` take plain text and STARTTLS or STLS; those with an s speak TLS at once. */
  readonly ports: Readonly<Record<'imap' | 'imaps' | 'pop3' | 'pop3s' | 'lmtp', number>>;
  /** The private authority that signed its certificate, in PEM. */
  readonly authority: string;
  /** Brings messages in by LMTP, as a mail transfer agent does; the server adds its own headers. */
  deliver(user: string, ...messages: readonly Message[]): Promise<void>;
  /** Puts messages into a mailbox byte for byte, as received at a time (ms since 1970; default now). */
  append(user: string, messages: readonly Message[], at?: number): Promise<void>;
  /** Ends the server and every connection; what is in the mailboxes stays. */
  stop(): Promise<void>;
  /** Starts it again on the same ports. */
  start(): Promise<void>;
}

export type Message = Uint8Array | string;

/** @throws {Error} If the server refuses one of the messages; those before it are in. */
export async function deliverByLmtp(
  port: number,
  recipient: string,
  messages: readonly Message[],
): Promise<void> {
  await using wire = await openWire(port);
  const say = async (bytes: Message, answer: RegExp): Promise<void> => {
    wire.socket.write(bytes);
    const line = await wire.answer((each) => /^\d{3} /.test(each));
    if (!answer.test(line)) throw new Error(`Cannot deliver to "${recipient}": ${line}`);
  };
  await say('', /^220/);
  await say('LHLO test.example\r\n', /^250/);
  for (const message of messages) {
    await say('MAIL FROM:<customer@example.net>\r\n', /^250/);
    await say(`RCPT TO:<${recipient}>\r\n`, /^250/);
    await say('DATA\r\n', /^354/);
    await say(stuffed(message), /^250/);
  }
  await say('QUIT\r\n', /^221/);
}

function stuffed(message: Message): Buffer {
  const text = Buffer.from(message).toString('latin1');
  const ended = text.endsWith('\r\n') || text === '' ? text : `${text}\r\n`;
  return Buffer.from(`${ended.replaceAll(/^\./gm, '..')}.\r\n`, 'latin1');
}

/** RFC 3502: messages for one command, so that the server waits for its disk once. */
const AT_ONCE = 100;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** @throws {Error} If the server refuses one of the messages; those before it are in. */
export async function appendByImap(
  port: number,
  login: { readonly user: string; readonly password: string },
  messages: readonly Message[],
  at: number,
): Promise<void> {
  await using wire = await openWire(port);
  let count = 0;
  const say = async (command: string, bytes: Message = ''): Promise<void> => {
    const tag = `t${(count += 1)}`;
    wire.socket.write(`${tag} ${command}`);
    wire.socket.write(bytes);
    wire.socket.write('\r\n');
    const line = await wire.answer((each) => each.startsWith(`${tag} `));
    if (!line.startsWith(`${tag} OK`)) throw new Error(`Cannot append: ${line}`);
  };
  await say(`LOGIN "${login.user}" "${login.password}"`);
  const [day, time] = new Date(at).toISOString().split(/[T.]/);
  const [year, month, date] = (day ?? '').split('-');
  const stamp = `${date}-${MONTHS[Number(month) - 1]}-${year} ${time} +0000`;
  for (let from = 0; from < messages.length; from += AT_ONCE) {
    const parts = messages.slice(from, from + AT_ONCE).flatMap((message) => {
      const bytes = Buffer.from(message);
      return [Buffer.from(` "${stamp}" {${bytes.length}+}\r\n`), bytes];
    });
    await say('APPEND INBOX', Buffer.concat(parts));
  }
  await say('LOGOUT');
}

/** Resolves once an IMAP server says what it can: until then it may wait for parts of its own. */
export async function greetsByImap(port: number): Promise<void> {
  await using wire = await openWire(port);
  await wire.answer((line) => line.startsWith('* OK [CAPABILITY '));
}

interface Wire extends AsyncDisposable {
  readonly socket: Socket;
  /** The next line that fits. @throws {Error} If the server closes before it. */
  answer(fits: (line: string) => boolean): Promise<string>;
}

async function openWire(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => socket.destroy());
  const lines = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]();
  return {
    socket,
    async answer(fits) {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error('Cannot go on: the mail server closed the connection');
        if (fits(value)) return value;
      }
    },
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await lines.return?.();
    },
  };
}
