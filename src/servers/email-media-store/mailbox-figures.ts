import type { Instant } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { MailboxFigures } from './mailbox-methods.ts';
import type { OutboxTables } from './tables/outbox.ts';
import type { QuarantineTables } from './tables/quarantine.ts';

/** What waits of each mailbox for somebody's judgement, or to be sent. */
export async function mailboxFigures(parts: {
  readonly quarantine: Pick<QuarantineTables, 'counts'>;
  readonly outbox: Pick<OutboxTables, 'counts'>;
  readonly failedSince: Instant;
}): Promise<Map<MailboxId, MailboxFigures>> {
  const [held, out] = await Promise.all([
    parts.quarantine.counts(),
    parts.outbox.counts(parts.failedSince),
  ]);
  const figures = new Map<MailboxId, MailboxFigures>();
  const add = (mailbox: MailboxId, some: Partial<MailboxFigures>): void => {
    const before = figures.get(mailbox) ?? { quarantined: 0, unsent: 0, failed: 0 };
    figures.set(mailbox, { ...before, ...some });
  };
  for (const { mailbox, count, stormSince: since, held: stormy } of held) {
    const storm = since === undefined ? {} : { storm: { since, held: stormy } };
    add(mailbox, { quarantined: count, ...storm });
  }
  for (const { mailbox, unsent, failed } of out) add(mailbox, { unsent, failed });
  return figures;
}
