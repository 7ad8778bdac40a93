import type { EmailNature } from '#domain/email/email.ts';
import { addressKey, ourAddresses } from './our-addresses.ts';
import { customerOf, senderOf } from './customer.ts';
import { toldDeliveries } from './deliveries.ts';
import { enterWork } from './enter-work.ts';
import type { FilingFacts } from './filing-facts.ts';
import type { FilingPlan } from './filing-plan.ts';
import { fingerprintOf } from './identity.ts';
import type { KnownConversation } from './known.ts';
import { whyDenied, whyHeld, type Hold } from './loops.ts';
import { natureOf } from './nature.ts';
import { decideThread } from './thread.ts';

/**
 * Decides what becomes of an e-mail that came in: where it belongs, whether it is anybody's work and where that
 * goes, whether it is answered by itself, or waits for somebody's judgement. The same for the same facts, and
 * every step says why. When a mail is decided again that was unrouted, its `work` alone counts.
 */
export function decideFiling(facts: FilingFacts): FilingPlan {
  const { mail, stored, configuration, tokens, known } = facts;
  const ours = ourAddresses(configuration);
  const { nature, why } = natureOf(mail, ours, tokens);
  const thread = decideThread({
    email: stored.id,
    mailbox: stored.mailbox,
    mail,
    fingerprint: fingerprintOf(mail, stored),
    nature,
    known,
    ours,
    tokens,
  });
  const customer = customerOf(mail, ours);
  const common = { nature, customer, language: mail.language, deliveries: [] };
  const reasons = [...(why === '' ? [] : [`${why}: ${nature}`]), ...thread.reasons];
  if (thread.type === 'duplicate') return { ...common, type: 'duplicate', of: thread.of, reasons };

  const { deliveries, failed } = toldDeliveries(mail, nature, known.emails);
  const filed = { ...common, deliveries };
  const joined = thread.type === 'join' ? thread.conversation : undefined;
  const place = joined
    ? ({ type: 'join', conversation: joined.id } as const)
    : ({
        type: 'open',
        interaction: thread.type === 'open' ? thread.interaction : undefined,
      } as const);
  const sender = addressKey(senderOf(mail, ours).address);
  const effect = effectOf({ facts, nature, joined, hasFailed: failed !== undefined });
  const hold = facts.released
    ? undefined
    : whyQuarantined(facts, { nature, sender, joined, effect });
  if (hold) {
    return { ...filed, type: 'quarantine', reason: hold.reason, reasons: [...reasons, hold.why] };
  }
  if (effect !== 'enter') return { ...filed, ...place, work: { type: effect }, reasons };
  const entering = enterWork({ facts, ours, nature, customer, sender, joined });
  return { ...filed, ...place, work: entering.work, reasons: [...reasons, ...entering.reasons] };
}

interface Judged {
  readonly nature: EmailNature;
  readonly sender: string;
  readonly joined: KnownConversation | undefined;
  readonly effect: 'none' | 'tell' | 'enter';
}

/** What machines answer is nobody's work, but that an agent's mail has not arrived is. */
function effectOf(mail: {
  readonly facts: FilingFacts;
  readonly nature: EmailNature;
  readonly joined: KnownConversation | undefined;
  readonly hasFailed: boolean;
}): Judged['effect'] {
  const { facts, nature, joined, hasFailed } = mail;
  const isWork =
    nature === 'bounce'
      ? hasFailed && joined !== undefined
      : nature !== 'auto-reply' && !(nature === 'own' && isAutomatic(facts));
  if (!isWork) return 'none';
  return joined?.workItem ? 'tell' : 'enter';
}

/** What another mailbox of ours has sent by itself. */
function isAutomatic({ mail, known, configuration }: FilingFacts): boolean {
  const { autoSubmitted } = mail.automation;
  if (autoSubmitted !== '' && autoSubmitted !== 'no') return true;
  if (ourAddresses(configuration)(mail.from.address) === undefined) return false;
  return known.emails.some(
    ({ direction, messageId, agent }) =>
      direction === 'out' && messageId === mail.messageId && agent === undefined,
  );
}

/**
 * Returned mail is never held: an agent waits for it, and there is no more of it than they wrote. Who is denied
 * comes in nowhere; all else that would open work is measured.
 */
function whyQuarantined(
  { configuration, stored, known: { traffic } }: FilingFacts,
  { nature, sender, joined, effect }: Judged,
): Hold | undefined {
  const mailbox = configuration.get('mailbox', stored.mailbox);
  if (!mailbox || nature === 'bounce') return undefined;
  return (
    whyDenied({ mailbox, sender }) ??
    (effect === 'enter' ? whyHeld({ mailbox, sender, traffic, joins: joined }) : undefined)
  );
}
