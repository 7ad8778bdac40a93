/** What was taken in, and how far each mailbox has been read. */
import type { Instant, Milliseconds } from '#base/time.ts';
import { EmailId } from '#domain/ids.ts';
import type { MailboxId } from '#domain/ids.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import { FencedError } from '#platform/journal/journal.ts';
import type { Fence } from '#platform/journal/journal.ts';
import { fenceStatement } from '#platform/journal/statements.ts';
import type { MailCursor } from '../mail-source.ts';
import type { StoredMail } from '../stored-mail.ts';
import type { Blob } from './blobs.ts';
import { contentOf, putBlobs } from './blobs.ts';
import { risingId } from './mail-ids.ts';

/** A message as its server gave it. */
export interface Incoming {
  readonly key: string;
  readonly receivedAt: Instant;
  /** Of its header, as it stands there; empty where there is none. */
  readonly messageId: string | undefined;
  /** All of it; or the blob that it was written to, for a large one. */
  readonly raw: Uint8Array | Blob;
}

/** What became of a message that was brought. */
export interface Kept {
  readonly mail: StoredMail;
  /** It was held before, under this key or another. */
  readonly isKnown: boolean;
}

/** Where keys mean something: a mailbox, and the account at a server that it is read from. */
export interface Origin {
  readonly mailbox: MailboxId;
  readonly account: string;
}

export interface Keeping extends Origin {
  /** Proves that nobody else looks after the mailbox. Left out for mail that servers bring by themselves. */
  readonly fence?: Fence | undefined;
  readonly mails: readonly Incoming[];
  /** How far the mailbox has been read with these: moves with them or not at all. */
  readonly cursor?: MailCursor | undefined;
  /** The server numbers anew: the same Message-ID received at the same time is the same message. */
  readonly isRenumbered?: boolean;
}

interface ReceivedRow {
  id: string;
  mailbox: MailboxId;
  key: string;
  received_at: Date;
  size: number;
  raw: string;
}

const storedOf = (row: ReceivedRow): StoredMail => ({
  id: EmailId.parse(row.id),
  mailbox: row.mailbox,
  key: row.key,
  receivedAt: row.received_at.getTime(),
  size: row.size,
  raw: row.raw,
});

const COLUMNS = 'id, mailbox, key, received_at, size, raw';

/** Mail that is kept and waits to be filed. */
export interface Unfiled extends StoredMail {
  /** How often it may have brought the parser down. */
  readonly tries: number;
}

export class ReceivedTables {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Keeps messages, each once, and moves the cursor with them, in one transaction.
   *
   * @returns What became of each, in the same order; nothing for one whose key is known and which is gone.
   * @throws {FencedError} If somebody else looks after the mailbox now: nothing was kept.
   */
  keep(keeping: Keeping): Promise<(Kept | undefined)[]> {
    return this.#database.transaction((tx) => keep(tx, keeping));
  }

