/** `emcee lab`: a sample centre of its own, beside a real one on the same machine. */
import { resolve } from 'node:path';
import { dataSettings } from '#platform/installation/data-directory.ts';
import type { StartOptions } from './start.ts';

/** Clear of the real centre's ports, whose TLS twins are 10 000 away, and known: a bookmark of the lab keeps working. */
const PORT_OFFSET = 2_000;

/** What `start` is told for the lab; whatever `options` sets goes before. */
export function labOptions(options: StartOptions): StartOptions {
  return {
    ...options,
    data: options.data ?? `${resolve(dataSettings.data.default)}-lab`,
    set: [
      'desktop-server.lab=true',
      'database.url=', // its own embedded database, whatever the environment names
      `ports.offset=${PORT_OFFSET}`,
      ...(options.set ?? []),
    ],
  };
}
