import type { Instant } from '#base/time.ts';
import type { OutboxRow, RecipientOutcome } from '../out/outgoing.ts';
import type { ToldDelivery } from './filing-plan.ts';

type Told = Omit<ToldDelivery, 'email'>;

/** What a recipient's state becomes; what is not named stays. Nothing leads back. */
const NEXT: Readonly<
  Partial<
    Record<RecipientOutcome['state'], Partial<Record<Told['action'], RecipientOutcome['state']>>>
  >
> = {
  sent: { failed: 'bounced', delayed: 'delayed', delivered: 'delivered' },
  delayed: { failed: 'bounced', delivered: 'delivered' },
  delivered: { failed: 'bounced' }, // as a mailbox's own rules do, an hour later
};

/**
 * How an e-mail stands after servers have reported of it (RFC 3464). One that did not arrive at somebody has
 * bounced, whoever else has it; one has been delivered when all have it. One that is still on its way to
 * others, or has failed, stays so.
 */
export function afterReport(row: OutboxRow, told: readonly Told[], at: Instant): OutboxRow {
  const recipients = told.reduce(tell, row.recipients);
  const isSame = recipients.every((recipient, n) => recipient === row.recipients[n]);
  if (isSame) return row;
  const known = { ...row, recipients };
  if (!['sent', 'delivered', 'bounced'].includes(row.state)) return known;
  const of = (state: RecipientOutcome['state']): RecipientOutcome[] =>
    recipients.filter((recipient) => recipient.state === state);
  const bounced = of('bounced');
  if (bounced.length > 0) return { ...known, state: 'bounced', at, problem: describe(bounced) };
  const delayed = of('delayed');
  if (delayed.length > 0) return { ...known, problem: describe(delayed) };
  const isDelivered = of('delivered').length === recipients.length;
  return { ...known, problem: undefined, ...(isDelivered && { state: 'delivered', at }) };
}

function tell(recipients: readonly RecipientOutcome[], told: Told): readonly RecipientOutcome[] {
  const key = told.recipient.toLowerCase();
  const isNamed = recipients.some(({ address }) => address.toLowerCase() === key);
  return recipients.map((recipient) => {
    // a report of nobody we wrote to, as of where it was forwarded, is of the one recipient or of them all
    if (isNamed && recipient.address.toLowerCase() !== key) return recipient;
    if (!isNamed && recipients.length > 1 && told.action === 'delivered') return recipient;
    const state = NEXT[recipient.state]?.[told.action];
    const said = [told.status, told.diagnostic].filter((words) => words !== '').join(' ');
    return state === undefined ? recipient : { ...recipient, state, said: said.slice(0, 500) };
  });
}

const describe = (recipients: readonly RecipientOutcome[]): string =>
  recipients
    .map(({ address, said }) => (said === '' ? address : `${address}: ${said}`))
    .join('; ')
    .slice(0, 1_000);
