/** `emcee lab`: a sample centre of its own, beside a real one on the same machine. */
import { resolve } from 'node:path';
import { dataSettings } from '#platform/installation/data-directory.ts';
import type { StartOptions } from './start.ts';

/**
 * Known, so that a bookmark of the lab keeps working; clear of the real centre's ports, whose TLS twins are
 * 10,000 away and whose media begins 1,000 behind them; and none of those that browsers refuse to open.
 */
export const LAB_PORT_OFFSET = 5_000;

/** What `start` is told for the lab; whatever `options` sets goes before. */
export function labOptions(options: StartOptions): StartOptions {
  return {
    ...options,
    // Beside the real centre's, wherever that is: never in it.
    data: options.data ?? `${resolve(process.env['EMCEE_DATA'] ?? dataSettings.data.default)}-lab`,
    set: [
      'desktop-server.lab=true',
      'database.url=', // its own embedded database, whatever the environment names
      `ports.offset=${LAB_PORT_OFFSET}`,
      ...(options.set ?? []),
    ],
  };
}
