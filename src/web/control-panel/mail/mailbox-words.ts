/** How a mailbox fares, in words for whoever looks after it. */
import type { server } from '#ui/live/server.ts';
import type { Tone } from '#ui/state-dot.tsx';

export type MailboxHealth = Awaited<ReturnType<typeof server.listMailboxes>>['mailboxes'][number];
export type MailCheck = Awaited<ReturnType<typeof server.checkMailbox>>;
type Gap = MailCheck['gaps'][number];

const TONES: Readonly<Record<MailboxHealth['state'], Tone>> = {
  off: 'away',
  waiting: 'away',
  good: 'ready',
  failing: 'not-ready',
  refused: 'late',
};
const NAMES: Readonly<Record<MailboxHealth['state'], string>> = {
  off: 'Off',
  waiting: 'Not looked at yet',
  good: 'Good',
  failing: 'Failing',
  refused: 'Refused',
};

export const toneOf = ({ state, alarm }: MailboxHealth): Tone => (alarm ? 'late' : TONES[state]);
export const stateNameOf = ({ state }: MailboxHealth): string => NAMES[state];

/** Somebody should look after it: an alarm, a refusal, a storm, e-mails that failed. */
export const needsSomebody = ({ alarm, state, storm, failed }: MailboxHealth): boolean =>
  alarm || state === 'refused' || storm !== undefined || failed > 0;

/** The figures that say something, each as a few words. */
export function figuresOf(health: MailboxHealth): string[] {
  const { fetchedToday, backlog = 0, unsent, failed, quarantined, unreadable, unfiled } = health;
  const said = (count: number, words: string): string[] =>
    count > 0 ? [`${count.toLocaleString('en')} ${words}`] : [];
  return [
    ...said(fetchedToday, 'today'),
    ...said(backlog, 'still at the server'),
    ...said(unsent, 'to be sent'),
    ...said(failed, 'not sent'),
    ...said(quarantined, 'in quarantine'),
    ...said(unreadable, 'unreadable'),
    ...said(unfiled, 'not filed'),
  ];
}

/** What a check found, in a sentence. */
export function foundOf({ brought, server: there, held, unfiled, gapsInAll }: MailCheck): string {
  const count = (number: number): string => number.toLocaleString('en');
  const notFiled = unfiled === 0 ? '' : ` ${count(unfiled)} could not be filed so far.`;
  if (brought) return `Mail servers bring its mail; we hold ${count(held)}.${notFiled}`;
  const head = `The server has ${count(there)}, we hold ${count(held)} of them`;
  if (gapsInAll === 0) return `${head}: nothing is missing.${notFiled}`;
  return `${head}: ${count(gapsInAll)} ${gapsInAll === 1 ? 'is' : 'are'} not here.${notFiled}`;
}

export const GAP_REASONS: Readonly<Record<Gap['reason'], string>> = {
  new: 'New: it is fetched with the next look',
  missing: 'Missing',
  'too-large': 'Larger than the mailbox allows',
  failed: 'It could not be read',
};

/** What can be fetched again: what is new comes by itself. */
export const isFetchable = ({ reason }: Gap): boolean => reason !== 'new';

/** What nobody left out on purpose. */
export const isWanted = ({ reason }: Gap): boolean => reason === 'missing' || reason === 'failed';
