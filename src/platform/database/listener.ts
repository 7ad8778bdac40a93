import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connectionConfig } from './connection.ts';
import { DatabaseGoneError } from './database.ts';
import { asDatabaseError } from './errors.ts';
import type { Trace } from '#platform/trace/trace.ts';
import type { ConnectionOptions } from './connection.ts';

type Heard = (payload: string) => void;

/** How often the connection is asked for a sign of life: a vanished host says nothing by itself. */
const PROBE_EVERY = 15_000;
const FIRST_BACK_OFF = 100;
const LONGEST_BACK_OFF = 5_000;

/** How long a caller waits for a connection that is being made again. */
const PATIENCE = 10_000;

/**
 * Hears notifications over one connection of its own, opened with the first channel and closed with the
 * last; a pool could hand it to somebody else.
 */
export class Listener implements AsyncDisposable {
  readonly #options: ConnectionOptions;
  readonly #trace: Trace | undefined;
  readonly #channels = new Map<string, Set<Heard>>();
  readonly #stop = new AbortController();
  /** The connection, or the attempt to make it; nothing while nobody listens. */
  #client: Promise<pg.Client> | undefined;

  constructor(options: ConnectionOptions, trace: Trace | undefined) {
    this.#options = { ...options, name: `${options.name} listener` };
    this.#trace = trace;
  }

  /** @see Database.listen */
  async listen(channel: string, heard: Heard): Promise<AsyncDisposable> {
    const ear: Heard = (payload) => heard(payload); // of its own, so that one function may listen twice
    const ears = this.#channels.get(channel) ?? new Set();
    this.#channels.set(channel, ears.add(ear));
    try {
      const client = await this.#connected();
      // Repeated for a second listener: it then knows that the first one's has arrived.
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await this.#unlisten(channel, ear);
      throw asDatabaseError(error);
    }
    return { [Symbol.asyncDispose]: () => this.#unlisten(channel, ear) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#channels.clear();
    await this.#close();
  }

  #connected(): Promise<pg.Client> {
    const attempt = (this.#client ??= this.#open());
    const deadline = sleep(PATIENCE, undefined, { ref: false }).then(() => {
      throw new DatabaseGoneError('Cannot listen to the database: it is away');
    });
    return Promise.race([attempt, deadline]);
  }

  async #unlisten(channel: string, ear: Heard): Promise<void> {
    const ears = this.#channels.get(channel);
    ears?.delete(ear);
    if (ears?.size !== 0 || !this.#channels.delete(channel)) return;
    if (this.#channels.size === 0) return this.#close();
    const client = await this.#client?.catch(() => undefined);
    await client?.query(`unlisten ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
  }

  async #close(): Promise<void> {
    const attempt = this.#client;
    this.#client = undefined;
    const client = await attempt?.catch(() => undefined);
    await client?.end().catch(() => undefined);
  }

  /** Connects once. A failure leaves nothing behind, so that the next caller tries again. */
  async #open(): Promise<pg.Client> {
    try {
      return await this.#connect();
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }

  /** Connects for as long as anybody listens; then tells all of them, for they may have missed something. */
  async #reopen(): Promise<pg.Client> {
    for (let pause = FIRST_BACK_OFF; ; pause = Math.min(pause * 2, LONGEST_BACK_OFF)) {
      await sleep(pause, undefined, { signal: this.#stop.signal, ref: false });
      if (this.#channels.size === 0) throw new DatabaseGoneError('Cannot listen: nobody wants to');
      try {
        const client = await this.#connect();
        this.#trace?.info('database.listening-again', { channels: this.#channels.size });
        for (const channel of this.#channels.keys()) this.#tell(channel, '');
        return client;
      } catch (error) {
        this.#trace?.debug('database.not-listening', { cause: String(error) });
      }
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client(connectionConfig(this.#options));
    let probe: NodeJS.Timeout | undefined;
    client.once('end', () => {
      if (!probe) return; // never began
      clearInterval(probe);
      this.#lost();
    });
    client.on('error', () => void client.end().catch(() => undefined)); // then comes `end`
    client.on('notification', ({ channel, payload = '' }) => this.#tell(channel, payload));
    try {
      await client.connect();
      for (const channel of this.#channels.keys()) {
        await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      }
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    probe = setInterval(() => {
      client.query('select 1').catch(() => client.end().catch(() => undefined));
    }, PROBE_EVERY).unref();
    return client;
  }

  #lost(): void {
    if (this.#stop.signal.aborted || this.#channels.size === 0) return;
    this.#client = this.#reopen();
    this.#client.catch(() => undefined); // whoever waits for it sees the failure
  }

  #tell(channel: string, payload: string): void {
    for (const ear of this.#channels.get(channel) ?? []) {
      try {
        ear(payload);
      } catch (error) {
        this.#trace?.fault('database.listener-failed', error, { channel });
      }
    }
  }
}
