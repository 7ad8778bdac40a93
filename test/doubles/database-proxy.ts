/** A stretch of network between a program and its database that a test can break in every way a real one does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'node:net';

export interface DatabaseProxy extends AsyncDisposable {
  /** Leads to the same database by way of the proxy. */
  readonly url: string;
  /** Breaks all connections, and takes no new ones until `restore`. */
  cut(): void;
  /**
   * From when a client says `words` the server still hears everything, but no answer comes back and then the
   * connection breaks: whoever waits for a commit cannot know whether it happened.
   */
  loseAnswers(words: string): void;
  restore(): void;
}

type State = 'open' | 'cut' | 'losing-answers';

/** How long the server gets to do what it was asked while its answers are lost. */
const ANSWER_LOST_AFTER = 50;

/** Opens a proxy to the database at `url`, which may be on a unix socket or on TCP. */
export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const directory = await mkdtemp(join(tmpdir(), 'emcee-test-proxy-'));
  const target = targetOf(url);
  const sockets = new Set<Socket>();
  let state: State = 'open';
  let trigger: string | undefined;

  const server = createServer((client) => {
    if (state === 'cut') return void client.destroy();
    const upstream = connect(target);
    const end = (): void => {
      sockets.delete(client);
      client.destroy();
      upstream.destroy();
    };
    sockets.add(client);
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.on('data', (bytes) => {
      if (trigger !== undefined && bytes.includes(trigger)) state = 'losing-answers';
      upstream.write(bytes);
      if (state === 'losing-answers') setTimeout(end, ANSWER_LOST_AFTER);
    });
    upstream.on('data', (bytes) => {
      if (state === 'open') client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(join(directory, '.s.PGSQL.5432'), resolve);
  });

  const cut = (): void => {
    state = 'cut';
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: throughSocket(url, directory),
    cut,
    loseAnswers(words) {
      trigger = words;
    },
    restore() {
      trigger = undefined;
      state = 'open';
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function targetOf(url: string): { path: string } | { host: string; port: number } {
  const directory = /[?&]host=([^&]+)/.exec(url)?.[1];
  if (directory) return { path: join(decodeURIComponent(directory), '.s.PGSQL.5432') };
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port || 5_432) };
}

/** The same user, password and database by another door. */
function throughSocket(url: string, directory: string): string {
  const [, user = '', database = ''] = /^\w+:\/\/([^@/]+)@[^/]*\/([^?]*)/.exec(url) ?? [];
  return `postgresql://${user}@/${database}?host=${encodeURIComponent(directory)}`;
}
