/** What the header of a message says, bounded; nothing in it is to be trusted. */
import type { Instant } from '#base/time.ts';
import type { Automation, ParsedMail } from './parsed-mail.ts';
import { readAddresses, readSender, readWords } from './addresses.ts';
import { cleanLine } from './clean-text.ts';

/** The lines of a header by name, in their order, unfolded, encoded words not yet read. */
export type Headers = (name: string) => readonly string[];

export type ReadHeaders = Omit<
  ParsedMail,
  'text' | 'html' | 'attachments' | 'report' | 'unreadable'
>;

const LONGEST_SUBJECT = 1_000;
const LONGEST_ID = 998;
/** Of a long thread the first, which names it, and the newest. */
const MOST_REFERENCES = 100;
const MOST_RECIPIENTS = 500;
const MOST_REPLY_TO = 50;
const MOST_DELIVERED_TO = 20;
/** The root of Outlook's Thread-Index; what follows are five bytes for each answer. */
const THREAD_ROOT_BYTES = 22;

export function readHeaders(headers: Headers): ReadHeaders {
  const messageId = messageIds(headers('message-id'))[0] ?? bareId(headers('message-id')[0]);
  const threadRoot = readThreadRoot(headers('thread-index')[0]);
  const sentAt = readDate(headers('date')[0]);
  const references = messageIds(headers('references'));
  return {
    ...(messageId === undefined ? {} : { messageId }),
    references:
      references.length > MOST_REFERENCES
        ? [...references.slice(0, 1), ...references.slice(1 - MOST_REFERENCES)]
        : references,
    inReplyTo: messageIds(headers('in-reply-to')).slice(0, MOST_REFERENCES),
    ...(threadRoot === undefined ? {} : { threadRoot }),
    from: readSender(headers('from'), headers('sender')),
    replyTo: readAddresses(headers('reply-to'), MOST_REPLY_TO),
    to: readAddresses(headers('to'), MOST_RECIPIENTS),
    cc: readAddresses(headers('cc'), MOST_RECIPIENTS),
    deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-delivered-to']
      .flatMap((name) => readAddresses(headers(name), MOST_DELIVERED_TO))
      .map(({ address }) => address)
      .slice(0, MOST_DELIVERED_TO),
    subject: readWords(headers('subject')[0] ?? '', LONGEST_SUBJECT),
    ...(sentAt === undefined ? {} : { sentAt }),
    automation: readAutomation(headers),
  };
}

/** The message ids of headers, without their brackets, each once. */
export function messageIds(headers: readonly string[]): string[] {
  const ids = new Set<string>();
  for (const header of headers) {
    for (const [, id = ''] of header.matchAll(/<\s*([^<>\s]{1,998})\s*>/g))
      ids.add(cleanLine(id, LONGEST_ID));
  }
  ids.delete('');
  return [...ids];
}

/** Some leave the brackets out. */
function bareId(header: string | undefined): string | undefined {
  const id = cleanLine(header ?? '', LONGEST_ID + 1);
  return /^[^\s<>]+@[^\s<>]+$/.test(id) && id.length <= LONGEST_ID ? id : undefined;
}

function readThreadRoot(header: string | undefined): string | undefined {
  const bytes = Buffer.from((header ?? '').slice(0, 4_096), 'base64');
  if (bytes.length < THREAD_ROOT_BYTES) return undefined;
  return bytes.subarray(0, THREAD_ROOT_BYTES).toString('hex');
}

const EARLIEST = Date.UTC(1990, 0);
const LATEST = Date.UTC(2100, 0);

function readDate(header: string | undefined): Instant | undefined {
  const at = Date.parse((header ?? '').slice(0, 100).replace(/\([^()]*\)/g, ''));
  return at >= EARLIEST && at < LATEST ? at : undefined;
}

/** Headers whose very presence says that a machine answered. */
const MARKS = ['x-autoreply', 'x-autorespond', 'x-autoreply-from', 'x-loop', 'x-mail-autoreply'];
/** Of a list, of whatever name. */
const LIST = [
  'list-id',
  'list-unsubscribe',
  'list-post',
  'list-help',
  'list-owner',
  'list-archive',
];

function readAutomation(headers: Headers): Automation {
  const word = (name: string): string => cleanLine(headers(name)[0] ?? '', 200).toLowerCase();
  return {
    autoSubmitted: word('auto-submitted').replace(/\s*;.*$/, ''),
    precedence: word('precedence'),
    isList: [...LIST, 'list-subscribe'].some((name) => headers(name).length > 0),
    suppress: word('x-auto-response-suppress'),
    marks: MARKS.filter((name) => headers(name).length > 0),
    hasNullSender: /^\s*<\s*>/.test(headers('return-path')[0] ?? ''),
  };
}
