import { z } from 'zod';
import { defineSettings } from '#platform/settings/settings.ts';

const MIB = 1024 * 1024;

/** What an administrator may set of the trace server. */
export const ttraceServerSettings = defineSettings({
  'kept-bytes': {
    schema: z
      .int()
      .min(4 * MIB)
      .max(64 * 1024 * MIB),
    default: 256 * MIB,
    unit: 'bytes',
    what: 'How much of the disk traces may take; the oldest go first.',
    why: 'Some days of an ordinary centre, and no surprise on a small disk.',
  },
});
