import { open } from 'node:fs/promises';
import { codeOf, messageOf } from '#base/failure.ts';
import { type License, MOST_FILE_BYTES, readLicense } from './rules/read-license.ts';

/** What is known of the file. */
export type LicenseFile =
  | { readonly type: 'none' }
  | { readonly type: 'license'; readonly license: License }
  | { readonly type: 'unreadable'; readonly reason: string };

/** Reads the file at `path`; never rejects. */
export async function readLicenseFile(path: string, publicKey: string): Promise<LicenseFile> {
  try {
    await using file = await open(path);
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_FILE_BYTES + 1));
    if (bytesRead > MOST_FILE_BYTES) {
      return { type: 'unreadable', reason: `The file is larger than ${MOST_FILE_BYTES} bytes` };
    }
    return readLicense(buffer.toString('utf8', 0, bytesRead), publicKey);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { type: 'none' };
    return { type: 'unreadable', reason: `The file cannot be read: ${messageOf(error)}` };
  }
}
