import { type Instant, type Milliseconds, hours, minutes, seconds } from '#base/time.ts';
import type { MailFailure } from '../mail-failure.ts';
import type { OutboxRow, RecipientOutcome } from '../out/outgoing.ts';
import type { RefusedRecipient, SmtpOutcome } from '../out/smtp.ts';

/** Pauses between tries of what a server does not take yet; the last repeats. Greylisting lasts a few minutes. */
const FIRST_PAUSE: Milliseconds = seconds(15);
const PAUSES: readonly Milliseconds[] = [
  FIRST_PAUSE,
  minutes(1),
  minutes(5),
  minutes(15),
  minutes(30),
  hours(1),
  hours(2),
];

/** A mailbox whose server is away is left alone this long at most; one that will not have us, longer. */
const LONGEST_REST = minutes(5);
const REST_WHEN_REFUSED = minutes(10);

/** So often the whole message may have been with a server that did not answer: a third time nobody tries alone. */
const MOST_DOUBTS = 2;

export interface AfterSendFacts {
  readonly at: Instant;
  /** From 0 to 1: spreads the tries. */
  readonly chance: number;
  /** How often in a row the mailbox's server could not be reached, this time included. */
  readonly failures: number;
}

/** How an e-mail stands after a try. The try is counted already. */
export function afterSend(row: OutboxRow, outcome: SmtpOutcome, facts: AfterSendFacts): OutboxRow {
  if (outcome.type === 'taken') {
    const recipients = outcomes(row, outcome.refused, { state: 'sent', said: '' });
    const { messageId } = outcome;
    return ended({ ...row, serverMessageId: messageId, recipients }, facts);
  }
  if (outcome.type === 'refused') {
    const state = outcome.permanent ? 'failed' : 'waiting';
    const rest = { state, said: outcome.said } as const;
    return ended({ ...row, recipients: outcomes(row, outcome.refused, rest) }, facts);
  }
  if (row.inDoubt && !outcome.answered) return afterDoubt(row, facts.at, FIRST_PAUSE);
  const { failure } = outcome;
  return later(
    row,
    `${failure.what}. ${failure.advice}`,
    facts.at + restAfter(failure, facts),
    facts.at,
  );
}

/**
 * How an e-mail stands of which nobody knows whether the server has it: it stopped, or we did.
 *
 * @param wait Before it is sent once more; the server may still be at work on it.
 */
export function afterDoubt(row: OutboxRow, at: Instant, wait: Milliseconds): OutboxRow {
  const doubts = row.doubts + 1;
  const next = { ...row, doubts, holder: undefined, inDoubt: false, at };
  if (doubts < MOST_DOUBTS) {
    const problem = 'The server had all of it and did not answer: it is sent once more';
    return { ...next, state: 'waiting', next: at + wait, problem };
  }
  const problem =
    'The server had all of it and did not answer, twice: ask whether it has arrived before you try again';
  return { ...next, ...fail(next, problem) };
}

/** How long to leave a server alone that could not be reached, or would not have us. */
export function restAfter(
  { kind }: Pick<MailFailure, 'kind'>,
  { failures, chance }: Pick<AfterSendFacts, 'failures' | 'chance'>,
): Milliseconds {
  if (kind === 'permanent') return REST_WHEN_REFUSED;
  const most = Math.min(LONGEST_REST, seconds(1) * 2 ** Math.min(failures - 1, 10));
  return Math.round(most * (0.75 + chance / 4));
}

/** What was asked for is said of each; those who had it before keep that. */
function outcomes(
  row: OutboxRow,
  refused: readonly RefusedRecipient[],
  rest: Pick<RecipientOutcome, 'state' | 'said'>,
): RecipientOutcome[] {
  const of = new Map(refused.map((one) => [one.address.toLowerCase(), one]));
  return row.recipients.map((recipient) => {
    if (recipient.state !== 'waiting') return recipient;
    const no = of.get(recipient.address.toLowerCase());
    if (!no) return { ...recipient, ...rest };
    return { ...recipient, state: no.permanent ? 'failed' : 'waiting', said: no.said };
  });
}

/** An answer has come for everybody who was asked about. */
function ended(row: OutboxRow, { at, chance }: AfterSendFacts): OutboxRow {
  const known = { ...row, holder: undefined, inDoubt: false, at };
  const waiting = row.recipients.filter(({ state }) => state === 'waiting');
  if (waiting.length > 0) {
    const own = PAUSES[Math.min(row.tries, PAUSES.length) - 1] ?? FIRST_PAUSE;
    const next = at + Math.round(own * (0.9 + chance / 5));
    return later(known, describe(waiting), next, at);
  }
  const perhapsTwice = row.perhapsTwice || (row.doubts > 0 && hasLeft(row));
  const failed = row.recipients.filter(({ state }) => state === 'failed');
  if (failed.length === 0) {
    return { ...known, state: 'sent', next: undefined, problem: undefined, perhapsTwice };
  }
  const others = hasLeft(row) ? '. All others have been sent it' : '';
  const earlier =
    row.doubts > 0 && !hasLeft(row) ? '. An earlier try may have reached them all the same' : '';
  return {
    ...known,
    perhapsTwice,
    state: 'failed',
    next: undefined,
    problem: describe(failed) + others + earlier,
  };
}

function later(row: OutboxRow, problem: string, next: Instant, at: Instant): OutboxRow {
  const known = { ...row, holder: undefined, inDoubt: false, at };
  if (next <= row.giveUpAt) return { ...known, state: 'waiting', next, problem };
  return { ...known, ...fail(known, `Given up, after ${row.tries} tries: ${problem}`) };
}

/** Nobody who still waits for it will have it. */
const fail = (
  row: OutboxRow,
  problem: string,
): Pick<OutboxRow, 'state' | 'next' | 'problem' | 'recipients'> => ({
  state: 'failed',
  next: undefined,
  problem,
  recipients: row.recipients.map((recipient) =>
    recipient.state === 'waiting' ? { ...recipient, state: 'failed' } : recipient,
  ),
});

const hasLeft = (row: OutboxRow): boolean =>
  row.recipients.some(({ state }) => state !== 'waiting' && state !== 'failed');

/** One line for people: who and why, those with the same reason together. */
function describe(recipients: readonly RecipientOutcome[]): string {
  const bySaid = Map.groupBy(recipients, ({ said }) => said);
  return [...bySaid]
    .map(([said, who]) => `${who.map(({ address }) => address).join(', ')}: ${said}`)
    .join('; ')
    .slice(0, 900);
}
