import type { EmailNature } from '#domain/email/email.ts';
import type { DeliveryReport, ParsedMail } from '../mime/parsed-mail.ts';
import type { ToldDelivery } from './filing-plan.ts';
import type { KnownEmail } from './known.ts';
import { reportedIds } from './questions.ts';

/** What is shown of a returned mail whose server knows no report: the beginning says why. */
const LONGEST_DIAGNOSTIC = 500;

type Outcome = DeliveryReport['recipients'][number];

/** What a report tells, and whether an agent must hear of it. */
export interface Told {
  readonly deliveries: readonly ToldDelivery[];
  /** What an agent wrote has not arrived, and nobody has said so before. */
  readonly failed: KnownEmail | undefined;
}

/** What a returned mail or a delivery report tells of e-mails that were sent from here. */
export function toldDeliveries(
  mail: ParsedMail,
  nature: EmailNature,
  known: readonly KnownEmail[],
): Told {
  if (nature !== 'bounce') return { deliveries: [], failed: undefined };
  const ids = new Set(reportedIds(mail));
  const sent = known.filter(
    ({ direction, messageId }) => direction === 'out' && ids.has(messageId),
  );
  const outcomes: readonly Outcome[] = mail.report?.recipients ?? [returnedAsText(mail)];
  const deliveries = sent.flatMap(({ id: email }) =>
    outcomes.map(({ address, action, status, diagnostic }) => ({
      email,
      recipient: address,
      action,
      status,
      diagnostic,
    })),
  );
  const hasFailed = outcomes.some(({ action }) => action === 'failed');
  const failed = sent.find(
    ({ agent, delivery }) => hasFailed && agent !== undefined && delivery?.state !== 'bounced',
  );
  return { deliveries, failed };
}

const returnedAsText = ({ subject, text }: ParsedMail): Outcome => ({
  address: '',
  action: 'failed',
  status: '',
  diagnostic: `${subject}: ${text.trim()}`.slice(0, LONGEST_DIAGNOSTIC),
});
