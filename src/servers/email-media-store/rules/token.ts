/**
 * What we sign the mail with that we send, so that an answer finds its conversation whatever a mail
 * program makes of the headers:
 *
 *     a | base32( conversation: 16 bytes | MAC: 10 bytes )        43 characters, lower case
 *
 * `a` is the version; the MAC is the beginning of HMAC-SHA256 of version and conversation under a key that
 * only this installation can work out. It stands in the Message-ID of what we send and behind a plus in the
 * address that an answer goes to. In lower case and base32, because both travel through programs that
 * change case. A token says which conversation is meant, not that its bearer may join it: see `thread.ts`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConversationId, type EmailId } from '#domain/ids.ts';
import { domainOf } from './our-addresses.ts';

/** Signs and verifies tokens of one installation. */
export interface MailTokens {
  sign(conversation: ConversationId): string;
  /** Takes as long for a wrong one as for a right one. @returns Nothing where it is not ours. */
  verify(token: string): ConversationId | undefined;
}

const VERSION = 'a';
const ID_BYTES = 16;
const MAC_BYTES = 10;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const PATTERN = /^a[a-z2-7]{42}$/;

/** RFC 5321 §4.5.3.1.1: what stands before the `@` of an address. */
const LONGEST_LOCAL_PART = 64;

/** @param key At least 32 secret bytes, as the installation's secret derives them. */
export function openMailTokens(key: Buffer): MailTokens {
  const sign = (id: Buffer): string => {
    const mac = createHmac('sha256', key).update(VERSION).update(id).digest();
    return VERSION + encodeBase32(Buffer.concat([id, mac.subarray(0, MAC_BYTES)]));
  };
  return {
    sign: (conversation) => sign(Buffer.from(conversation.replaceAll('-', ''), 'hex')),
    verify(token) {
      const written = token.toLowerCase();
      if (!PATTERN.test(written)) return undefined;
      const id = decodeBase32(written.slice(VERSION.length)).subarray(0, ID_BYTES);
      if (!timingSafeEqual(Buffer.from(sign(id)), Buffer.from(written))) return undefined;
      return ConversationId.safeParse(uuidOf(id)).data;
    },
  };
}

/**
 * The Message-ID of an e-mail of ours, without angle brackets; the same every time. The token stands before
 * the `@`, where no filter takes it for the name of a host that does not exist.
 *
 * @param address Of the mailbox that it is sent from.
 */
export const messageIdOf = (
  tokens: MailTokens,
  email: EmailId,
  conversation: ConversationId,
  address: string,
): string => `${email}.${tokens.sign(conversation)}@${domainOf(address)}`;

/**
 * Where an answer goes: `support+TOKEN@example.com`.
 *
 * @returns Nothing where the address would become longer than mail servers take.
 */
export function replyAddressOf(
  tokens: MailTokens,
  conversation: ConversationId,
  address: string,
): string | undefined {
  const local = address.slice(0, address.lastIndexOf('@'));
  const signed = `${local}+${tokens.sign(conversation)}`;
  return signed.length > LONGEST_LOCAL_PART ? undefined : `${signed}@${domainOf(address)}`;
}

/** The token in the Message-ID of an e-mail of ours, not yet verified. */
export const tokenOfMessageId = (messageId: string): string | undefined =>
  /^[\da-f-]{36}\.([a-z2-7]{43})@/i.exec(messageId)?.[1];

/** The token behind the plus of an address, not yet verified. */
export const tokenOfAddress = (address: string): string | undefined =>
  /\+([a-z2-7]{43})@[^@]+$/i.exec(address)?.[1];

const uuidOf = (id: Buffer): string =>
  id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

function encodeBase32(bytes: Buffer): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** Bits of the last character that fill no byte are left out. */
function decodeBase32(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const character of text) {
    held = (held << 5) | ALPHABET.indexOf(character);
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >>> bits) & 255);
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}
