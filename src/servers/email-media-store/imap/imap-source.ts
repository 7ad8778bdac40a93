import type { Clock, Milliseconds } from '#base/time.ts';
import { minutes } from '#base/time.ts';
import type { Receiving } from '#domain/configuration/mail.ts';
import { portRow } from '#platform/ports/ports.ts';
import type { MailCursor, MailListing, MailSource, OpenMailbox } from '../mail-source.ts';
import { folderMissing, imapFailure, saysFolderIsMissing } from './imap-failure.ts';
import { ImapFetch } from './imap-fetch.ts';
import { ImapSession, NUMBERS, uidIn } from './imap-session.ts';

export type ImapSettings = Extract<Receiving, { type: 'imap' }>;

/**
 * IDLE is renewed long before the 29 minutes of RFC 2177 §3: devices between forget a silent connection sooner, and a
 * server that has stopped telling is found out.
 */
const RENEWAL: Milliseconds = minutes(9);

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

  fetch(keys: readonly string[], signal: AbortSignal): ReturnType<MailSource['fetch']> {
    return new ImapFetch(this.#session, signal).messages(keys);
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
    const uids = keys.map((key) => uidIn(this.#session, key)).filter((uid) => uid !== undefined);
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
}
