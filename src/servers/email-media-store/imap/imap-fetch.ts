import type { FetchMessageObject } from 'imapflow';
import type { Instant } from '#base/time.ts';
import { MailFailure, oneLine } from '../mail-failure.ts';
import type { FoundMessage, GoneMessage, UnreadableMessage } from '../mail-source.ts';
import { imapFailure, isRefusal } from './imap-failure.ts';
import { NUMBERS, PIECE, uidIn } from './imap-session.ts';
import type { ImapSession } from './imap-session.ts';
import { planBatches } from './plan-batches.ts';

/** So many sizes are asked for at once. */
const AHEAD = 500;
const BATCH = { piece: PIECE, bytes: 4 * 1_024 * 1_024, messages: 100 };

interface Known {
  readonly key: string;
  readonly uid: number;
  readonly size: number;
  readonly receivedAt: Instant | undefined;
}

type Found = FoundMessage | GoneMessage | UnreadableMessage;
/** A batch as it came: what the server told of each, by number; undefined for a large one, which is still to be read. */
type Loaded = ReadonlyMap<number, Uint8Array | MailFailure> | undefined;

/**
 * Fetches messages: their sizes first, then those that are small in batches, one ahead of whoever reads them, and those
 * that are large in pieces, as they are read.
 */
export class ImapFetch {
  readonly #session: ImapSession;
  readonly #signal: AbortSignal;

  constructor(session: ImapSession, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
  }

  /**
   * The messages with these keys.
   *
   * @yields Each once, in this order, but for those that are gone: they come as soon as that is known.
   * @throws {MailFailure}
   */
  async *messages(keys: readonly string[]): AsyncGenerator<Found, void> {
    for (let at = 0; at < keys.length; at += AHEAD) yield* this.#some(keys.slice(at, at + AHEAD));
  }

