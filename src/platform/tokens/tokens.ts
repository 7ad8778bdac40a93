/**
 * What proves a role on a loopback port: `role.mac`, the MAC being HMAC-SHA256 of the role under a key
 * that only this installation can work out, in base64url. A program of the same machine gets its token
 * in the file `tokens/ROLE` of the data directory, which its owner alone can read.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, messageOf } from '#base/failure.ts';
import { openSecretKey } from '#platform/installation/secret-key.ts';

/** Gives and checks tokens of one installation. */
export interface Tokens {
  /** The token of a role, the same every time. @throws {RangeError} If it is no name of a role. */
  tokenOf(role: string): string;
  /** The role a token proves; undefined if it proves none. Takes as long for a wrong one as for a right one. */
  verify(token: string): string | undefined;
  /** Writes the token of a role to its file and returns the path. @throws {TokenFileError} */
  writeFile(role: string): string;
}

/** A token file, or what it depends on, cannot be used; the message says why and what to do. */
export class TokenFileError extends Error {
  override readonly name = 'TokenFileError';
}

const FOLDER = 'tokens';
const ROLE = /^[a-z][a-z0-9-]{0,63}$/;

/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;

/**
 * Opens the tokens of the installation in `directory`.
 *
 * @throws {TokenFileError} If others may read the directory or its secret: they could then make any token.
 */
export function openTokens(directory: string): Tokens {
  const secret = openSecretKey(directory);
  refuseOthers(directory, 'chmod 700');
  refuseOthers(join(directory, 'secret.key'), 'chmod 600');
  const key = secret.derive('tokens');
  const tokenOf = (role: string): string => {
    if (!ROLE.test(role))
      throw new RangeError(`Cannot make a token: "${role}" is no name of a role`);
    return `${role}.${createHmac('sha256', key).update(role).digest('base64url')}`;
  };
  return {
    tokenOf,
    verify(token) {
      const role = token.slice(0, Math.max(token.indexOf('.'), 0));
      const given = Buffer.from(token);
      const right = Buffer.from(tokenOf(ROLE.test(role) ? role : 'nobody'));
      return given.length === right.length && timingSafeEqual(given, right) ? role : undefined;
    },
    writeFile(role) {
      const path = join(directory, FOLDER, role);
      const token = tokenOf(role);
      try {
        mkdirSync(join(directory, FOLDER), { recursive: true, mode: 0o700 });
        const draft = `${path}.${process.pid}`;
        writeFileSync(draft, `${token}\n`, { mode: 0o600 });
        renameSync(draft, path);
      } catch (cause) {
        const text = `Cannot write the token file "${path}": ${messageOf(cause)}`;
        throw new TokenFileError(text, { cause });
      }
      return path;
    },
  };
}

/**
 * Reads a token file.
 *
 * @throws {TokenFileError} If it is missing, empty, or others may read it.
 */
export function readTokenFile(path: string): string {
  refuseOthers(path, 'chmod 600');
  const token = readFileSync(path, 'utf8').trim();
  if (token === '') throw new TokenFileError(`Cannot use the token file "${path}": it is empty`);
  return token;
}

function refuseOthers(path: string, remedy: string): void {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (cause) {
    const reason = codeOf(cause) === 'ENOENT' ? 'there is none' : messageOf(cause);
    throw new TokenFileError(`Cannot use "${path}": ${reason}`, { cause });
  }
  if ((mode & OTHERS) === 0) return;
  throw new TokenFileError(
    `Cannot use "${path}": other users of this machine may read it; run ${remedy} on it and restart`,
  );
}
