/** Reads a message as it streams by: headers, readable text, files handed on piece by piece. */
import { once } from 'node:events';
import type { EventEmitter } from 'node:events';
import { Splitter } from '@zone-eu/mailsplit';
import type { MimeNode, SplitterChunk } from '@zone-eu/mailsplit';
import libmime from 'libmime';
import { cleanLine } from './clean-text.ts';
import { Body } from './body.ts';
import { decodeCharset } from './decode-charset.ts';
import { readDeliveryReport } from './delivery-report.ts';
import { fileName } from './file-name.ts';
import { languageOf } from './language-of.ts';
import { LONG_HEADER_BYTES, shortHeader } from './long-header.ts';
import type { DeliveryReport } from './parsed-mail.ts';
import type { PartUse } from './parts.ts';
import { contentIdOf, useOf } from './parts.ts';
import { readHeaders } from './read-headers.ts';
import type { Headers, ReadHeaders } from './read-headers.ts';
import { readWords } from './addresses.ts';
import { transferDecoder } from './transfer-decoder.ts';
import type { TransferDecoder } from './transfer-decoder.ts';

/** A file of a message; its bytes were given to the sink. */
export interface ReadFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly inline: boolean;
  readonly contentId?: string;
}

/** What was read; `unreadable` says why it is not all of it. */
export interface MessageReading extends ReadHeaders {
  readonly text: string;
  readonly language?: string;
  readonly html?: string;
  readonly files: readonly ReadFile[];
  readonly report?: DeliveryReport;
  readonly unreadable?: string;
}

/** Takes the bytes of files, in order: all of one before the first of the next. */
export interface FileSink {
  /** @returns When there is room for more, where that takes time. */
  write(file: number, bytes: Uint8Array): Promise<void> | undefined;
}

/** No message that people write has more parts, or longer headers. */
const LIMITS = { ignoreEmbedded: true, maxChildNodes: 1_000, maxHeadSize: 1_048_576 };

/** Of all that is shown no more is read: in any character set as much as is kept. */
const TEXT_BYTES = 4_194_304;
const REPORT_BYTES = 262_144;

/**
 * Reads a message. What is broken in it is passed over: whatever could be read is in the answer.
 *
 * @param raw Its bytes, asked for as they can be taken in.
 */