  /** Of these keys those that are known: fetched before, whatever became of them. */
  async known({ mailbox, account }: Origin, keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.#database.query<{ key: string }>({
      name: 'email.known_keys',
      text: `select key from email.received_keys
        where mailbox = $1 and account = $2 and key = any($3::text[])`,
      values: [mailbox, account, keys],
    });
    return new Set(rows.map(({ key }) => key));
  }

  /** Of these keys those whose messages are filed, or were once and are gone: their originals may go. */
  async doneKeys({ mailbox, account }: Origin, keys: readonly string[]): Promise<string[]> {
    const rows = await this.#database.query<{ key: string }>({
      text: `select k.key from email.received_keys k left join email.received r on r.id = k.mail
        where k.mailbox = $1 and k.account = $2 and k.key = any($3::text[])
          and coalesce(r.state, 'filed') <> 'stored'`,
      values: [mailbox, account, keys],
    });
    return rows.map(({ key }) => key);
  }

  /** How far a mailbox has been read; and whether that was in another account, where it says nothing. */
  async cursor({
    mailbox,
    account,
  }: Origin): Promise<{ readonly cursor: MailCursor | undefined; readonly hasMoved: boolean }> {
    const [row] = await this.#database.query<{ account: string; cursor: MailCursor }>({
      text: 'select account, cursor from email.mailboxes where mailbox = $1',
      values: [mailbox],
    });
    if (row?.account === account) return { cursor: row.cursor, hasMoved: false };
    return { cursor: undefined, hasMoved: row !== undefined };
  }

  /**
   * What waits to be filed: what came in since `recent` first, then the oldest.
   *
   * @param lane Those that are small and have done no harm, or the others.
   * @param held Those that are not asked for.
   */
  async unfiled(
    lane: { readonly isSmall: boolean; readonly most: number },
    recent: Instant,
    held: readonly string[],
    limit: number,
  ): Promise<Unfiled[]> {
    const rows = await this.#database.query<ReceivedRow & Pick<Unfiled, 'tries'>>({
      name: 'email.unfiled',
      text: `select ${COLUMNS}, tries from email.received
        where state = 'stored' and raw is not null and (next_try is null or next_try <= now())
          and (size <= $5 and tries = 0) = $4 and id <> all($2::uuid[])
        order by received_at < $1, received_at, id limit $3`,
      values: [new Date(recent), held, limit, lane.isSmall, lane.most],
    });
    return rows.map((row) => ({ ...storedOf(row), tries: row.tries }));
  }

  /** How many wait to be filed, and for how many of them that went wrong. */
  async waiting(): Promise<{ waiting: number; failing: number }> {
    const [row] = await this.#database.query<{ waiting: number; failing: number }>({
      name: 'email.waiting',
      text: `select count(*) as waiting, count(*) filter (where next_try is not null) as failing
        from email.received where state = 'stored'`,
    });
    return row ?? { waiting: 0, failing: 0 };
  }

  /** Counts that the parser was brought down while it read these. */
  async countTry(ids: readonly string[]): Promise<void> {
    await this.#database.query({
      text: 'update email.received set tries = tries + 1 where id = any($1::uuid[])',
      values: [ids],
    });
  }

  /**
   * Lets a message that could not be filed wait: each time twice as long, by the database's clock.
   *
   * @returns How often it has been put off by now.
   */
  async putOff(id: string, first: Milliseconds, longest: Milliseconds): Promise<number> {
    const [row] = await this.#database.query<{ put_off: number }>({
      text: `update email.received set put_off = least(put_off + 1, 100),
          next_try = now() + least($2 * 2 ^ put_off, $3) * interval '1 ms'
        where id = $1 and state = 'stored' returning put_off`,
      values: [id, first, longest],
    });
    return row?.put_off ?? 0;
  }

  /** How many of these are done with, filed or dropped. */
  async done(ids: readonly string[]): Promise<number> {
    const [row] = await this.#database.query<{ count: number }>({
      text: `select count(*) from email.received where id = any($1::uuid[]) and state <> 'stored'`,
      values: [ids],
    });
    return row?.count ?? 0;
  }
}

/** How a received message ends: `unreadable` where it was filed but could not be read as a whole. */
export interface Done {
  readonly id: EmailId;
  readonly state: 'filed' | 'unreadable' | 'dropped';
}

/**
 * Marks received messages as done, in the transaction that files them.
 *
 * @returns Those that were not done before: only they may be filed.
 */
export async function markDone(tx: Transaction, mails: readonly Done[]): Promise<Set<EmailId>> {
  const rows = await tx.query<{ id: string }>({
    name: 'email.mark_done',
    text: `update email.received r set state = done.state, next_try = null
      from unnest($1::uuid[], $2::text[]) as done (id, state)
      where r.id = done.id and r.state = 'stored' returning r.id`,
    values: [mails.map(({ id }) => id), mails.map(({ state }) => state)],
  });
  return new Set(rows.map(({ id }) => EmailId.parse(id)));
}

