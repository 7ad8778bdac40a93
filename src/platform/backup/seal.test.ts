import { expect, test } from 'vitest';
import { SealError, seal, unseal } from './seal.ts';

const CHEAP = { N: 2, r: 8, p: 1 } as const;

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const sealed = async (text: Buffer, passphrase = 'correct horse'): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(seal(inPieces(text, 1_000), passphrase, CHEAP)));

const opened = async (file: Buffer, passphrase = 'correct horse', size = 4_096): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(unseal(inPieces(file, size), passphrase)));

const outcome = (file: Buffer): Promise<unknown> =>
  opened(file).then(
    () => 'opened',
    (error: unknown) => (error instanceof SealError ? 'refused' : error),
  );

const CHUNK = 64 * 1024;

test('unseal() gives back what seal() took, whatever its length and however it arrives', async () => {
  for (const length of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_000]) {
    const text = Buffer.alloc(length, 'abc');
    const file = await sealed(text);
    for (const size of [1_013, 70_000, 1_000_000])
      expect(await opened(file, undefined, size)).toEqual(text);
  }
});

test('unseal() takes two spellings of one letter for the same passphrase', async () => {
  expect(await opened(await sealed(Buffer.from('x'), 'caf\u00e9'), 'cafe\u0301')).toEqual(
    Buffer.from('x'),
  );
});

test('unseal() refuses another passphrase', async () => {
  await expect(opened(await sealed(Buffer.from('x')), 'wrong')).rejects.toThrow(
    new SealError('Cannot read the backup: the passphrase is wrong, or the file is damaged'),
  );
});

test('unseal() finds out every cut', async () => {
  const file = await sealed(Buffer.alloc(2 * CHUNK + 10));
  const cuts = [
    0,
    5,
    15,
    17,
    40,
    120,
    CHUNK,
    CHUNK + 200,
    2 * CHUNK,
    file.length - 17,
    file.length - 1,
  ];
  const outcomes = await Promise.all(cuts.map((cut) => outcome(file.subarray(0, cut))));
  expect(outcomes).toEqual(cuts.map(() => 'refused'));
  await expect(opened(Buffer.concat([file, Buffer.from('x')]))).rejects.toThrow(SealError);
});

test('unseal() finds out a file without its last chunk, with chunks exchanged or with one changed byte', async () => {
  const text = Buffer.concat([Buffer.alloc(CHUNK, 1), Buffer.alloc(CHUNK, 2), Buffer.alloc(10, 3)]);
  const file = await sealed(text);
  const last = 4 + 10 + 16;
  const whole = 4 + CHUNK + 16;
  const start = file.length - last - 2 * whole;
  const [prelude, first, second, end] = [
    file.subarray(0, start),
    file.subarray(start, start + whole),
    file.subarray(start + whole, start + 2 * whole),
    file.subarray(-last),
  ];
  const changed = Buffer.from(file);
  changed.writeUInt8(changed.readUInt8(start + 100) ^ 1, start + 100);
  const broken = {
    'last chunk missing': [prelude, first, second],
    'chunks exchanged': [prelude, second, first, end],
    'a chunk twice': [prelude, first, first, second, end],
    'a chunk left out': [prelude, first, end],
    'one bit changed': [changed],
    'header changed': [
      Buffer.from(prelude.toString('latin1').replace('"N":2', '"N":4'), 'latin1'),
      first,
    ],
  };
  for (const [name, parts] of Object.entries(broken)) {
    expect({ [name]: await outcome(Buffer.concat(parts)) }).toEqual({ [name]: 'refused' });
  }
});

test('unseal() refuses what is no backup, and a header that asks for all memory', async () => {
  await expect(opened(Buffer.from('PK\u0003\u0004 something else'))).rejects.toThrow(
    'none of ours',
  );
  const file = await sealed(Buffer.from('x'));
  const greedy = Buffer.from(file.toString('latin1').replace('"N":2', '"N":9999999999'), 'latin1');
  await expect(opened(greedy)).rejects.toThrow(SealError);
});
