import type { FetchMessageObject } from 'imapflow';
import type { Clock, Instant, Milliseconds } from '#base/time.ts';
import { minutes } from '#base/time.ts';
import type { Receiving } from '#domain/configuration/mail.ts';
import { portRow } from '#platform/ports/ports.ts';
import { MailFailure, oneLine } from '../mail-failure.ts';
import type {
  FoundMessage,
  GoneMessage,
  MailCursor,
  MailListing,
  MailSource,
  OpenMailbox,
  UnreadableMessage,
} from '../mail-source.ts';
import { folderMissing, imapFailure, isRefusal, saysFolderIsMissing } from './imap-failure.ts';
import { ImapSession, PIECE } from './imap-session.ts';
import { planBatches } from './plan-batches.ts';

export type ImapSettings = Extract<Receiving, { type: 'imap' }>;

/** So many sizes are asked for at once. */
const AHEAD = 500;
/** A line with more numbers than this is too long for some servers. */
const NUMBERS = 250;
const BATCH = { piece: PIECE, bytes: 4 * 1_024 * 1_024, messages: 100 };
/**
 * IDLE is renewed long before the 29 minutes of RFC 2177 §3: devices between forget a silent connection sooner, and a
 * server that has stopped telling is found out.
 */
const RENEWAL: Milliseconds = minutes(9);

interface Known {
  readonly key: string;
  readonly uid: number;
  readonly size: number;
  readonly receivedAt: Instant | undefined;
}

type Found = FoundMessage | GoneMessage | UnreadableMessage;
/** A batch as it came: what the server told of each, by number; undefined for a large one, which is still to be read. */
type Loaded = ReadonlyMap<number, Uint8Array | MailFailure> | undefined;

/** Opens a mailbox by IMAP. @throws {MailFailure} */
export async function openImapSource(
  settings: ImapSettings,
  options: OpenMailbox,
): Promise<MailSource> {
  const usual = settings.security === 'tls' ? 'mail-993' : 'mail-143';
  const session = await ImapSession.open(
    {
      host: settings.host,
      port: settings.port ?? portRow(usual).port,
      security: settings.security,
      authority: settings.authority,
      folder: settings.folder,
      readOnly: settings.after === 'leave',
    },
    options,
  );
  return new ImapSource(session, settings, options.clock);
}

class ImapSource implements MailSource {
  readonly #session: ImapSession;
  readonly #settings: ImapSettings;
  readonly #clock: Clock;
  /** The server told of something since the last listing. */
  #told = false;
  #tell: (() => void) | undefined;

  constructor(session: ImapSession, settings: ImapSettings, clock: Clock) {
    this.#session = session;
    this.#settings = settings;
    this.#clock = clock;
    const told = (): void => {
      this.#told = true;
      this.#tell?.();
    };
    session.client.on('exists', told);
    session.client.on('close', told);
  }

  async list(signal: AbortSignal, after?: MailCursor): Promise<MailListing> {
    this.#told = false;
    const { uidValidity } = this.#session;
    const since = after?.type === 'imap' && after.uidValidity === uidValidity ? after.uid : 0;
    const uids = await this.#session.ask(
      signal,
      async (client) => {
        await client.noop(); // some servers tell of what has come only when asked for something else
        // `n:*` names the last message too where all numbers are smaller (RFC 3501 §6.4.8)
        const query = since === 0 ? { all: true } : { uid: `${since + 1}:*` };
        return await client.search(query, { uid: true });
      },
      'transfer',
    );
    if (!uids) throw imapFailure(new Error('SEARCH was refused'), this.#session.peer, '');
    return {
      keys: uids
        .filter((uid) => uid > since)
        .toSorted((a, b) => a - b)
        .map((uid) => `imap:${uidValidity}:${uid}`),
      renumbered: after?.type === 'imap' && after.uidValidity !== uidValidity,
    };
  }

  async *fetch(keys: readonly string[], signal: AbortSignal): AsyncGenerator<Found, void> {
    for (let at = 0; at < keys.length; at += AHEAD) {
      yield* this.#fetchSome(keys.slice(at, at + AHEAD), signal);
    }
  }

