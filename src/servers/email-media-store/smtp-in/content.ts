import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Instant } from '#base/time.ts';

/** More bytes than a message may have; the sender is told so. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge';

  constructor() {
    super('The message is larger than any that is taken here');
  }
}

/**
 * What we put before a message: who sent it as the envelope says, and who gave it to us (RFC 5321 §4.4). Whoever reads
 * it later has no other word of either.
 */
export function traceFields(session: SMTPServerSession, name: string, now: Instant): string {
  const { envelope, hostNameAppearsAs, remoteAddress, secure, id } = session;
  const sender = envelope.mailFrom ? envelope.mailFrom.address : '';
  const protocol = `${envelope.smtpUtf8 ? 'UTF8SMTP' : 'ESMTP'}${secure ? 'S' : ''}`;
  const literal = remoteAddress.includes(':') ? `IPv6:${remoteAddress}` : remoteAddress;
  return [
    `Return-Path: <${sender.replaceAll(/[\p{Cc}<>]/gu, '')}>`,
    `Received: from ${word(hostNameAppearsAs)} ([${literal}])`,
    `\tby ${word(name)} (Emcee) with ${protocol} id ${word(id)};`,
    `\t${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    '',
  ].join('\r\n');
}

/** What a stranger calls itself, made fit for a header. */
const word = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9.:[\]_-]/g, '').slice(0, 255) || 'unknown';

/**
 * What is kept of a message.
 *
 * @yields The fields, then the message as it comes.
 * @throws {MessageTooLarge} Once it has become so.
 * @throws What broke the connection.
 */
export async function* contentOf(
  stream: SMTPServerDataStream,
  fields: string,
): AsyncGenerator<Uint8Array, void> {
  yield Buffer.from(fields);
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    if (stream.sizeExceeded) break;
    yield chunk as Buffer;
  }
  if (stream.sizeExceeded) {
    stream.resume(); // what follows is read over: the answer comes after its end
    throw new MessageTooLarge();
  }
  if (stream.errored) throw stream.errored;
  if (!stream.readableEnded) throw new Error('The connection ended within the message');
}
