/** Reads stored messages, in the parsing thread, and keeps the files in them as blobs. */
import { messageOf } from '#base/failure.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { ReadMail } from './filing.ts';
import type { ParsedAttachment, ParsedMail } from './mime/parsed-mail.ts';
import type { MessageReading } from './mime/read-message.ts';
import { ReaderDownError } from './mime/threaded-reader.ts';
import type { SmallReading, ThreadedReader } from './mime/threaded-reader.ts';
import type { StoredMail } from './stored-mail.ts';
import type { BlobWriter, Blobs } from './tables/blobs.ts';
import type { ReceivedTables, Unfiled } from './tables/received-tables.ts';

/** A message that waits to be read. */
export interface WaitingMail {
  readonly mail: Unfiled;
  /** Where they are still in memory. */
  readonly bytes?: Uint8Array | undefined;
}

/** A message above this many bytes is read as a stream, alone. */
export const SMALL_MAIL = 524_288;

/** A message that has brought the parser down so often is filed unread. */
const MOST_TRIES = 2;

/** As much of a message as may hold its header, where more cannot be read. */
const HEADER_BYTES = 65_536;

const NOTHING_READ: MessageReading = {
  references: [],
  inReplyTo: [],
  from: { name: '', address: '' },
  replyTo: [],
  to: [],
  cc: [],
  deliveredTo: [],
  subject: '',
  automation: {
    autoSubmitted: '',
    precedence: '',
    isList: false,
    suppress: '',
    marks: [],
    hasNullSender: false,
  },
  text: '',
  files: [],
};

export interface MailReadingParts {
  readonly reader: ThreadedReader;
  /** For those that have done harm: they do no more to others. Has no thread while there are none. */
  readonly aside: ThreadedReader;
  readonly blobs: Blobs;
  readonly tables: ReceivedTables;
  readonly trace: Trace;
}

export class MailReading {
  readonly #parts: MailReadingParts;

  constructor(parts: MailReadingParts) {
    this.#parts = parts;
  }

  /**
   * Reads small messages together.
   *
   * @returns Nothing where one of them brought the parser down: read each alone.
   * @throws {NoReaderError} @throws {DatabaseGoneError} Try again later.
   */
  async together(mails: readonly WaitingMail[]): Promise<ReadMail[] | undefined> {
    const { reader, blobs, tables, trace } = this.#parts;
    const stored = await blobs.whole(mails.flatMap(({ mail, bytes }) => (bytes ? [] : [mail.raw])));
    let readings: SmallReading[];
    try {
      readings = await reader.batch(
        mails.map(({ mail, bytes }) => bytes ?? stored.get(mail.raw) ?? new Uint8Array()),
      );
    } catch (error) {
      if (!(error instanceof ReaderDownError)) throw error;
      trace.warning('mail.parser-brought-down', { mails: mails.length }, error);
      await tables.countTry(mails.map(({ mail }) => mail.id));
      return undefined;
    }
    const files = readings.flatMap((each) => each.files);
    const ids = files.length > 0 ? await blobs.put(files) : [];
    return mails.map(({ mail }, at) => {
      const { reading, files: own } = readings[at] ?? { reading: NOTHING_READ, files: [] };
      return { mail, parsed: parsedMail(mail, reading, ids.splice(0, own.length)) };
    });
  }

  /**
   * Reads a message of any size. What cannot be read comes back all the same, with `unreadable` and the original.
   *
   * @throws {NoReaderError} @throws {DatabaseGoneError} Try again later.
   */
  async alone({ mail }: WaitingMail): Promise<ReadMail> {
    const { tables, trace } = this.#parts;
    for (let tries = mail.tries; tries < MOST_TRIES; tries++) {
      try {
        const { reader, aside } = this.#parts;
        return { mail, parsed: await this.#readLarge(mail, tries === 0 ? reader : aside) };
      } catch (error) {
        if (!(error instanceof ReaderDownError)) throw error;
        trace.warning('mail.parser-brought-down', { mail: mail.id, size: mail.size }, error);
        await tables.countTry([mail.id]);
      }
    }
    return { mail, parsed: await this.#readHeader(mail) };
  }

  async #readLarge(mail: StoredMail, reader: ThreadedReader): Promise<ParsedMail> {
    const { blobs } = this.#parts;
    const ids: string[] = [];
    let writer: BlobWriter | undefined;
    /** Ends all files before this one; those that had no bytes are empty. */
    const endUntil = async (file: number): Promise<void> => {
      while (ids.length < file) {
        const { id } = await (writer ?? blobs.writer()).end();
        ids.push(id);
        writer = undefined;
      }
    };
    const reading = await reader.large(blobs.read(mail.raw), async (of, bytes) => {
      await endUntil(of);
      writer ??= blobs.writer();
      await writer.write(bytes);
    });
    await endUntil(reading.files.length);
    return parsedMail(mail, reading, ids);
  }

  /** What the header tells, where the rest cannot be read. */
  async #readHeader(mail: StoredMail): Promise<ParsedMail> {
    const { aside, blobs, trace } = this.#parts;
    const bytes = await blobs.piece(mail.raw, 0, HEADER_BYTES);
    const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'))?.index;
    const unreadable =
      'Reading it takes too much time or memory: what its sender wrote is in the original';
    try {
      const [read] = await aside.batch([bytes.subarray(0, end ?? bytes.length)]);
      const reading = { ...NOTHING_READ, ...read?.reading, files: [], text: '', unreadable };
      return parsedMail(mail, reading, []);
    } catch (error) {
      if (!(error instanceof ReaderDownError)) throw error;
      trace.warning('mail.header-not-read', { mail: mail.id, cause: messageOf(error) });
      return parsedMail(mail, { ...NOTHING_READ, unreadable }, []);
    }
  }
}

/**
 * A message that cannot be filed as it was read, with ever less of what was read in it: first its header alone,
 * then nothing. The original is attached.
 */
export function lessOf({ mail, parsed }: ReadMail): readonly ReadMail[] {
  const unreadable = 'It could not be filed as it is: what its sender wrote is in the original';
  const { text: _text, html: _html, report: _report, attachments: _files, ...header } = parsed;
  return [header, {}].map((read) => ({
    mail,
    parsed: parsedMail(mail, { ...NOTHING_READ, ...read, unreadable }, []),
  }));
}

function parsedMail(
  mail: StoredMail,
  reading: MessageReading,
  blobs: readonly string[],
): ParsedMail {
  const { files, ...parsed } = reading;
  const attachments: ParsedAttachment[] = files.map((file, at) => ({
    ...file,
    blob: blobs[at] ?? mail.raw,
  }));
  const original: ParsedAttachment = {
    id: 'original',
    name: 'original.eml',
    type: 'message/rfc822',
    size: mail.size,
    inline: false,
    blob: mail.raw,
  };
  return {
    ...parsed,
    attachments: parsed.unreadable === undefined ? attachments : [...attachments, original],
  };
}
