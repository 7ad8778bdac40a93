import type { MailboxId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';
import type { Gap, MailCheck } from '../contract/mailboxes.ts';

/** What a server said; what is held here is counted anew whenever somebody asks. */
export type KeptCheck = Omit<MailCheck, 'brought' | 'unfiled'>;

interface CheckRow {
  mailbox: MailboxId;
  at: Date;
  server: number;
  held: number;
  gaps: Gap[];
  gaps_in_all: number;
}

/** What the last comparison with each mailbox's server found. */
export class CheckTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put({ mailbox, at, server, held, gaps, gapsInAll }: KeptCheck): Promise<void> {
    await this.#database.query({
      text: `insert into email.checks (mailbox, at, server, held, gaps, gaps_in_all)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (mailbox) do update set at = excluded.at, server = excluded.server,
          held = excluded.held, gaps = excluded.gaps, gaps_in_all = excluded.gaps_in_all`,
      values: [mailbox, new Date(at), server, held, JSON.stringify(gaps), gapsInAll],
    });
  }

  async all(): Promise<KeptCheck[]> {
    const rows = await this.#database.query<CheckRow>({
      text: 'select * from email.checks order by mailbox',
    });
    return rows.map(({ mailbox, at, server, held, gaps, gaps_in_all }) => ({
      mailbox,
      at: at.getTime(),
      server,
      held,
      gaps,
      gapsInAll: gaps_in_all,
    }));
  }
}
