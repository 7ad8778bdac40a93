import { Refusal } from '#base/refusal.ts';
import { MailboxId } from '#domain/ids.ts';
import { emailMediaStore } from '#servers/email-media-store/contract.ts';
import type {
  Gap,
  MailboxHealth,
  MailCheck,
} from '#servers/email-media-store/contract/mailboxes.ts';
import { connectRunning } from './connect.ts';
import { formatTable } from './table.ts';
import { printTime } from './times.ts';

export interface MailOptions {
  readonly json?: boolean;
}

/** A server with many messages is asked about all of them. */
const PATIENCE = 90_000;

/** Gaps that are printed; all are counted. */
const SHOWN = 20;

/** `emcee mail status`: how mailboxes fare. @returns The exit code: 1 where somebody must act. */
export async function mailStatus(directory: string, options: MailOptions): Promise<number> {
  await using store = connectRunning(emailMediaStore, directory);
  const { mailboxes } = await store.call.mailboxes({});
  console.log(options.json ? JSON.stringify(mailboxes, undefined, 2) : printMailboxes(mailboxes));
  return mailboxes.some(({ alarm, state, storm }) => alarm || state === 'refused' || storm) ? 1 : 0;
}

/**
 * `emcee mail check [MAILBOX]`: compares what mail servers have with what is held here.
 *
 * @returns The exit code: 1 where there is a gap, mail is held that could not be filed, or a server cannot be asked.
 */
export async function mailCheck(
  directory: string,
  mailbox: string | undefined,
  options: MailOptions,
): Promise<number> {
  await using store = connectRunning(emailMediaStore, directory);
  const { mailboxes } = await store.call.mailboxes({});
  const known = mailboxes.map((each) => each.mailbox);
  const asked = mailbox === undefined ? known : [mailboxOf(mailbox, known)];
  const checks: Checked[] = [];
  for (const each of asked) {
    try {
      const { check } = await store.call.check({ mailbox: each }, { timeout: PATIENCE });
      checks.push({ mailbox: each, check });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      checks.push({ mailbox: each, problem: error.message });
    }
  }
  console.log(
    options.json ? JSON.stringify(checks, undefined, 2) : checks.map(printCheck).join('\n\n'),
  );
  const isWhole = ({ check }: Checked): boolean => check?.gapsInAll === 0 && check.unfiled === 0;
  return checks.every(isWhole) ? 0 : 1;
}

function mailboxOf(text: string, known: readonly MailboxId[]): MailboxId {
  const mailbox = MailboxId.safeParse(text);
  if (mailbox.success && known.includes(mailbox.data)) return mailbox.data;
  const names = known.length === 0 ? 'there is none' : `there are ${known.join(', ')}`;
  throw new Error(`Cannot check the mailbox "${text}": ${names}`);
}

/** What came of the comparison of one mailbox. */
export interface Checked {
  readonly mailbox: MailboxId;
  readonly check?: MailCheck;
  /** Why it could not be compared. */
  readonly problem?: string;
}

const STATES: Readonly<Record<MailboxHealth['state'], string>> = {
  off: 'off',
  waiting: 'not looked at yet',
  good: 'good',
  failing: 'failing',
  refused: 'refused',
};

/** How mailboxes fare, as people read it. */
export function printMailboxes(mailboxes: readonly MailboxHealth[]): string {
  if (mailboxes.length === 0) return 'There are no mailboxes.';
  const rows = mailboxes.map((each) => [
    each.mailbox,
    STATES[each.state] + (each.alarm ? ' (alarm)' : ''),
    each.lookedAt === undefined ? '–' : printTime(each.lookedAt),
    `${each.fetchedToday}`,
    `${each.backlog ?? '–'}`,
    `${each.unreadable}`,
    `${each.unfiled}`,
    `${each.quarantined}`,
    `${each.unsent}`,
    `${each.failed}`,
  ]);
  const heading = [
    'MAILBOX',
    'STATE',
    'LOOKED AT',
    'TODAY',
    'TO FETCH',
    'UNREADABLE',
    'NOT FILED',
    'QUARANTINED',
    'TO SEND',
    'FAILED',
  ];
  const notes = mailboxes.flatMap(({ mailbox, problem, storm }) => [
    ...(problem === undefined ? [] : [`${mailbox}: ${problem}`]),
    ...(storm
      ? [`${mailbox}: a storm since ${printTime(storm.since)}; ${storm.held} held back`]
      : []),
  ]);
  const table = formatTable([heading, ...rows]);
  return notes.length === 0 ? table : `${table}\n\n${notes.join('\n')}`;
}

const REASONS: Readonly<Record<Gap['reason'], string>> = {
  new: 'will be fetched',
  missing: 'is missing: it is fetched tonight, or now from the control panel',
  'too-large': 'is larger than the mailbox takes',
  failed: 'could not be given by its server',
};

/** What a comparison found, as people read it. */
export function printCheck({ mailbox, check, problem }: Checked): string {
  if (!check) return `${mailbox}: could not be compared: ${problem}`;
  const { brought, server, held, unfiled, gaps, gapsInAll } = check;
  const notFiled = unfiled === 0 ? '' : `\n  ${unfiled} could not be filed: the trace says why`;
  if (brought) {
    return `${mailbox}: mail servers bring its mail; ${held} messages are held here${notFiled}`;
  }
  const line = `${mailbox}: the server has ${server}, ${held} of them are held here`;
  if (gapsInAll === 0) return `${line}: none is missing${notFiled}`;
  const rows = gaps
    .slice(0, SHOWN)
    .map(({ key, receivedAt, size, reason }) => [
      `  ${key}`,
      receivedAt === undefined ? '–' : printTime(receivedAt),
      size === undefined ? '–' : `${size} bytes`,
      REASONS[reason],
    ]);
  const more = gapsInAll - rows.length;
  return `${line}\n${formatTable(rows)}${more > 0 ? `\n  and ${more} more` : ''}${notFiled}`;
}
