import { z } from 'zod';
import { hours, minutes } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** The settings of the configuration server. */
export const configurationServerSettings = defineSettings({
  'set-up-link-lifetime': {
    schema: z
      .int()
      .min(minutes(1))
      .max(hours(24 * 7)),
    default: hours(24),
    unit: 'ms',
    what: 'How long the link to the set-up wizard works.',
    why: 'whoever installs in the evening can set up the next morning',
  },
  'sign-in-link-lifetime': {
    schema: z.int().min(minutes(1)).max(hours(24)),
    default: minutes(15),
    unit: 'ms',
    what: 'How long a link that signs somebody in works.',
    why: 'long enough to hand it over, short enough that a forgotten one is worth nothing',
  },
});
