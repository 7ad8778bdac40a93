import { z } from 'zod';
import { days, seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** What an administrator may set of the simple messaging media store. */
export const simpleMessagingMediaStoreSettings = defineSettings({
  'cached-conversations': {
    schema: z.int().min(100).max(1_000_000),
    default: 20_000,
    what: 'How many conversations are kept in memory beside those that are with the media director.',
    why: 'About 1 KiB each: what a large centre talks about in an hour fits into 20 MiB.',
  },
  'messages-waiting': {
    schema: z.int().min(100).max(100_000),
    default: 10_000,
    what: 'How many changes may wait for the database before further ones are refused as busy.',
    why: 'Ten seconds of a very busy centre: longer than a restart of the database takes.',
  },
  'last-agent-remembered': {
    schema: z.int().min(0).max(days(90)),
    default: days(7),
    unit: 'ms',
    what: 'For how long a customer who comes back is sent to the agent they spoke with last, if that agent is there. 0: never.',
    why: 'What is older than a week is another matter, and any agent can take it up.',
  },
  'contact-match-timeout': {
    schema: z.int().min(0).max(60_000),
    default: seconds(1),
    unit: 'ms',
    what: 'How long a new conversation waits for the contact directory before it is queued without a contact.',
    why: 'A match takes milliseconds; the customer should not wait for a directory that is away.',
  },
});
