import { once } from 'node:events';
import { createTransport } from 'nodemailer';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { newId } from '#base/id.ts';
import { type Clock, seconds } from '#base/time.ts';
import type { Letter } from '../api/lab.ts';
import { readLetter } from './read-letter.ts';

/** An address of this machine's alone that no mail server of anybody's is usually at. */
export const POST_OFFICE_HOST = '127.0.0.2';

/** Older letters are forgotten. */
const KEPT = 100;
/** As much as mailboxes let agents send, wrapped for its way. */
const LARGEST = 64 * 1024 * 1024;
const CONNECTIONS = 20;
const SILENCE = seconds(60);
/** The centre's own door is on this machine. */
const SEND_WITHIN = seconds(15);

/** What a customer writes. */
export interface WrittenLetter extends Pick<Letter, 'from' | 'to' | 'subject' | 'text'> {
  /** The id of the letter that it answers. */
  readonly answers: string | undefined;
}

/** What mail programs find a thread by; with angle brackets. */
interface KeptLetter extends Letter {
  readonly messageId: string;
  readonly references: string;
}

/**
 * The mail server of all customers in the lab: takes what the centre sends to whomever, and brings the centre what
 * customers write. It hands nothing on to anybody else and forgets all when it ends.
 */
export class PostOffice implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #server: SMTPServer;
  #letters: readonly KeptLetter[] = [];

  private constructor(clock: Clock) {
    this.#clock = clock;
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      authOptional: true,
      disableReverseLookup: true,
      size: LARGEST,
      rejectOversized: true,
      maxRecipients: KEPT,
      maxClients: CONNECTIONS,
      socketTimeout: SILENCE,
      closeTimeout: seconds(1),
      logger: false,
      onData: (stream, session, answer) => {
        this.#take(stream, session).then(
          () => answer(),
          (error: unknown) => {
            stream.resume(); // the answer comes after its end
            answer(error instanceof Error ? error : new Error(String(error)));
          },
        );
      },
    });
  }

  /** Opens one on a free port. */
  static async open(clock: Clock): Promise<PostOffice> {
    const office = new PostOffice(clock);
    const listening = once(office.#server.server, 'listening');
    office.#server.listen(0, POST_OFFICE_HOST);
    await listening;
    office.#server.on('error', () => undefined); // of one connection
    return office;
  }

  /** Where the centre sends to. */
  get port(): number {
    const address = this.#server.server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Newest first. */
  get letters(): readonly Letter[] {
    return this.#letters;
  }

  /**
   * Brings the centre a letter, and keeps a copy for the customer.
   *
   * @param door Where the centre takes mail.
   * @throws What the centre says where it does not take it.
   */
  async send(
    { answers, ...letter }: WrittenLetter,
    door: { readonly host: string; readonly port: number },
  ): Promise<void> {
    const answered = this.#letters.find(({ id }) => id === answers);
    const references = answered ? `${answered.references} ${answered.messageId}`.trim() : '';
    const id = newId();
    const messageId = `<${id}@${letter.from.address.replace(/^.*@/, '')}>`;
    const transport = createTransport({
      ...door,
      secure: false,
      ignoreTLS: true,
      connectionTimeout: SEND_WITHIN,
      greetingTimeout: SEND_WITHIN,
      socketTimeout: SEND_WITHIN,
    });
    try {
      await transport.sendMail({
        ...letter,
        messageId,
        ...(answered && { inReplyTo: answered.messageId, references }),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } finally {
      transport.close();
    }
    this.#keep({ ...letter, id, by: 'customer', automatic: false, messageId, references });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((closed) => this.#server.close(closed));
  }

  async #take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const read = await readLetter(stream.iterator({ destroyOnReturn: false }));
    for (const { address } of envelope.rcptTo) {
      this.#keep({ ...read, id: newId(), by: 'centre', to: { name: '', address } });
    }
  }

  #keep(letter: Omit<KeptLetter, 'at'>): void {
    this.#letters = [{ ...letter, at: this.#clock.now() }, ...this.#letters].slice(0, KEPT);
  }
}
