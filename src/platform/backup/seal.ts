/**
 * A backup's outer form: encrypted under a passphrase, in chunks that prove themselves, their order and the end.
 *
 *     "emcee backup 1\n" | header length: 4 bytes | header: JSON with salt and cost | chunk …
 *     chunk: | length of the text: 4 bytes, top bit set in the last | ciphertext | tag: 16 bytes |
 *
 * AES-256-GCM; nonce = chunk number (8 bytes) | 1 in the last chunk, else 0 (4 bytes); associated data = the
 * SHA-256 of everything before the first chunk. The key is scrypt's for a salt of its own, so no nonce repeats.
 *
 * @see https://eprint.iacr.org/2015/189 (STREAM)
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { DecipherGCM } from 'node:crypto';
import { z } from 'zod';
import { ByteReader, CutShortError } from './byte-reader.ts';

/** The file is no backup, not whole, or was sealed under another passphrase. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const MAGIC = Buffer.from('emcee backup 1\n');
const TAG_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const LAST = 0x8000_0000;
const HEADER_LIMIT = 4_096;

/** A header from outside may not ask for more than this. */
const HIGHEST_COST = 2 ** 20;

const Header = z.object({
  salt: z.string().length(24),
  N: z.int().min(2).max(HIGHEST_COST),
  r: z.literal(8),
  p: z.literal(1),
});

type Cost = Pick<z.infer<typeof Header>, 'N' | 'r' | 'p'>;

/** 128 MiB and a good half second: what a guess costs. */
const COST: Cost = { N: 2 ** 17, r: 8, p: 1 };
const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

function deriveKey(passphrase: string, salt: string, { N, r, p }: Cost): Promise<Buffer> {
  // Two spellings of one accented letter are one passphrase.
  const text = passphrase.normalize('NFC');
  return derive(text, Buffer.from(salt, 'base64'), 32, { N, r, p, maxmem: 256 * N * r + 2 ** 20 });
}

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index));
  nonce.writeUInt32BE(isLast ? 1 : 0, 8);
  return nonce;
}

/**
 * Encrypts a stream.
 *
 * @param cost Lower only in tests.
 * @yields The bytes of the file.
 */
export async function* seal(
  source: AsyncIterable<Uint8Array>,
  passphrase: string,
  cost: Cost = COST,
): AsyncGenerator<Buffer, void> {
  const salt = randomBytes(18).toString('base64');
  const header = Buffer.from(JSON.stringify({ salt, N: cost.N, r: cost.r, p: cost.p }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const prelude = Buffer.concat([MAGIC, length, header]);
  yield prelude;
  const key = await deriveKey(passphrase, salt, cost);
  const associated = createHash('sha256').update(prelude).digest();
  const sealChunk = (text: Buffer, index: number, isLast: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(index, isLast)).setAAD(associated);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(isLast ? text.length + LAST : text.length);
    return Buffer.concat([size, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  };
  const reader = new ByteReader(source);
  for (let index = 0, isLast = false; !isLast; index++) {
    const text = await reader.readUpTo(CHUNK_BYTES);
    isLast = await reader.isAtEnd();
    yield sealChunk(text, index, isLast);
  }
}

/**
 * Decrypts a stream; what it yields is authentic, but complete only once it has ended.
 *
 * @yields The bytes that were sealed.
 * @throws {SealError} One sentence: no backup, another passphrase, damaged, cut short.
 */
export async function* unseal(
  source: AsyncIterable<Uint8Array>,
  passphrase: string,
): AsyncGenerator<Buffer, void> {
  const reader = new ByteReader(source);
  try {
    const { prelude, header } = await readPrelude(reader);
    const key = await deriveKey(passphrase, header.salt, header);
    const associated = createHash('sha256').update(prelude).digest();
    for (let index = 0; ; index++) {
      const size = (await reader.read(4)).readUInt32BE();
      const isLast = size >= LAST;
      const length = isLast ? size - LAST : size;
      if (length > CHUNK_BYTES) throw damaged(index);
      const ciphertext = await reader.read(length);
      const tag = await reader.read(TAG_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(index, isLast), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(associated).setAuthTag(tag);
      yield openChunk(decipher, ciphertext, index);
      if (!isLast) continue;
      if (!(await reader.isAtEnd())) throw damaged(index);
      return;
    }
  } catch (cause) {
    if (!(cause instanceof CutShortError)) throw cause;
    throw new SealError('Cannot read the backup: the file is cut short', { cause });
  }
}

async function readPrelude(
  reader: ByteReader,
): Promise<{ prelude: Buffer; header: z.infer<typeof Header> }> {
  const magic = await reader.readUpTo(MAGIC.length);
  if (!magic.equals(MAGIC)) throw new SealError('Cannot read the backup: the file is none of ours');
  const length = await reader.read(4);
  if (length.readUInt32BE() > HEADER_LIMIT) throw damaged(0);
  const text = await reader.read(length.readUInt32BE());
  try {
    const header = Header.parse(JSON.parse(text.toString()));
    return { prelude: Buffer.concat([magic, length, text]), header };
  } catch (cause) {
    throw new SealError('Cannot read the backup: its header is damaged', { cause });
  }
}

function openChunk(decipher: DecipherGCM, ciphertext: Buffer, index: number): Buffer {
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    if (index > 0) throw damaged(index, cause);
    // Nothing tells a wrong key from changed bytes: that is what authentication means.
    throw new SealError('Cannot read the backup: the passphrase is wrong, or the file is damaged', {
      cause,
    });
  }
}

const damaged = (chunk: number, cause?: unknown): SealError =>
  new SealError(`Cannot read the backup: it is damaged after ${chunk * (CHUNK_BYTES / 1024)} KiB`, {
    cause,
  });