export async function readMessage(
  raw: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  sink: FileSink,
): Promise<MessageReading> {
  const splitter = new Splitter(LIMITS);
  const events: EventEmitter = splitter; // its own types know of no other event than data
  const reader = new MessageReader(sink);
  let broken: Error | undefined;
  events.on('error', (error: Error) => (broken ??= error));
  splitter.on('data', (chunk) => {
    const busy = reader.take(chunk);
    if (!busy) return;
    splitter.pause();
    busy.then(
      () => splitter.resume(),
      (error: unknown) =>
        splitter.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  });
  const ended = once(splitter, 'end').catch(() => undefined);
  /** What there is of a header that has not been read. */
  const beginning: Uint8Array[] = [];
  let begun = 0;
  for await (const bytes of raw) {
    if (!reader.hasHeader && begun < LONG_HEADER_BYTES) {
      beginning.push(bytes);
      begun += bytes.length;
    } else if (broken) break;
    if (broken) continue;
    if (!splitter.write(bytes))
      await Promise.race([once(splitter, 'drain'), ended]).catch(() => undefined);
  }
  if (broken) await reader.settled;
  else {
    splitter.end();
    await ended;
  }
  const reading = reader.end(broken);
  if (reading.unreadable === undefined || reader.hasHeader) return reading;
  const { unreadable } = reading;
  return { ...(await readMessage([shortHeader(Buffer.concat(beginning))], sink)), unreadable };
}

interface Part {
  readonly node: MimeNode;
  readonly use: PartUse;
  readonly decoder: TransferDecoder;
  /** What is kept of it here: of a text or a report. */
  readonly kept: Buffer[];
  keptBytes: number;
  size: number;
  isCut: boolean;
}

class MessageReader {
  readonly #sink: FileSink;
  readonly #body = new Body();
  readonly #files: ReadFile[] = [];
  readonly #report = { status: '', original: '' };
  #root: MimeNode | undefined;
  #part: Part | undefined;
  #textLeft = TEXT_BYTES;
  /** When the sink has taken all it was given. */
  settled: Promise<void> = Promise.resolve();

  constructor(sink: FileSink) {
    this.#sink = sink;
  }

  /** Whether the header of the message as a whole has been read. */
  get hasHeader(): boolean {
    return this.#root !== undefined;
  }

  take(chunk: SplitterChunk): Promise<void> | undefined {
    if (chunk.type === 'node') {
      const left = this.#endPart();
      this.#root ??= chunk;
      // Without a boundary there are no parts to be found in it: what is in it is shown as it is
      // oxlint-disable-next-line no-underscore-dangle -- its types know it under no other name
      const holdsParts = chunk.multipart && chunk._boundary;
      if (!holdsParts) this.#part = beginPart(chunk);
      return left;
    }
    const part = this.#part;
    if (!part || !chunk.value || chunk.node !== part.node) return undefined;
    return this.#write(part, part.decoder.push(chunk.value));
  }

  end(broken: Error | undefined): MessageReading {
    void this.#endPart();
    const root = this.#root;
    const headers: Headers = (name) =>
      (root?.headers && root.headers.get(name).map(valueOfLine)) || [];
    const html = this.#body.html();
    const text = this.#body.text();
    const report = readDeliveryReport(this.#report.status, this.#report.original);
    const language = languageOf(text, headers('content-language')[0] ?? '');
    const unreadable = broken ? whyBroken(broken) : this.#body.isCut ? TOO_LONG : undefined;
    return {
      ...readHeaders(headers),
      text,
      ...(language === undefined ? {} : { language }),
      ...(html === undefined ? {} : { html }),
      files: this.#files,
      ...(report === undefined ? {} : { report }),
      ...(unreadable === undefined ? {} : { unreadable }),
    };
  }

  #write(part: Part, bytes: Buffer): Promise<void> | undefined {
    if (bytes.length === 0) return undefined;
    part.size += bytes.length;
    const { use } = part;
    const most =
      use.type === 'text' ? this.#textLeft : use.report ? REPORT_BYTES - part.keptBytes : 0;
    const some = bytes.subarray(0, most);
    if (some.length > 0) part.kept.push(some);
    part.keptBytes += some.length;
    if (use.type === 'text') {
      this.#textLeft -= some.length;
      part.isCut ||= some.length < bytes.length;
      return undefined;
    }
    const busy = this.#sink.write(this.#files.length, bytes);
    if (busy) this.settled = busy.catch(() => undefined);
    return busy;
  }

  #endPart(): Promise<void> | undefined {
    const part = this.#part;
    this.#part = undefined;
    if (!part) return undefined;
    const busy = this.#write(part, part.decoder.end());
    const { node, use, kept, size, isCut } = part;
    if (use.type === 'text') {
      const text = decodeCharset(Buffer.concat(kept), node.charset || '');
      const flowed = node.flowed ? libmime.decodeFlowed(text, node.delSp) : text;
      this.#body.add(use.form, flowed, use.choice, isCut);
      return busy;
    }
    if (use.report && this.#report[use.report] === '') {
      this.#report[use.report] = decodeCharset(Buffer.concat(kept), node.charset || 'utf-8');
    }
    const number = this.#files.length + 1;
    const type = cleanLine(node.contentType || 'application/octet-stream', 200);
    const contentId = cleanLine(contentIdOf(node), 300);
    this.#files.push({
      id: `a${number}`,
      name: fileName(node.filename || titleOf(node), type, number),
      type,
      size,
      inline: use.inline,
      ...(contentId === '' ? {} : { contentId }),
    });
    return busy;
  }
}

function beginPart(node: MimeNode): Part {
  const decoder = transferDecoder(node.encoding || '');
  return { node, use: useOf(node), decoder, kept: [], keptBytes: 0, size: 0, isCut: false };
}

/** A message within a message is named by what it is about, where its sender says so. */
const titleOf = (node: MimeNode): string =>
  node.rfc822 && node.headers ? readWords(node.headers.getFirst('content-description'), 200) : '';

const valueOfLine = (line: string): string =>
  line
    .slice(line.indexOf(':') + 1)
    .replace(/\r?\n[ \t]*/g, ' ')
    .trim();

const TOO_LONG = 'It is longer than what is shown here: the rest is in the original';

function whyBroken(error: Error): string {
  if ('code' in error && error.code === 'EMAXLEN') {
    return /header/i.test(error.message)
      ? 'It has a header too long to be read: what follows it is in the original'
      : 'It has more than 1,000 parts: those behind could not be read';
  }
  return 'It is built in a way that could not be read to its end';
}
