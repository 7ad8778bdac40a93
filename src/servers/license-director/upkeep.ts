import { messageOf } from '#base/failure.ts';
import { pause } from '#base/keep-trying.ts';
import { type Milliseconds, days, seconds } from '#base/time.ts';
import type { Platform } from '#platform/platform.ts';
import { type LicenseFile, readLicenseFile } from './license-file.ts';
import type { LicenseKeeper } from './license-keeper.ts';
import { readPeaks, writeRemembered } from './tables.ts';

/** Seats lapse, and what must be remembered is stored, at most this late. */
const SWEEP_EVERY: Milliseconds = seconds(30);

/** Frees lapsed seats and stores graces and peaks, until the signal. A database that is away costs nobody a seat. */
export async function sweep(
  keeper: LicenseKeeper,
  { clock, database, trace, health }: Platform,
  signal: AbortSignal,
): Promise<void> {
  const store = async (): Promise<void> => {
    try {
      await writeRemembered(database, keeper.graces, keeper.today, clock.now());
    } catch (error) {
      trace.warning('seats.not-stored', {}, error);
    }
  };
  let day = Math.floor(clock.now() / days(1));
  for (;;) {
    await pause(clock, SWEEP_EVERY, signal);
    for (const { holder, through } of keeper.sweep()) {
      trace.info('seat.lapsed', { type: holder.type, through });
    }
    const warnings = keeper.warnings();
    if (keeper.file.type === 'unreadable') warnings.unshift(keeper.file.reason);
    health.report('limits', warnings.length > 0 ? 'degraded' : 'good', warnings[0]);
    const isLast = signal.aborted; // asked before storing, so that a planned stop forgets nothing
    await store();
    if (isLast) return;
    const today = Math.floor(clock.now() / days(1));
    if (today === day) continue;
    keeper.beginDay(await readPeaks(database).catch(() => keeper.today));
    day = today;
  }
}

/** Reads the file again and again, until the signal. */
export async function watchFile(
  keeper: LicenseKeeper,
  { clock, trace }: Platform,
  options: {
    readonly path: string;
    readonly publicKey: string;
    readonly every: Milliseconds;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { path, publicKey, every, signal } = options;
  while (!signal.aborted) {
    await pause(clock, every, signal);
    const file = await readLicenseFile(path, publicKey);
    if (isSame(keeper.file, file)) continue;
    keeper.file = file;
    trace.info('license.changed', describe(file));
  }
}

const isSame = (a: LicenseFile, b: LicenseFile): boolean => JSON.stringify(a) === JSON.stringify(b);

function describe(file: LicenseFile): Readonly<Record<string, unknown>> {
  if (file.type === 'license') return { ...file.license };
  return {
    type: file.type,
    ...(file.type === 'unreadable' ? { reason: messageOf(file.reason) } : {}),
  };
}
