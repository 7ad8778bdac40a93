import type { Instant } from '#base/time.ts';
import type { DocumentKind, StoredDocument } from '#domain/configuration/documents.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import type { Numbered } from '#platform/feed/feed.ts';
import type { SetValue } from './rules/effective-settings.ts';
import type { SettingsChange } from './rules/settings-changes.ts';
import type { Done, Link, Revision, Storage, Writes } from './storage.ts';

const MIGRATIONS = new URL('migrations/', import.meta.url);
const CHANNEL = 'emcee_configuration';

/** The tables, made or brought up to date. */
export async function openTables(database: Database): Promise<Storage> {
  await database.migrate('configuration', MIGRATIONS);
  return new Tables(database);
}

interface DocumentRow {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly revision: number;
  readonly retired: boolean;
  readonly body: Record<string, unknown>;
}

interface LinkRow {
  readonly hash: Buffer;
  readonly purpose: Link['purpose'];
  readonly agent: AgentId | null;
  readonly expires_at: Date;
}

class Tables implements Storage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  documents(): Promise<StoredDocument[]> {
    return this.#database.query<DocumentRow>({
      text: `select kind, id, revision, retired, body from configuration.documents order by revision`,
    });
  }

  revisions(since: number, limit: number): Promise<StoredDocument[]> {
    return this.#database.query<DocumentRow>({
      name: 'configuration-revisions',
      text: `select kind, id, revision, retired, body from configuration.revisions
              where revision > $1::bigint order by revision limit $2`,
      values: [since, limit],
    });
  }

  async history(wanted: Parameters<Storage['history']>[0]): Promise<Revision[]> {
    const rows = await this.#database.query<
      DocumentRow & { before: Record<string, unknown> | null; at: Date; by: string }
    >({
      text: `select kind, id, revision, retired, body, before, at, by from configuration.revisions
              where ($1::text is null or kind = $1) and ($2::text is null or id = $2)
                and ($3::bigint is null or revision < $3)
              order by revision desc limit $4`,
      values: [wanted.kind, wanted.id, wanted.before, wanted.limit],
    });
    return rows.map(({ before, at, by, ...document }) => ({
      document,
      before,
      at: at.getTime(),
      by,
    }));
  }

  async passwordOf(agent: string): Promise<string | undefined> {
    const [row] = await this.#database.query<{ hash: string }>({
      text: 'select hash from configuration.passwords where agent = $1',
      values: [agent],
    });
    return row?.hash;
  }

  async link(hash: Buffer): Promise<Link | undefined> {
    const [row] = await this.#database.query<LinkRow>({
      text: 'select hash, purpose, agent, expires_at from configuration.links where hash = $1',
      values: [hash],
    });
    return row && linkOf(row);
  }

  async integrationOf(tokenHash: Buffer): Promise<string | undefined> {
    const [row] = await this.#database.query<{ integration: string }>({
      name: 'configuration-token',
      text: 'select integration from configuration.tokens where hash = $1',
      values: [tokenHash],
    });
    return row?.integration;
  }

  async sealedSecretOf(webhook: string): Promise<string | undefined> {
    const [row] = await this.#database.query<{ sealed: string }>({
      text: 'select sealed from configuration.webhook_secrets where webhook = $1',
      values: [webhook],
    });
    return row?.sealed;
  }

  async acts(before: number | undefined, limit: number): ReturnType<Storage['acts']> {
    const rows = await this.#database.query<
      Omit<Done, 'at'> & { readonly number: number; readonly at: Date }
    >({
      text: `select number, at, by, act, subject from configuration.acts
              where $1::bigint is null or number < $1 order by number desc limit $2`,
      values: [before, limit],
    });
    return rows.map((row) => ({ ...row, at: row.at.getTime() }));
  }

  settings(scopes?: readonly string[]): Promise<SetValue[]> {
    return this.#database.query<SetValue>({
      text: `select scope, name, value from configuration.settings
              where $1::text[] is null or scope = any($1) order by scope, name`,
      values: [scopes],
    });
  }

  async newestSettings(): Promise<number> {
    const [row] = await this.#database.query<{ revision: number }>({
      text: 'select coalesce(max(revision), 0) as revision from configuration.settings_revisions',
    });
    return row?.revision ?? 0;
  }

  async settingsChanges(since: number, limit: number): Promise<Numbered<SettingsChange>[]> {
    const rows = await this.#database.query<SettingsChange & { revision: number }>({
      text: `select revision, scope, values from configuration.settings_revisions
              where revision > $1::bigint order by revision limit $2`,
      values: [since, limit],
    });
    return rows.map(({ revision, scope, values }) => ({
      number: revision,
      change: { scope, values },
    }));
  }

  write<T>(work: (writes: Writes) => Promise<T>): Promise<T> {
    return this.#database.transaction(async (tx) => {
      // readers go on; writers of this and of any other process come one after the other
      await tx.query({ text: 'lock table configuration.revisions in share row exclusive mode' });
      return work(new WritesInTransaction(tx));
    });
  }

  onWritten(heard: () => void): Promise<AsyncDisposable> {
    return this.#database.listen(CHANNEL, heard);
  }
}

