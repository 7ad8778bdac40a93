import { expect, test } from 'vitest';
import type { Trace } from '#platform/trace/trace.ts';
import type { ReadMail } from '../filing.ts';
import type { Scanner, Verdict } from './clamd.ts';
import { scanMails } from './scan-mails.ts';

const mail = (...blobs: string[]): ReadMail =>
  ({
    mail: { id: blobs.join() },
    parsed: { attachments: blobs.map((blob) => ({ id: blob, blob })) },
  }) as unknown as ReadMail;

async function* bytesOf(blob: string): AsyncGenerator<Buffer> {
  yield Buffer.from(blob);
}

test('scanMails() files every message in its order with what the scanner said of its files', async () => {
  const filed: [string, (string | undefined)[]][] = [];
  const verdicts: Record<string, Verdict> = {
    good: { type: 'clean' },
    bad: { type: 'infected', found: 'Test.EICAR' },
  };
  const scanner: Scanner = {
    async scan(bytes) {
      const [blob] = await Array.fromAsync(bytes);
      return verdicts[String(blob)] ?? { type: 'unscanned', why: 'it is away' };
    },
  };
  const filing = scanMails({
    filing: {
      async file(mails) {
        for (const {
          mail: { id },
          parsed,
        } of mails) {
          filed.push([id, parsed.attachments.map(({ scan }) => scan)]);
        }
      },
    },
    scanner,
    blobs: { read: bytesOf },
    trace: { warning: () => undefined } as unknown as Trace,
  });
  await filing.file([mail('good', 'bad'), mail(), mail('new', 'good', 'bad', 'new', 'good')]);
  expect(filed).toEqual([
    ['good,bad', ['clean', 'infected']],
    ['', []],
    ['new,good,bad,new,good', ['unscanned', 'clean', 'infected', 'unscanned', 'clean']],
  ]);
});
