import type { server } from '#ui/live/server.ts';

/** A mail that opened no work. */
export type Quarantined = Awaited<ReturnType<typeof server.listQuarantine>>['mails'][number];

/** "1 e-mail", "1,024 e-mails". */
export const countOf = (count: number): string =>
  count === 1 ? '1 e-mail' : `${count.toLocaleString()} e-mails`;

/** Why a mail waits for somebody's judgement. */
export const REASONS: Readonly<Record<Quarantined['reason'], string>> = {
  storm: 'Part of a storm',
  correspondent: 'Too many of one sender',
  loop: 'Looks like a loop of machines',
  denied: 'The sender is denied',
  'not-allowed': 'The sender is not on the list',
  unrouted: 'No entry point takes it',
};
