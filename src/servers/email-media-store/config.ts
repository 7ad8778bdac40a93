import { z } from 'zod';
import { days, hours, minutes, seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** What an administrator may set of the e-mail media store. Mailboxes are configuration, not settings. */
export const emailMediaStoreSettings = defineSettings({
  'cached-conversations': {
    schema: z.int().min(100).max(1_000_000),
    default: 20_000,
    what: 'How many conversations are kept in memory beside those whose work item is open.',
    why: 'About 2 KiB each: what a large centre is written about in a day fits into 40 MiB.',
  },
  'contact-match-timeout': {
    schema: z.int().min(0).max(60_000),
    default: seconds(1),
    unit: 'ms',
    what: 'How long work waits for the contact directory before it is queued without a contact.',
    why: 'A match takes milliseconds; an e-mail should not wait for a directory that is away.',
  },
  'traffic-remembered': {
    schema: z
      .int()
      .min(hours(1))
      .max(hours(24 * 30)),
    default: hours(24),
    unit: 'ms',
    what: 'Over how long mail that came in before a start counts towards the limits of correspondents and storms.',
    why: 'Limits are for an hour or less by default; a day more costs little.',
  },
  'brought-largest': {
    schema: z.int().min(100_000).max(1_073_741_824),
    default: 157_286_400,
    unit: 'bytes',
    what: 'The largest message that mail servers may bring by themselves (row smtp-reception).',
    why: 'The largest providers take 150 MiB; more is refused before it is sent.',
  },
  'give-up-after': {
    schema: z.int().min(minutes(5)).max(days(14)),
    default: days(2),
    unit: 'ms',
    what: 'How long it is tried to send an e-mail that a server does not take, before it has failed.',
    why: 'A weekend without a mail server should lose nothing; who waits for an answer longer should be called.',
  },
  'delivery-receipts': {
    schema: z.boolean(),
    default: false,
    what: 'Whether servers are asked to report what has arrived, beside what has not.',
    why: 'Every receipt is an e-mail to the mailbox, and many servers send none.',
  },
  clamd: {
    schema: z.string().max(300),
    default: '',
    what: 'Where a ClamAV daemon scans the files of e-mails: host:port, or the path of its socket. Empty: they are not scanned.',
    why: 'A scanner and its signatures take a gigabyte of memory; many centres scan at their mail server.',
  },
  'send-unscanned': {
    schema: z.boolean(),
    default: false,
    what: 'Whether files may be sent that the scanner could not look at.',
    why: 'Who has set up a scanner would rather wait for it.',
  },
});
