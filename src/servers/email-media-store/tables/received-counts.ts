import type { Instant } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import { firstIdOf } from './mail-ids.ts';

/** How much mail of a mailbox is where on its way. */
export interface MailCounts {
  /** Since an instant. */
  readonly fetched: number;
  readonly unreadable: number;
  /** Held, and could not be filed so far: it is tried again. */
  readonly unfiled: number;
}

/** Counts of what was taken in, for those who look after mailboxes. */
export class ReceivedCounts {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By mailbox; one without mail is left out. */
  async mailboxes(since: Instant): Promise<Map<MailboxId, MailCounts>> {
    const rows = await this.#database.query<MailCounts & { mailbox: MailboxId }>({
      name: 'email.received_counts',
      text: `select mailbox, sum(fetched)::bigint as fetched, sum(unreadable)::bigint as unreadable,
          sum(unfiled)::bigint as unfiled from (
          select mailbox, count(*) as fetched, 0 as unreadable, 0 as unfiled
          from email.received where id >= $1 group by mailbox
          union all
          select mailbox, 0, count(*), 0 from email.received where state = 'unreadable' group by mailbox
          union all
          select mailbox, 0, 0, count(*) from email.received
          where state = 'stored' and put_off > 0 group by mailbox
        ) as counted group by mailbox`,
      values: [firstIdOf(since)],
    });
    return new Map(rows.map(({ mailbox, ...counts }) => [mailbox, counts]));
  }

  /** Of the mail of a mailbox how much is held, and how much of that could not be filed. */
  async held(mailbox: MailboxId): Promise<{ held: number; unfiled: number }> {
    const [row] = await this.#database.query<{ held: number; unfiled: number }>({
      name: 'email.received_held',
      text: `select count(*) as held,
          count(*) filter (where state = 'stored' and put_off > 0) as unfiled
        from email.received where mailbox = $1`,
      values: [mailbox],
    });
    return row ?? { held: 0, unfiled: 0 };
  }
}
