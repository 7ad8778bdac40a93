import { z } from 'zod';
import { days, minutes, seconds } from '#base/time.ts';
import { defineSettings } from '#platform/settings/settings.ts';

const count = z.int().min(1).max(1_000_000);

/** What an administrator may set of the web chat gateway. */
export const webChatGatewaySettings = defineSettings({
  connections: {
    schema: count,
    default: 20_000,
    what: 'How many widgets may be connected at the same time.',
    why: 'About 10 KiB each: twice what a busy site has open, in 200 MiB.',
  },
  'connections-per-address': {
    schema: count,
    default: 250,
    what: 'How many widgets may be connected from one address (of IPv6: one /64).',
    why: 'A large office behind one address fits in; one machine cannot take all places.',
  },
  'connects-per-address': {
    schema: count,
    default: 120,
    what: 'How many connections one address may open within a minute.',
    why: 'Visitors who browse page by page reconnect each time; a flood is some thousands.',
  },
  'openings-per-address': {
    schema: count,
    default: 20,
    what: 'How many conversations one address may begin within a minute.',
    why: 'More than people begin, less than would drown the agents.',
  },
  'messages-per-session': {
    schema: count,
    default: 60,
    what: 'How many messages one visitor may send within a minute; a fifth of them at once.',
    why: 'Nobody types faster for long; a pasted burst of twelve goes through.',
  },
  'messages-per-address': {
    schema: count,
    default: 1_200,
    what: 'How many messages may come from one address within a minute; a fifth of them at once.',
    why: 'Twenty people behind one address who all write as fast as they may.',
  },
  'session-lifetime': {
    schema: z.int().min(minutes(1)).max(days(365)),
    default: days(7),
    unit: 'ms',
    what: 'How long a visitor may come back to a conversation.',
    why: 'A laptop that slept over a long weekend finds its conversation again.',
  },
  'leave-after': {
    schema: z.int().min(minutes(1)).max(days(7)),
    default: minutes(10),
    unit: 'ms',
    what: 'A visitor who has closed the chat for this long, before anybody answered, has left the queue.',
    why: 'Long enough for a lost network or a look elsewhere; an agent should not greet an empty room.',
  },
  silence: {
    schema: z.int().min(seconds(10)).max(minutes(60)),
    default: seconds(150),
    unit: 'ms',
    what: 'A widget that says nothing for this long is disconnected.',
    why: 'Widgets ask every 30 s; browsers slow the timers of hidden tabs down to one a minute.',
  },
});
