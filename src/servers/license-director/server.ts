import { join } from 'node:path';
import type { Platform, Running } from '#platform/platform.ts';
import { applicationManagement } from '#servers/application-management/contract.ts';
import { keepComponentSeats } from './component-seats.ts';
import { licenseDirectorSettings } from './config.ts';
import { licenseDirector } from './contract.ts';
import { implementLicenseDirector } from './implementation.ts';
import { readLicenseFile } from './license-file.ts';
import { LicenseKeeper } from './license-keeper.ts';
import { readRemembered } from './tables.ts';
import { sweep, watchFile } from './upkeep.ts';

/** Starts the license director; resolves once it gives seats. */
export async function startLicenseDirector(platform: Platform): Promise<Running> {
  await using life = new AsyncDisposableStack(); // releases everything if a later step fails
  const { clock, database, directory, doors, peers, trace } = platform;
  const settings = platform.settings(licenseDirectorSettings);
  await database.migrate('license', new URL('./migrations/', import.meta.url));

  const path = settings.file || join(directory, 'license-director', 'license.jws');
  const publicKey = settings['public-key'];
  const keeper = new LicenseKeeper(clock, settings.grace, await readRemembered(database));
  keeper.file = await readLicenseFile(path, publicKey);

  const stop = new AbortController();
  const { signal } = stop;
  const applications = life.use(peers.connect(applicationManagement));
  const upkeep = Promise.all([
    sweep(keeper, platform, signal),
    watchFile(keeper, platform, { path, publicKey, every: settings['file-check'], signal }),
    keepComponentSeats(keeper, applications, { clock, trace, signal }),
  ]);
  life.defer(async () => {
    stop.abort();
    await upkeep;
  });
  const implementation = implementLicenseDirector({ keeper, clock, trace });
  const rows = ['license-director', 'license-director-management'];
  life.use(await doors.rpc(licenseDirector, implementation, rows));
  return life.move();
}
