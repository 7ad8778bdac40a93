import { hours } from '#base/time.ts';
import type { Mailbox } from '#domain/configuration/mail.ts';
import type { QuarantineReason } from './filing-plan.ts';
import type { Traffic } from './known.ts';
import { isNamed } from './senders.ts';

/** A conversation that mail opens another pass in more often than this is one of machines: nobody closes faster. */
export const REOPENINGS = { most: 10, within: hours(1) };

/** Why work that a mail would open is held back. */
export interface Hold {
  readonly reason: QuarantineReason;
  readonly why: string;
}

export interface HoldFacts {
  readonly mailbox: Pick<Mailbox, 'senders' | 'loops'>;
  /** Whose word it is. */
  readonly sender: string;
  readonly traffic: Traffic;
  /** The conversation that it joins; left out: it opens one. */
  readonly joins: { readonly reopened: number } | undefined;
}

/** Whether a sender is refused, whatever they write about. */
export function whyDenied({
  mailbox,
  sender,
}: Pick<HoldFacts, 'mailbox' | 'sender'>): Hold | undefined {
  return isNamed(mailbox.senders.denied, sender)
    ? { reason: 'denied', why: `"${sender}" is on the list of denied senders` }
    : undefined;
}

/**
 * Why a mail that would open work opens none: it waits for somebody's judgement. Who answers in a conversation
 * comes in where only some may; rates hold for everybody, since a machine has no other name than a person.
 */
export function whyHeld({ mailbox, sender, traffic, joins }: HoldFacts): Hold | undefined {
  const { senders, loops } = mailbox;
  if (!joins && senders.allowed.length > 0 && !isNamed(senders.allowed, sender)) {
    return { reason: 'not-allowed', why: `"${sender}" is not on the list of allowed senders` };
  }
  if (joins && joins.reopened >= REOPENINGS.most) {
    const why = `The conversation was reopened ${joins.reopened} times within an hour`;
    return { reason: 'loop', why };
  }
  if (traffic.fromCorrespondent >= loops.perCorrespondent.most) {
    const why = `The correspondent has sent ${traffic.fromCorrespondent} mails before it in that time`;
    return { reason: 'correspondent', why };
  }
  if (traffic.storm)
    return { reason: 'storm', why: 'There is a storm, and nobody has judged it yet' };
  if (traffic.opened >= loops.storm.most) {
    const why = `Mail has opened work ${traffic.opened} times before it: a storm begins`;
    return { reason: 'storm', why };
  }
  return undefined;
}
