/** The packages of the servers that tests start, unpacked before the first of them is waited for. */
import { CLAMD } from './clamd.ts';
import { CYRUS } from './cyrus.ts';
import { DOVECOT } from './dovecot.ts';
import { ServerMissing } from './shared.ts';
import { unpacked } from './unpacked.ts';

/** Called by vitest before the first test. A machine that cannot get them learns so from the tests that need them. */
export async function setup(): Promise<void> {
  for (const [name, packages] of [
    ['dovecot', DOVECOT],
    ['cyrus', CYRUS],
    ['clamd', CLAMD],
  ] as const) {
    await unpacked(name, packages).catch((error: unknown) => {
      if (!(error instanceof ServerMissing)) throw error;
    });
  }
}
