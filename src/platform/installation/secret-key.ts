/**
 * The installation's own secret, from which everything that must be kept secret at rest is derived.
 *
 *     v1. base64url( nonce: 12 bytes | tag: 16 bytes | ciphertext )        AES-256-GCM, purpose as associated data
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '#base/failure.ts';

/** Seals and opens texts under the installation's secret. */
export interface SecretKey {
  /** Encrypts `text` for one purpose (`'webhook-key'`): it cannot be opened for another. */
  seal(text: string, purpose: string): string;
  /** @throws {SealError} If it was changed, or sealed elsewhere or for another purpose. */
  open(sealed: string, purpose: string): string;
  /** 32 bytes that only this installation can work out, the same every time. */
  derive(purpose: string): Buffer;
}

/** What was sealed cannot be opened with this secret for this purpose. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

const FILE = 'secret.key';
const VERSION = 'v1.';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Reads the secret of a data directory; makes it on the first call. Whoever may read the file may open
 * everything, so it is its owner's alone.
 *
 * @throws {Error} If the file is there and is not a secret: everything sealed under it is lost without it.
 */
export function openSecretKey(directory: string): SecretKey {
  const path = join(directory, FILE);
  const key = readKey(path) ?? makeKey(path);
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `emcee ${purpose}`, KEY_BYTES));
  return {
    derive,
    seal(text, purpose) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', derive('seal'), nonce);
      cipher.setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return VERSION + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
      if (!sealed.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) {
        throw new SealError(`Cannot open a sealed ${purpose}: it is not one`);
      }
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', derive('seal'), nonce);
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new SealError(
          `Cannot open a sealed ${purpose}: it was changed, or sealed under another secret`,
          { cause: error },
        );
      }
    },
  };
}

function readKey(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`Cannot read the secret "${path}"`, { cause: error });
  }
  const key = Buffer.from(text.trim(), 'hex');
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `Cannot use the secret "${path}": it must hold ${KEY_BYTES} bytes in hexadecimal; restore it from a backup`,
    );
  }
  return key;
}

/** Two processes of one installation may start at once: the first to link its file wins. */
function makeKey(path: string): Buffer {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  const key = readKey(path);
  if (!key) throw new Error(`Cannot make the secret "${path}": it is gone again`);
  return key;
}
