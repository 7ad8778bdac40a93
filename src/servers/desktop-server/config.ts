import { z } from 'zod';
import { days, hours, minutes } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** What an administrator may set of the desktop server. */
export const desktopServerSettings = defineSettings({
  lab: {
    schema: z.boolean(),
    default: false,
    what: 'Whether the lab page is served, with the customer’s side of every channel.',
    why: 'It is for trying things out; "emcee lab" switches it on for a centre of its own.',
  },
  hosts: {
    schema: z.array(z.hostname().max(253)).max(50),
    default: [],
    what: 'The names, beside localhost and IP addresses, by which browsers reach this server.',
    why: 'A request under any other name may come from a web page that was rebound to our address.',
  },
  'public-url': {
    schema: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(300)]),
    default: '',
    what: 'How addresses begin that are given to people, as https://centre.example; also a host.',
    why: 'Left out, the first address the server listens on.',
  },
  'trusted-proxies': {
    schema: z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])).max(50),
    default: [],
    what: 'Addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
    why: 'Anybody else could claim to be at any address.',
  },
  'session-idle': {
    schema: z.int().min(minutes(5)).max(days(30)),
    default: hours(1),
    unit: 'ms',
    what: 'A session ends when no browser has used it for so long; an open desktop uses it.',
    why: 'Long enough for a meeting, too short for a computer left behind.',
  },
  'session-longest': {
    schema: z.int().min(60_000).max(days(90)),
    default: hours(24),
    unit: 'ms',
    what: 'A session ends this long after signing in, whatever happens.',
    why: 'A stolen cookie is worth at most a day, and nobody signs in twice in a shift.',
  },
  'requests-per-second': {
    schema: z.int().min(1).max(100_000),
    default: 200,
    what: 'How many API requests a caller may make per second, with ten seconds’ worth at once.',
    why: 'A person makes a few, a busy bot a hundred; a program in a loop must not slow everybody down.',
  },
  'events-kept': {
    schema: z.int().min(100).max(1_000_000),
    default: 10_000,
    what: 'How many events are kept in memory for clients that come back with a cursor.',
    why: 'About 1 KiB each: half an hour of a large centre fits into 10 MiB; later comers get a snapshot.',
  },
  'webhook-private-targets': {
    schema: z.boolean(),
    default: false,
    what: 'Whether webhooks may go to addresses of this machine and of private networks, and over plain HTTP.',
    why: 'Otherwise whoever may set up a webhook could reach what only this machine should.',
  },
  'webhook-give-up': {
    schema: z.int().min(60_000).max(days(30)),
    default: days(3),
    unit: 'ms',
    what: 'How long the delivery of an event is tried again before it counts as failed.',
    why: 'A receiver that breaks on a Friday is repaired on Monday.',
  },
  'webhook-history': {
    schema: z.int().min(0).max(days(365)),
    default: days(7),
    unit: 'ms',
    what: 'How long finished deliveries are kept to be looked at and sent again.',
    why: 'A receiver’s mistake is noticed within a week.',
  },
});