class WritesInTransaction implements Writes {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async newestRevision(): Promise<number> {
    const [row] = await this.#tx.query<{ revision: number }>({
      text: 'select coalesce(max(revision), 0) as revision from configuration.revisions',
    });
    return row?.revision ?? 0;
  }

  async addRevision({ document, before, at, by }: Revision): Promise<void> {
    const { kind, id, revision, retired } = document;
    const body = JSON.stringify(document.body);
    await this.#tx.query({
      text: `insert into configuration.revisions (kind, id, revision, retired, body, before, at, by)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [
        kind,
        id,
        revision,
        retired,
        body,
        before && JSON.stringify(before),
        new Date(at),
        by,
      ],
    });
    await this.#tx.query({
      text: `insert into configuration.documents (kind, id, revision, retired, body)
             values ($1, $2, $3, $4, $5)
             on conflict (kind, id) do update
             set revision = excluded.revision, retired = excluded.retired, body = excluded.body`,
      values: [kind, id, revision, retired, body],
    });
    await this.#tell();
  }

  async setPassword(agent: AgentId, hash: string): Promise<void> {
    await this.#tx.query({
      text: `insert into configuration.passwords (agent, hash) values ($1, $2)
             on conflict (agent) do update set hash = excluded.hash`,
      values: [agent, hash],
    });
  }

  async putLink({ hash, purpose, agent, expires }: Link): Promise<void> {
    await this.#tx.query({
      text: `insert into configuration.links (hash, purpose, agent, expires_at) values ($1, $2, $3, $4)
             on conflict (purpose, agent) do update
             set hash = excluded.hash, expires_at = excluded.expires_at`,
      values: [hash, purpose, agent, new Date(expires)],
    });
  }

  async takeLink(hash: Buffer): Promise<Link | undefined> {
    const [row] = await this.#tx.query<LinkRow>({
      text: `delete from configuration.links where hash = $1
             returning hash, purpose, agent, expires_at`,
      values: [hash],
    });
    return row && linkOf(row);
  }

  async putToken(integration: string, hash: Buffer): Promise<void> {
    await this.#tx.query({
      text: `insert into configuration.tokens (integration, hash) values ($1, $2)
             on conflict (integration) do update set hash = excluded.hash`,
      values: [integration, hash],
    });
  }

  async putWebhookSecret(webhook: string, sealed: string, renew: boolean): Promise<string> {
    const [row] = await this.#tx.query<{ sealed: string }>({
      text: `insert into configuration.webhook_secrets as present (webhook, sealed) values ($1, $2)
             on conflict (webhook) do update
             set sealed = case when $3 then excluded.sealed else present.sealed end
             returning sealed`,
      values: [webhook, sealed, renew],
    });
    return row?.sealed ?? sealed;
  }

  settings(): Promise<SetValue[]> {
    return this.#tx.query<SetValue>({
      text: 'select scope, name, value from configuration.settings order by scope, name',
    });
  }

  async putSettings({ scope, values }: SettingsChange, at: Instant, by: string): Promise<number> {
    const names = Object.keys(values);
    const before = await this.#tx.query<{ name: string; value: unknown }>({
      text: `delete from configuration.settings where scope = $1 and name = any($2)
             returning name, value`,
      values: [scope, names],
    });
    await this.#tx.query({
      text: `insert into configuration.settings (scope, name, value)
             select $1, key, value from jsonb_each($2) where value <> 'null'`,
      values: [scope, JSON.stringify(values)],
    });
    const [row] = await this.#tx.query<{ revision: number }>({
      text: `insert into configuration.settings_revisions (revision, scope, values, before, at, by)
             select coalesce(max(revision), 0) + 1, $1, $2, $3, $4, $5
               from configuration.settings_revisions
             returning revision`,
      values: [
        scope,
        JSON.stringify(values),
        JSON.stringify(Object.fromEntries(before.map(({ name, value }) => [name, value]))),
        new Date(at),
        by,
      ],
    });
    await this.#tell();
    return row?.revision ?? 0;
  }

  async note({ at, by, act, subject }: Done): Promise<void> {
    await this.#tx.query({
      text: 'insert into configuration.acts (at, by, act, subject) values ($1, $2, $3, $4)',
      values: [new Date(at), by, act, subject],
    });
  }

  /** Heard when the transaction commits; the same notice twice in one transaction is sent once. */
  async #tell(): Promise<void> {
    await this.#tx.query({ text: `select pg_notify('${CHANNEL}', '')` });
  }
}

const linkOf = ({ hash, purpose, agent, expires_at }: LinkRow): Link => ({
  hash,
  purpose,
  agent: agent ?? undefined,
  expires: expires_at.getTime(),
});
