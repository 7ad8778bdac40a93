import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant, Milliseconds } from '#base/time.ts';
import { ConversationId } from '#domain/ids.ts';
import type { EntryPointId } from '#domain/ids.ts';

const ID_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 32;
const BYTES = ID_BYTES + TIME_BYTES + MAC_BYTES;

/**
 * Makes the token that lets a widget come back to its conversation, in base64url:
 *
 *     | conversation: 16 bytes | issued at, ms: 6 bytes | HMAC-SHA-256 of these and the entry point: 32 |
 */
export function issueToken(
  key: Buffer,
  conversation: ConversationId,
  entryPoint: EntryPointId,
  now: Instant,
): string {
  const bytes = Buffer.alloc(BYTES);
  bytes.write(conversation.replaceAll('-', ''), 0, 'hex');
  bytes.writeUIntBE(now, ID_BYTES, TIME_BYTES);
  sign(key, bytes, entryPoint).copy(bytes, ID_BYTES + TIME_BYTES);
  return bytes.toString('base64url');
}

/** What a token says. */
export interface SessionToken {
  readonly conversation: ConversationId;
  readonly issuedAt: Instant;
}

/** Reads a token; nothing if it was not issued here, for another entry point, or too long ago. */
export function readToken(
  key: Buffer,
  token: string,
  entryPoint: EntryPointId,
  now: Instant,
  lifetime: Milliseconds,
): SessionToken | undefined {
  const bytes = Buffer.from(token, 'base64url');
  if (bytes.length !== BYTES) return undefined;
  const mac = bytes.subarray(ID_BYTES + TIME_BYTES);
  if (!timingSafeEqual(mac, sign(key, bytes, entryPoint))) return undefined;
  const issuedAt = bytes.readUIntBE(ID_BYTES, TIME_BYTES);
  if (issuedAt + lifetime < now) return undefined;
  const hex = bytes.toString('hex', 0, ID_BYTES);
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { conversation: ConversationId.parse(id), issuedAt };
}

const sign = (key: Buffer, bytes: Buffer, entryPoint: EntryPointId): Buffer =>
  createHmac('sha256', key)
    .update(bytes.subarray(0, ID_BYTES + TIME_BYTES))
    .update(entryPoint)
    .digest();