  async news(signal: AbortSignal): Promise<void> {
    const { client } = this.#session;
    if (this.#told) return await this.#look(signal);
    const idles = client.capabilities.has('IDLE');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#tell = resolve;
    using wake = new DisposableStack();
    const poll = Math.min(this.#settings.poll, RENEWAL);
    wake.use(this.#clock.after(idles ? RENEWAL : poll, resolve));
    const stop = (): void => resolve();
    signal.addEventListener('abort', stop);
    wake.defer(() => signal.removeEventListener('abort', stop));
    if (signal.aborted) resolve();
    // Ends when another command is given, and by itself where the server refuses it; what goes wrong is told by the
    // next command
    const looksInstead = (): void => {
      if (!wake.disposed) wake.use(this.#clock.after(poll, resolve));
    };
    if (idles) client.idle().then(looksInstead, looksInstead);
    await promise;
    this.#tell = undefined;
    await this.#look(signal);
  }

  async settle(keys: readonly string[], signal: AbortSignal): Promise<void> {
    const { after, moveTo = '', folder } = this.#settings;
    if (after === 'leave' || (after === 'move' && (moveTo === '' || moveTo === folder))) return;
    const uids = keys.map((key) => this.#uidOf(key)).filter((uid) => uid !== undefined);
    for (let at = 0; at < uids.length; at += NUMBERS) {
      const some = uids.slice(at, at + NUMBERS).join(',');
      await this.#session.insist(
        signal,
        async (client) => {
          if (after === 'delete') return await client.messageDelete(some, { uid: true });
          return await client.messageMove(some, moveTo, { uid: true });
        },
        (error) =>
          saysFolderIsMissing(error) ? folderMissing(this.#session.peer, moveTo, error) : undefined,
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  /** Ends IDLE, if there is one, and makes sure that the server is still there. */
  async #look(signal: AbortSignal): Promise<void> {
    await this.#session.ask(signal, (client) => client.noop());
  }

  #uidOf(key: string): number | undefined {
    const prefix = `imap:${this.#session.uidValidity}:`;
    const uid = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN;
    return Number.isSafeInteger(uid) && uid > 0 ? uid : undefined;
  }

  async *#fetchSome(keys: readonly string[], signal: AbortSignal): AsyncGenerator<Found, void> {
    const uids = keys.map((key) => this.#uidOf(key)).filter((uid) => uid !== undefined);
    const rows = await this.#rowsOf(uids, signal);
    const known = keys.flatMap((key): Known[] => {
      const uid = this.#uidOf(key);
      const row = uid === undefined ? undefined : rows.get(uid);
      if (uid === undefined || row === undefined) return [];
      return [{ key, uid, size: row.size ?? 0, receivedAt: instantOf(row.internalDate) }];
    });
    const silent = uids.filter((uid) => !rows.has(uid));
    const still = silent.length > 0 ? await this.#stillThere(silent, signal) : new Set();
    for (const key of keys) {
      const uid = this.#uidOf(key);
      if (uid !== undefined && rows.has(uid)) continue;
      const failure = unreadable(new Error('it tells nothing of it'));
      yield still.has(uid) ? { type: 'unreadable', key, failure } : { type: 'gone', key };
    }

    const batches = planBatches(known, BATCH);
    let coming = this.#load(batches[0], signal);
    try {
      for (const [index, batch] of batches.entries()) {
        const loaded = await coming;
        coming = this.#load(batches[index + 1], signal);
        for (const message of batch) yield this.#found(message, loaded, signal);
      }
    } finally {
      await coming.catch(() => undefined); // whoever leaves early may give the next command at once
    }
  }

  async #rowsOf(
    uids: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, FetchMessageObject>> {
    const rows = new Map<number, FetchMessageObject>();
    const query = { uid: true, internalDate: true, size: true };
    for (let at = 0; at < uids.length; at += NUMBERS) {
      const some = uids.slice(at, at + NUMBERS).join(',');
      const found = await this.#session.ask(
        signal,
        (client) => client.fetchAll(some, query, { uid: true }),
        'transfer',
      );
      for (const row of found) rows.set(row.uid, row);
    }
    return rows;
  }

  /** The beginning of each message, which nearly always is all of it. */
  #load(batch: readonly Known[] | undefined, signal: AbortSignal): Promise<Loaded> {
    const isLarge = batch?.length === 1 && (batch[0]?.size ?? 0) > PIECE;
    const loading =
      batch === undefined || isLarge ? Promise.resolve(undefined) : this.#read(batch, signal);
    loading.catch(() => undefined); // awaited later
    return loading;
  }

  async #read(batch: readonly Known[], signal: AbortSignal): Promise<Loaded> {
    const some = batch.map(({ uid }) => uid).join(',');
    const query = { uid: true, source: { start: 0, maxLength: PIECE } };
    const loaded = new Map<number, Uint8Array | MailFailure>();
    let reason: unknown = new Error('it tells nothing of it');
    try {
      const rows = await this.#session.askBluntly(
        signal,
        (client) => client.fetchAll(some, query, { uid: true }),
        'transfer',
      );
      for (const { uid, source } of rows) if (source) loaded.set(uid, source);
    } catch (error) {
      if (signal.aborted) throw error;
      if (!isRefusal(error)) {
        throw imapFailure(error, this.#session.peer, '').during(batch.map(({ key }) => key));
      }
      reason = error;
    }
    const missing = batch.filter(({ uid }) => !loaded.has(uid));
    if (missing.length > 0 && batch.length > 1) {
      // One that the server cannot read makes some servers refuse all that were asked for with it
      for (const message of missing) {
        for (const [uid, each] of (await this.#read([message], signal)) ?? [])
          loaded.set(uid, each);
      }
    } else if (missing.length > 0) {
      const [{ uid } = { uid: 0 }] = missing;
      const still = await this.#stillThere([uid], signal);
      if (still.has(uid)) loaded.set(uid, unreadable(reason));
    }
    return loaded;
  }

  /** Of these, those that the server lists: it may keep silent of one that it holds, and cannot tell of. */
  async #stillThere(uids: readonly number[], signal: AbortSignal): Promise<ReadonlySet<unknown>> {
    const found = new Set<number>();
    for (let at = 0; at < uids.length; at += NUMBERS) {
      const some = uids.slice(at, at + NUMBERS).join(',');
      const listed = await this.#session.ask(signal, async (client) => {
        await client.noop();
        return await client.search({ uid: some }, { uid: true });
      });
      for (const uid of listed || []) found.add(uid);
    }
    return found;
  }

  #found({ key, uid, size, receivedAt }: Known, loaded: Loaded, signal: AbortSignal): Found {
    const beginning = loaded?.get(uid);
    if (loaded !== undefined && beginning === undefined) return { type: 'gone', key };
    if (beginning instanceof MailFailure) return { type: 'unreadable', key, failure: beginning };
    const content = (): AsyncIterable<Uint8Array> => this.#pieces(key, uid, beginning, signal);
    return { type: 'message', key, receivedAt, size, content };
  }

  async *#pieces(
    key: string,
    uid: number,
    beginning: Uint8Array | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void> {
    let start = 0;
    let piece = beginning;
    for (;;) {
      piece ??= await this.#piece(key, uid, start, signal);
      if (piece.length > 0) yield piece;
      if (piece.length < PIECE) return; // what servers say of a size is not to be relied on
      start += piece.length;
      piece = undefined;
    }
  }

  async #piece(key: string, uid: number, start: number, signal: AbortSignal): Promise<Uint8Array> {
    const query = { uid: true, source: { start, maxLength: PIECE } };
    try {
      const row = await this.#session.askBluntly(
        signal,
        (client) => client.fetchOne(String(uid), query, { uid: true }),
        'transfer',
      );
      if (row && row.source) return row.source;
      throw unreadable(new Error('it ends before its end'));
    } catch (error) {
      if (signal.aborted || error instanceof MailFailure) throw error;
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
