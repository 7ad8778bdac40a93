import type { Instant } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';

export type SecretUse = 'receive' | 'send';
export type SecretKind = 'password' | 'refresh-token' | 'client-secret';

export interface SecretName {
  readonly mailbox: MailboxId;
  readonly use: SecretUse;
  readonly kind: SecretKind;
}

export class SecretTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(
    { mailbox, use, kind }: SecretName,
    sealed: string,
    at: Instant,
    by: string,
  ): Promise<void> {
    await this.#database.query({
      text: `insert into email.secrets (mailbox, use, kind, sealed, set_at, set_by)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (mailbox, use, kind) do update
        set sealed = excluded.sealed, set_at = excluded.set_at, set_by = excluded.set_by`,
      values: [mailbox, use, kind, sealed, new Date(at), by],
    });
  }

  async remove(mailbox: MailboxId, use: SecretUse): Promise<void> {
    await this.#database.query({
      text: 'delete from email.secrets where mailbox = $1 and use = $2',
      values: [mailbox, use],
    });
  }

  async get({ mailbox, use, kind }: SecretName): Promise<string | undefined> {
    const [row] = await this.#database.query<{ sealed: string }>({
      text: 'select sealed from email.secrets where mailbox = $1 and use = $2 and kind = $3',
      values: [mailbox, use, kind],
    });
    return row?.sealed;
  }

  async of(mailbox: MailboxId): Promise<{ use: SecretUse; kind: SecretKind; setAt: Instant }[]> {
    const rows = await this.#database.query<{ use: SecretUse; kind: SecretKind; set_at: Date }>({
      text: 'select use, kind, set_at from email.secrets where mailbox = $1 order by use, kind',
      values: [mailbox],
    });
    return rows.map(({ use, kind, set_at }) => ({ use, kind, setAt: set_at.getTime() }));
  }
}
