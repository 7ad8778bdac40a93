import { z } from 'zod';
import { days, hours, minutes, seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

/** What an administrator may set of the media director. */
export const mediaDirectorSettings = defineSettings({
  'rest-after-return': {
    schema: z.int().min(0).max(hours(1)),
    default: seconds(5),
    unit: 'ms',
    what: 'For how long an agent is not offered again what they declined or did not answer.',
    why: 'Long enough that others come first, short enough that a customer does not wait where there is but one agent.',
  },
  'vanished-work-returns': {
    schema: z.int().min(0).max(days(7)),
    default: hours(4),
    unit: 'ms',
    what: 'After how long the e-mails and tasks of an agent whose browser is gone go back to their queue.',
    why: 'Nobody waits at the other end: a long lunch must not take half-written answers away.',
  },
  'vanished-log-out': {
    schema: z.int().min(seconds(30)).max(days(7)),
    default: minutes(15),
    unit: 'ms',
    what: 'After how long an agent without work whose browser is gone is logged out.',
    why: 'Who closed the laptop has left: their seat is free, and nobody waits for them.',
  },
  'checkpoint-after': {
    schema: z.int().min(10).max(1_000_000),
    default: 20_000,
    what: 'After how many events the tables are brought up to date with the journal.',
    why: 'So many are read again in some tenths of a second: what a start after a crash costs at most.',
  },
  'keep-endings': {
    schema: z.int().min(days(1)).max(days(3_650)),
    default: days(90),
    unit: 'ms',
    what: 'How long the director remembers how a work item ended.',
    why: 'A media store that was away for less than this learns the truth when it comes back.',
  },
  'keep-anchors': {
    schema: z.int().min(days(1)).max(days(3_650)),
    default: days(90),
    unit: 'ms',
    what: 'How far back decisions are explained and replayed quickly.',
    why: 'What is older can still be read from the journal’s beginning on; a complaint comes within weeks.',
  },
  'seat-timeout': {
    schema: z.int().min(0).max(10_000),
    default: seconds(1),
    unit: 'ms',
    what: 'How long a log-in waits for the license director before the agent is let in without.',
    why: 'A licence problem never stops routing; an agent notices a second.',
  },
});
