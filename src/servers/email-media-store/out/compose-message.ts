import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { Instant } from '#base/time.ts';
import type { Attachment, EmailAddress } from '#domain/email/email.ts';

/** RFC 5322 §3.6.4 asks for all; so many lead through any thread, and mail servers refuse endless headers. */
const MOST_REFERENCES = 30;
const LONGEST_REFERENCE = 400;

/** A message before it has bytes. */
export interface MessageToCompose {
  /** Without angle brackets; the same for every try. */
  readonly messageId: string;
  readonly at: Instant;
  readonly from: EmailAddress;
  /** Where answers go, where that is not `from`. */
  readonly replyTo: EmailAddress | undefined;
  readonly to: readonly EmailAddress[];
  readonly cc: readonly EmailAddress[];
  readonly subject: string;
  readonly text: string;
  /** Clean; its inline images are `cid:` of attachments. */
  readonly html: string | undefined;
  /** Without angle brackets, oldest first. */
  readonly references: readonly string[];
  readonly inReplyTo: string | undefined;
  readonly attachments: readonly AttachmentToCompose[];
  /** Left out: a person wrote it. */
  readonly automatic?: 'auto-replied' | 'auto-generated';
}

export interface AttachmentToCompose extends Pick<
  Attachment,
  'name' | 'type' | 'inline' | 'contentId'
> {
  /** Its bytes, from the beginning; asked for when they are needed. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a message, as they leave: the same message gives the same bytes. They are made while they
 * are read, so that no attachment is ever in memory as a whole. Blind copies are the envelope's business
 * and stand nowhere in it.
 */
export function composeMessage(message: MessageToCompose): Readable {
  const { to, cc, automatic } = message;
  const composer = new MailComposer({
    date: new Date(message.at),
    from: plain(message.from),
    replyTo: message.replyTo && plain(message.replyTo),
    to: to.length + cc.length > 0 ? to.map(plain) : 'undisclosed-recipients:;',
    cc: cc.map(plain),
    subject: oneLine(message.subject),
    text: message.text,
    html: message.html,
    inReplyTo: message.inReplyTo && `<${message.inReplyTo}>`,
    references: boundReferences(message.references).map((id) => `<${id}>`),
    attachments: message.attachments.map((attachment) => ({
      filename: oneLine(attachment.name),
      contentType: mediaType(attachment.type),
      contentDisposition: attachment.inline ? 'inline' : 'attachment',
      content: Readable.from(attachment.read(), { objectMode: false }),
      // what the HTML shows stands beside it; anything else would be hidden there
      cid: attachment.inline && message.html ? attachment.contentId : undefined,
    })),
    headers: {
      // never folded: there are programs that then see an empty one, and answers lose their thread
      'Message-ID': { prepared: true, value: `<${message.messageId}>` },
      // RFC 3834 §5, and what Exchange asks for: nothing that answers by itself answers this
      ...(automatic && { 'Auto-Submitted': automatic, 'X-Auto-Response-Suppress': 'All' }),
    },
    baseBoundary: message.messageId.replaceAll(/[^\w]/g, '').slice(0, 40),
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().createReadStream();
}

/** The first, which names the thread, and the newest. */
function boundReferences(references: readonly string[]): string[] {
  const sound = references.filter(
    (id) => id.length <= LONGEST_REFERENCE && /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(id),
  );
  if (sound.length <= MOST_REFERENCES) return sound;
  return [...sound.slice(0, 1), ...sound.slice(1 - MOST_REFERENCES)];
}

const plain = ({ name, address }: EmailAddress): { name: string; address: string } => ({
  name: oneLine(name),
  address: oneLine(address),
});

/** Nothing that comes from people can begin another header. */
const oneLine = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').trim();

/** What a customer's program made up as a type must not stand in a header of ours. */
const mediaType = (type: string): string =>
  /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) && !/^(?:multipart|message)\//i.test(type)
    ? type.toLowerCase()
    : 'application/octet-stream';
