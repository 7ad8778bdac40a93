import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { Database } from '#platform/database/database.ts';

export interface StoredSession {
  readonly agent: AgentId;
  readonly openedAt: Instant;
  readonly usedAt: Instant;
}

/** How many browsers one person may be signed in with; one more ends the oldest. */
const SESSIONS_PER_AGENT = 20;

/** The sessions as they are kept. Secrets come and go as hashes. */
export class SessionTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(hash: Buffer, session: StoredSession, address: string): Promise<void> {
    const { agent, openedAt, usedAt } = session;
    await this.#database.query({
      text: `insert into desktop.sessions (secret_hash, agent, opened_at, used_at, address)
             values ($1, $2, $3, $4, $5)`,
      values: [hash, agent, new Date(openedAt), new Date(usedAt), address],
    });
    await this.#database.query({
      text: `delete from desktop.sessions where secret_hash in (
               select secret_hash from desktop.sessions where agent = $1
               order by opened_at desc offset $2)`,
      values: [agent, SESSIONS_PER_AGENT],
    });
  }

  async find(hash: Buffer): Promise<StoredSession | undefined> {
    const [row] = await this.#database.query<{ agent: AgentId; opened_at: Date; used_at: Date }>({
      name: 'desktop-session',
      text: 'select agent, opened_at, used_at from desktop.sessions where secret_hash = $1',
      values: [hash],
    });
    return row && { agent: row.agent, openedAt: +row.opened_at, usedAt: +row.used_at };
  }

  async noteUse(hash: Buffer, at: Instant): Promise<void> {
    await this.#database.query({
      text: `update desktop.sessions set used_at = greatest(used_at, $2) where secret_hash = $1`,
      values: [hash, new Date(at)],
    });
  }

  async remove(hash: Buffer): Promise<void> {
    await this.#database.query({
      text: 'delete from desktop.sessions where secret_hash = $1',
      values: [hash],
    });
  }

  /** Removes all of an agent. @returns Their hashes. */
  async removeOf(agent: AgentId): Promise<Buffer[]> {
    const rows = await this.#database.query<{ secret_hash: Buffer }>({
      text: 'delete from desktop.sessions where agent = $1 returning secret_hash',
      values: [agent],
    });
    return rows.map((row) => row.secret_hash);
  }

  /** Removes those that were opened or last used too long ago. */
  async removeOld(openedBefore: Instant, usedBefore: Instant): Promise<void> {
    await this.#database.query({
      text: 'delete from desktop.sessions where opened_at < $1 or used_at < $2',
      values: [new Date(openedBefore), new Date(usedBefore)],
    });
  }
}
