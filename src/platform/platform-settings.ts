/** The settings that belong to no component: where data is, the database, ports, traces, processes. */
import { z } from 'zod';
import { seconds } from '#base/time.ts';
import { doorSettings } from './doors/settings.ts';
import { dataSettings } from './installation/data-directory.ts';
import { peerSettings } from './peers/settings.ts';
import { addressSettings, portSettings } from './ports/port-plan.ts';
import type { SettingsCatalog } from './settings/open-settings.ts';
import { defineSettings } from './settings/settings.ts';
import { TRACE_LEVELS } from './trace/open-traces.ts';

/** `database.…` */
export const databaseSettings = defineSettings({
  url: {
    schema: z.union([
      z.literal(''),
      // Not as a URL: of a socket's directory, ?host=/run/postgresql, the host may be empty.
      z.string().regex(/^postgres(?:ql)?:\/\/\S+$/, {
        error: 'write postgresql://user:password@host/database',
      }),
    ]),
    default: '',
    unit: 'url',
    what: 'The PostgreSQL to use, version 15 or newer; empty: the embedded one.',
    why: 'A centre starts without anybody having to install a database.',
    secret: true,
  },
  connections: {
    schema: z.int().min(2).max(500),
    default: 16,
    what: 'Connections to the database that one process opens at most.',
    why: 'Writes are batched, so few are busy at once; each costs the server some MiB.',
  },
});

/** `trace.…` */
export const traceSettings = defineSettings({
  level: {
    schema: z.enum(TRACE_LEVELS),
    default: 'info',
    what: 'Trace entries below this level are not made.',
    why: 'At debug every message of every wire is an entry.',
  },
  print: {
    schema: z.enum(TRACE_LEVELS),
    default: 'warning',
    what: 'Trace entries below this level are not printed; "emcee trace" shows them all.',
    why: 'What is printed should be worth reading.',
  },
});

/** `process.…` */
export const processSettings = defineSettings({
  drain: {
    schema: z.int().min(100).max(600_000),
    default: seconds(20),
    unit: 'ms',
    what: 'How long stopping may take before the process ends all the same.',
    why: 'systemd kills after 90 s and Kubernetes after 30 s; what is in flight takes under 10 s.',
  },
});

export const platformSettings: SettingsCatalog = {
  '': dataSettings,
  database: databaseSettings,
  ports: portSettings,
  address: addressSettings,
  doors: doorSettings,
  peers: peerSettings,
  trace: traceSettings,
  process: processSettings,
};