  async *#some(keys: readonly string[]): AsyncGenerator<Found, void> {
    const uids = keys.map((key) => uidIn(this.#session, key)).filter((uid) => uid !== undefined);
    const rows = await this.#rowsOf(uids);
    const known = keys.flatMap((key): Known[] => {
      const uid = uidIn(this.#session, key);
      const row = uid === undefined ? undefined : rows.get(uid);
      if (uid === undefined || row === undefined) return [];
      return [{ key, uid, size: row.size ?? 0, receivedAt: instantOf(row.internalDate) }];
    });
    const silent = uids.filter((uid) => !rows.has(uid));
    const still = silent.length > 0 ? await this.#stillThere(silent) : new Set();
    for (const key of keys) {
      const uid = uidIn(this.#session, key);
      if (uid !== undefined && rows.has(uid)) continue;
      const failure = unreadable(new Error('it tells nothing of it'));
      yield still.has(uid) ? { type: 'unreadable', key, failure } : { type: 'gone', key };
    }

    const batches = planBatches(known, BATCH);
    let coming = this.#load(batches[0]);
    try {
      for (const [index, batch] of batches.entries()) {
        const loaded = await coming;
        coming = this.#load(batches[index + 1]);
        for (const message of batch) yield this.#found(message, loaded);
      }
    } finally {
      await coming.catch(() => undefined); // whoever leaves early may give the next command at once
    }
  }

  /** What the server tells of each; of one that it cannot tell of, nothing. */
  async #rowsOf(uids: readonly number[]): Promise<ReadonlyMap<number, FetchMessageObject>> {
    const rows = new Map<number, FetchMessageObject>();
    for (let at = 0; at < uids.length; at += NUMBERS) {
      for (const row of await this.#tellsOf(uids.slice(at, at + NUMBERS))) rows.set(row.uid, row);
    }
    return rows;
  }

  async #tellsOf(uids: readonly number[]): Promise<readonly FetchMessageObject[]> {
    const query = { uid: true, internalDate: true, size: true };
    try {
      return await this.#session.askBluntly(
        this.#signal,
        (client) => client.fetchAll(uids.join(','), query, { uid: true }),
        'transfer',
      );
    } catch (error) {
      if (this.#signal.aborted) throw error;
      if (!isRefusal(error)) throw imapFailure(error, this.#session.peer, '');
      if (uids.length === 1) return [];
      // One of them it cannot tell of; it is found by halves
      const half = Math.ceil(uids.length / 2);
      return [
        ...(await this.#tellsOf(uids.slice(0, half))),
        ...(await this.#tellsOf(uids.slice(half))),
      ];
    }
  }

  /** The beginning of each message, which nearly always is all of it. */
  #load(batch: readonly Known[] | undefined): Promise<Loaded> {
    const isLarge = batch?.length === 1 && (batch[0]?.size ?? 0) > PIECE;
    const loading = batch === undefined || isLarge ? Promise.resolve(undefined) : this.#read(batch);
    loading.catch(() => undefined); // awaited later
    return loading;
  }

  async #read(batch: readonly Known[]): Promise<Loaded> {
    const some = batch.map(({ uid }) => uid).join(',');
    const query = { uid: true, source: { start: 0, maxLength: PIECE } };
    const loaded = new Map<number, Uint8Array | MailFailure>();
    let reason: unknown = new Error('it tells nothing of it');
    try {
      const rows = await this.#session.askBluntly(
        this.#signal,
        (client) => client.fetchAll(some, query, { uid: true }),
        'transfer',
      );
      for (const { uid, source } of rows) if (source) loaded.set(uid, source);
    } catch (error) {
      if (this.#signal.aborted) throw error;
      if (!isRefusal(error)) {
        throw imapFailure(error, this.#session.peer, '').during(batch.map(({ key }) => key));
      }
      reason = error;
    }
    const missing = batch.filter(({ uid }) => !loaded.has(uid));
    if (missing.length > 0 && batch.length > 1) {
      // One that the server cannot read makes some servers refuse all that were asked for with it
      for (const message of missing) {
        for (const [uid, each] of (await this.#read([message])) ?? []) loaded.set(uid, each);
      }
    } else if (missing.length > 0) {
      const [{ uid } = { uid: 0 }] = missing;
      const still = await this.#stillThere([uid]);
      if (still.has(uid)) loaded.set(uid, unreadable(reason));
    }
    return loaded;
  }

  /** Of these, those that the server lists: it may keep silent of one that it holds, and cannot tell of. */
  async #stillThere(uids: readonly number[]): Promise<ReadonlySet<unknown>> {
    const found = new Set<number>();
    for (let at = 0; at < uids.length; at += NUMBERS) {
      const some = uids.slice(at, at + NUMBERS).join(',');
      const listed = await this.#session.ask(this.#signal, async (client) => {
        await client.noop();
        return await client.search({ uid: some }, { uid: true });
      });
      for (const uid of listed || []) found.add(uid);
    }
    return found;
  }

  #found({ key, uid, size, receivedAt }: Known, loaded: Loaded): Found {
    const beginning = loaded?.get(uid);
    if (loaded !== undefined && beginning === undefined) return { type: 'gone', key };
    if (beginning instanceof MailFailure) return { type: 'unreadable', key, failure: beginning };
    const content = (): AsyncIterable<Uint8Array> => this.#pieces(key, uid, beginning);
    return { type: 'message', key, receivedAt, size, content };
  }

  async *#pieces(
    key: string,
    uid: number,
    beginning: Uint8Array | undefined,
  ): AsyncGenerator<Uint8Array, void> {
    let start = 0;
    let piece = beginning;
    for (;;) {
      piece ??= await this.#piece(key, uid, start);
      if (piece.length > 0) yield piece;
      if (piece.length < PIECE) return; // what servers say of a size is not to be relied on
      start += piece.length;
      piece = undefined;
    }
  }

  async #piece(key: string, uid: number, start: number): Promise<Uint8Array> {
    const query = { uid: true, source: { start, maxLength: PIECE } };
    try {
      const row = await this.#session.askBluntly(
        this.#signal,
        (client) => client.fetchOne(String(uid), query, { uid: true }),
        'transfer',
      );
      if (row && row.source) return row.source;
      throw unreadable(new Error('it ends before its end'));
    } catch (error) {
      if (this.#signal.aborted || error instanceof MailFailure) throw error;
      if (isRefusal(error)) throw unreadable(error);
      throw imapFailure(error, this.#session.peer, '').during([key]);
    }
  }
}

const instantOf = (date: Date | string | undefined): Instant | undefined => {
  const at = date === undefined ? Number.NaN : new Date(date).getTime();
  return Number.isNaN(at) ? undefined : at;
};

const unreadable = (cause: unknown): MailFailure =>
  new MailFailure({
    kind: 'temporary',
    reason: 'message-unreadable',
    what: `The mail server cannot give one message: ${oneLine(cause instanceof Error ? cause.message : '')}`,
    advice: 'The others are fetched all the same; ask who runs the mail server to repair this one.',
    cause,
  });
