import { z } from 'zod';
import { days, seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** What an administrator may set of the license director. */
export const licenseDirectorSettings = defineSettings({
  file: {
    schema: z.string().max(4_096),
    default: '',
    what: 'The signed file that names limits; left empty: "license-director/license.jws" in the data directory.',
    why: 'Emcee needs none: without a file everything is free.',
  },
  'public-key': {
    schema: z.string().regex(/^(?:[A-Za-z0-9_-]{43})?$/, {
      error: 'an Ed25519 public key is 32 bytes in base64url: 43 characters',
    }),
    default: '',
    what: 'The Ed25519 key, in base64url, of whoever issues the file: a provider who runs Emcee for others.',
    why: 'The project issues no licences and so has no key of its own.',
  },
  grace: {
    schema: z.int().min(0).max(days(365)),
    default: days(14),
    unit: 'ms',
    what: 'How long new logins still come in once a limit is passed or the file has expired.',
    why: 'Long enough to notice and to order more, holidays in between.',
  },
  'file-check': {
    schema: z.int().min(1_000).max(days(1)),
    default: seconds(60),
    unit: 'ms',
    what: 'How often the file is looked at for a change.',
    why: 'A new file should count within a minute, without a restart.',
  },
});