async function keep(
  tx: Transaction,
  { mailbox, account, fence, mails, cursor, isRenumbered = false }: Keeping,
): Promise<(Kept | undefined)[]> {
  const origin = { mailbox, account };
  if (fence) {
    const held = await tx.query(fenceStatement(fence));
    if (held.length === 0)
      throw new FencedError(`Cannot keep mail of "${mailbox}": another process does`);
  }
  const there = await heldUnder(tx, origin, mails);
  const fresh = mails
    .map((mail): Fresh => ({ ...mail, id: risingId() }))
    .filter(({ key }) => !there.has(key))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1)); // two who bring the same do not wait for each other
  const kept = new Map<string, Kept>();
  if (fresh.length > 0) {
    for (const [key, mail] of await insert(tx, origin, fresh, isRenumbered)) kept.set(key, mail);
  }
  if (cursor !== undefined) {
    await tx.query({
      name: 'email.move_cursor',
      text: `insert into email.mailboxes (mailbox, account, cursor) values ($1, $2, $3)
        on conflict (mailbox) do update set account = excluded.account, cursor = excluded.cursor`,
      values: [mailbox, account, JSON.stringify(cursor)],
    });
  }
  return mails.map(({ key }) => {
    const mail = there.get(key);
    return kept.get(key) ?? (mail && { mail, isKnown: true });
  });
}

/** What is held under these keys; nothing beside a key where it is known and the message is gone. */
async function heldUnder(
  tx: Transaction,
  { mailbox, account }: Origin,
  mails: readonly Incoming[],
): Promise<Map<string, StoredMail | undefined>> {
  if (mails.length === 0) return new Map();
  const rows = await tx.query<ReceivedRow & { known: string }>({
    name: 'email.held_under',
    text: `select k.key as known, r.id, r.mailbox, r.key, r.received_at, r.size, r.raw
      from email.received_keys k left join email.received r on r.id = k.mail
      where k.mailbox = $1 and k.account = $2 and k.key = any($3::text[])`,
    values: [mailbox, account, mails.map(({ key }) => key)],
  });
  return new Map(rows.map((row) => [row.known, row.id && row.raw ? storedOf(row) : undefined]));
}

type Fresh = Incoming & { readonly id: string };

interface Candidate {
  readonly incoming: Fresh;
  readonly sha256: Buffer;
  readonly size: number;
}

