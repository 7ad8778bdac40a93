import type { Clock, Instant } from '#base/time.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { SecretKey } from '#platform/installation/secret-key.ts';
import type { SecretKind, SecretName, SecretTables, SecretUse } from './tables/secret-tables.ts';

export interface SecretsParts {
  readonly key: SecretKey;
  readonly tables: SecretTables;
  readonly clock: Clock;
}

/** Passwords and tokens of mailboxes: at rest sealed under the installation's secret, told to nobody. */
export class Secrets {
  readonly #parts: SecretsParts;
  readonly #listeners = new Set<(mailbox: MailboxId, use: SecretUse) => void>();

  constructor(parts: SecretsParts) {
    this.#parts = parts;
  }

  /** Keeps a secret in place of the one before; resolves once it is durable. */
  async set(name: SecretName, secret: string, by: string): Promise<void> {
    const { key, tables, clock } = this.#parts;
    await tables.put(name, key.seal(secret, purposeOf(name)), clock.now(), by);
    for (const changed of this.#listeners) changed(name.mailbox, name.use);
  }

  /** Keeps none any more for that use; resolves once that is durable. */
  async forget(mailbox: MailboxId, use: SecretUse): Promise<void> {
    await this.#parts.tables.remove(mailbox, use);
    for (const changed of this.#listeners) changed(mailbox, use);
  }

  /**
   * Keeps a token that a server has given in place of the one before: it concerns nobody but whoever signs in with it.
   */
  async renew(name: SecretName, secret: string): Promise<void> {
    const { key, tables, clock } = this.#parts;
    await tables.put(name, key.seal(secret, purposeOf(name)), clock.now(), 'server');
  }

  /** @throws {SealError} If it was sealed under another secret, as after half a restore: it must be set anew. */
  async get(name: SecretName): Promise<string | undefined> {
    const sealed = await this.#parts.tables.get(name);
    return sealed === undefined ? undefined : this.#parts.key.open(sealed, purposeOf(name));
  }

  /** Which there are. */
  of(mailbox: MailboxId): Promise<{ use: SecretUse; kind: SecretKind; setAt: Instant }[]> {
    return this.#parts.tables.of(mailbox);
  }

  /** Called whenever somebody has set or removed one. */
  onSet(changed: (mailbox: MailboxId, use: SecretUse) => void): Disposable {
    this.#listeners.add(changed);
    return { [Symbol.dispose]: () => void this.#listeners.delete(changed) };
  }
}

/** One that is copied into the row of another cannot be opened there. */
const purposeOf = ({ mailbox, use, kind }: SecretName): string => `mail ${mailbox} ${use} ${kind}`;
