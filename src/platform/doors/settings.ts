import { z } from 'zod';
import { seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** `doors.…`: what holds for every port that a component listens on. */
export const doorSettings = defineSettings({
  names: {
    schema: z.array(z.string().toLowerCase().min(1).max(253)).max(50),
    default: [],
    what: 'Host names, beside localhost and addresses, under which components are reached.',
    why: 'A request under a name that nobody gave comes from a web page that was rebound to our address.',
  },
  certificate: {
    schema: z.string(),
    default: '',
    what: 'A file with the certificate of the public HTTPS port, and those that it rests on; empty: one of the private authority.',
    why: 'Browsers of strangers do not know the private authority; a public name needs a public certificate.',
  },
  key: {
    schema: z.string(),
    default: '',
    what: 'A file with the key of that certificate; empty: it is in the same file.',
    why: 'Most tools write two files.',
  },
  connections: {
    schema: z.int().min(10).max(1_000_000),
    default: 2_000,
    what: 'Connections that one component port takes at the same time.',
    why: 'Far more than components and programs of one centre make; each costs memory.',
  },
  'public-connections': {
    schema: z.int().min(10).max(1_000_000),
    default: 50_000,
    what: 'Connections that the public HTTP or HTTPS port takes at the same time.',
    why: 'Ten thousand visitors with an open chat, several times.',
  },
  drain: {
    schema: z.int().min(0).max(600_000),
    default: seconds(5),
    unit: 'ms',
    what: 'How long calls and requests under way may take to finish when a port closes.',
    why: 'A call has its answer in milliseconds; a caller that is gone must not hold up a stop.',
  },
});