async function insert(
  tx: Transaction,
  origin: Origin,
  fresh: readonly Fresh[],
  isRenumbered: boolean,
): Promise<Map<string, Kept>> {
  const { mailbox } = origin;
  const contents = new Map(
    fresh.flatMap(({ key, raw }) => ('sha256' in raw ? [] : [[key, contentOf(raw)] as const])),
  );
  const candidates = fresh.map((incoming): Candidate => {
    const { raw, key } = incoming;
    if ('sha256' in raw) return { incoming, sha256: raw.sha256, size: raw.size };
    return { incoming, sha256: contents.get(key)?.sha256 ?? Buffer.alloc(0), size: raw.length };
  });
  const same = await heldAsSame(tx, mailbox, candidates, isRenumbered);
  const unheld = candidates.filter(({ incoming }) => !same.has(incoming.key));
  const inMemory = unheld.flatMap(({ incoming: { key } }) => contents.get(key) ?? []);
  const blobs = await putBlobs(tx, inMemory);
  const blobOf = new Map(inMemory.map((content, at) => [content, blobs[at] ?? '']));
  const rows = unheld.map(({ incoming, sha256, size }) => {
    const content = contents.get(incoming.key);
    const raw = content ? blobOf.get(content) : 'sha256' in incoming.raw ? incoming.raw.id : '';
    return { ...incoming, sha256, size, raw: raw ?? '' };
  });
  const inserted = await tx.query<{ id: string }>({
    name: 'email.keep',
    text: `insert into email.received (id, mailbox, key, received_at, size, sha256, message_id, raw)
      select id, $1, key, to_timestamp(at / 1000), size, decode(digest, 'hex'), message_id, raw
      from unnest($2::uuid[], $3::text[], $4::float8[], $5::bigint[], $6::text[], $7::text[], $8::uuid[])
        as mail (id, key, at, size, digest, message_id, raw)
      on conflict (mailbox, sha256, received_at) do nothing returning id`,
    values: [
      mailbox,
      rows.map(({ id }) => id),
      rows.map(({ key }) => key),
      rows.map(({ receivedAt }) => receivedAt),
      rows.map(({ size }) => size),
      rows.map(({ sha256 }) => sha256.toString('hex')),
      rows.map(({ messageId }) => messageId ?? null),
      rows.map(({ raw }) => raw),
    ],
  });
  const isInserted = new Set(inserted.map(({ id }) => id));
  const late = rows.filter(({ id }) => !isInserted.has(id));
  if (late.length > 0) {
    // Somebody else, or this very batch under another key, holds the same message
    const lateKeys = new Set(late.map(({ key }) => key));
    const again = candidates.filter(({ incoming }) => lateKeys.has(incoming.key));
    for (const [key, mail] of await heldAsSame(tx, mailbox, again, false)) same.set(key, mail);
  }
  const kept = new Map<string, Kept>();
  for (const { id, key, receivedAt, size, raw } of rows) {
    if (!isInserted.has(id)) continue;
    const mail = { id: EmailId.parse(id), mailbox, key, receivedAt, size, raw };
    kept.set(key, { mail, isKnown: false });
  }
  for (const [key, { mail }] of same) if (mail) kept.set(key, { mail, isKnown: true });
  await insertKeys(
    tx,
    origin,
    fresh.map(({ key }) => ({ key, mail: kept.get(key)?.mail.id ?? same.get(key)?.id ?? null })),
  );
  return kept;
}

interface Same {
  readonly id: string;
  /** Nothing where it has been erased. */
  readonly mail: StoredMail | undefined;
}

/** Messages that are held already under another key: the same bytes received at the same time. */
async function heldAsSame(
  tx: Transaction,
  mailbox: MailboxId,
  candidates: readonly Candidate[],
  byMessageId: boolean,
): Promise<Map<string, Same>> {
  const rows = await tx.query<ReceivedRow & { known: string }>({
    name: byMessageId ? 'email.held_as_same_message' : 'email.held_as_same',
    text: `select distinct on (mail.key) mail.key as known, r.id, r.mailbox, r.key, r.received_at, r.size, r.raw
      from unnest($2::text[], $3::float8[], $4::text[], $5::text[]) as mail (key, at, digest, message_id)
      join email.received r on r.mailbox = $1 and r.received_at = to_timestamp(mail.at / 1000)
        and (r.sha256 = decode(mail.digest, 'hex')${byMessageId ? ' or r.message_id = mail.message_id' : ''})
      order by mail.key, r.sha256 = decode(mail.digest, 'hex') desc`,
    values: [
      mailbox,
      candidates.map(({ incoming }) => incoming.key),
      candidates.map(({ incoming }) => incoming.receivedAt),
      candidates.map(({ sha256 }) => sha256.toString('hex')),
      candidates.map(({ incoming }) => incoming.messageId ?? null),
    ],
  });
  return new Map(
    rows.map((row) => [row.known, { id: row.id, mail: row.raw ? storedOf(row) : undefined }]),
  );
}

/** @throws If somebody else has just taken one of them, with other bytes: then all is tried again. */
async function insertKeys(
  tx: Transaction,
  { mailbox, account }: Origin,
  keys: readonly { readonly key: string; readonly mail: string | null }[],
): Promise<void> {
  await tx.query({
    name: 'email.keep_keys',
    text: `insert into email.received_keys (mailbox, account, key, mail)
      select $1, $2, key, mail from unnest($3::text[], $4::uuid[]) as known (key, mail)`,
    values: [mailbox, account, keys.map(({ key }) => key), keys.map(({ mail }) => mail)],
  });
}
