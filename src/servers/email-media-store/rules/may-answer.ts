import { days, hours, type Instant } from '#base/time.ts';
import type { EmailAddress, EmailNature } from '#domain/email/email.ts';
import type { ParsedMail } from '../mime/parsed-mail.ts';
import type { Traffic } from './known.ts';
import { addressKey, domainOf, type OurAddresses } from './our-addresses.ts';
import { isPublicDomain } from './public-domains.ts';

/** Nobody gets more than one automatic answer in this time, whatever they write about. */
export const ANSWERED_WITHIN = days(1);

/**
 * Nor does an organisation get more than this: a ticket system may write from another address each time, and then
 * nobody of it ever had an answer before.
 */
const ANSWERS_TO_DOMAIN = { most: 5, within: hours(1) };

/** Before the `@` of addresses that nobody reads, or that pass on to many: RFC 3834 §2, RFC 5230 §4.6. */
const UNREAD =
  /^(?:(?:no|do[-_.]?not)[-_.]?(?:reply|answer)|noreply.*|nicht[-_.]?antworten|bounces?|bounce[-+_.].*|mailer-daemon|postmaster|mail-daemon|mdaemon|listserv|majordomo|.*-request|owner-.*|.*-owner|.*-bounces?|notifications?|daemon|nobody)(?:\+.*)?$/i;

export interface AnswerFacts {
  readonly at: Instant;
  readonly mail: ParsedMail;
  readonly nature: EmailNature;
  /** Whom the answer would go to. */
  readonly customer: EmailAddress;
  readonly ours: OurAddresses;
  /** Whether an address of To or Cc is one that this mail was to come in by. */
  readonly isAddressee: (address: string) => boolean;
  readonly traffic: Pick<Traffic, 'answeredAt' | 'answeredDomainAt'>;
}

/**
 * Why an e-mail must not be answered automatically: RFC 3834 §2. One a day and correspondent, so that two
 * responders that know no header exchange three mails and no fourth.
 *
 * @returns Nothing where it may.
 */
export function whyNotAnswered(facts: AnswerFacts): string | undefined {
  const { mail, nature, customer, ours, isAddressee, traffic, at } = facts;
  if (nature !== 'personal') return 'no person wrote it';
  const to = addressKey(customer.address);
  if (!to.includes('@')) return 'it has no sender';
  if (mail.automation.hasNullSender) return 'its envelope has no sender';
  if (ours(to) !== undefined) return 'the answer would go to a mailbox of ours';
  if (UNREAD.test(to.slice(0, to.lastIndexOf('@')))) return `nobody reads "${to}"`;
  if (isSuppressed(mail.automation.suppress)) return 'X-Auto-Response-Suppress asks for none';
  if (![...mail.to, ...mail.cc].some(({ address }) => isAddressee(address))) {
    return 'it is not addressed to us by name';
  }
  const { answeredAt, answeredDomainAt } = traffic;
  if (answeredAt !== undefined && at - answeredAt < ANSWERED_WITHIN) {
    return 'they had an automatic answer within a day';
  }
  const { most, within } = ANSWERS_TO_DOMAIN;
  const toDomain = answeredDomainAt.filter((one) => at - one < within).length;
  return toDomain >= most && !isPublicDomain(domainOf(to))
    ? `"${domainOf(to)}" had ${toDomain} automatic answers within an hour`
    : undefined;
}

/** Exchange, MS-OXCMAIL §2.2.3.2.14: a list of what not to answer with; `DR` and `RN` are about receipts only. */
const isSuppressed = (suppress: string): boolean =>
  suppress.split(/[\s,;]+/).some((what) => ['all', 'autoreply', 'oof'].includes(what));
