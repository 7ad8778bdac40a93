import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seal } from '#platform/backup/seal.ts';
import { bringBack } from './backup.ts';
import type { Context } from './context.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'emcee-test-restore-'));
});

afterEach(() => rm(home, { recursive: true }));

test.each([
  ['another passphrase', 'the passphrase is wrong, or the file is damaged'],
  [undefined, 'the file is none of ours'],
])(
  'bringBack() of a file sealed with %j leaves no data directory behind',
  async (sealedWith, why) => {
    const file = join(home, 'backup');
    const passphraseFile = join(home, 'passphrase');
    const directory = join(home, 'data');
    const text = Readable.from([Buffer.from('text')]);
    await writeFile(
      file,
      sealedWith === undefined ? 'text' : seal(text, sealedWith, { N: 2, r: 8, p: 1 }),
    );
    await writeFile(passphraseFile, 'correct horse\n');
    const context = { directory } as Context;
    await expect(bringBack(context, file, { passphraseFile })).rejects.toThrow(why);
    expect(existsSync(directory)).toBe(false);
  },
);
