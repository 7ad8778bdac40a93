/**
 * Mail on its way from a real Dovecot into work items, each durable on the embedded server: fetched, stored, read in the
 * parsing thread, filed, submitted. Compared with that thread alone on the same messages in memory, and with a bare
 * fetch of them to memory. Then what one huge message, many idle mailboxes and a long outage cost.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Latest } from '#base/latest.ts';
import { systemClock } from '#base/time.ts';
import { startEmbeddedPostgresql } from '#platform/database/embedded/embedded.ts';
import { openDatabase } from '#platform/database/pool.ts';
import type { Database } from '#platform/database/database.ts';
import { Receiving } from '#domain/configuration/mail.ts';
import { ThreadedReader } from '#servers/email-media-store/mime/threaded-reader.ts';
import { openMailSource } from '#servers/email-media-store/open-mail-source.ts';
import type { Fetching } from '#servers/email-media-store/open-mail-source.ts';
import { startDovecot } from '../test/servers/dovecot.ts';
import type { Dovecot } from '../test/servers/dovecot.ts';
import { cpuMicroseconds, median, rounded } from './bench.ts';
import type { BenchResult } from './bench.ts';
import { realisticMessages } from './parts/mail/messages.ts';

const MESSAGES = 5_000;
const ROUNDS = 3;
/** What is read before time is taken: code is compiled, connections are up. */
const WARMING = 100;
const HUGE_BYTES = 100 * 1_048_576;
const IDLE_MAILBOXES = 200;
const IDLE_SECONDS = 20;
const OUTAGE_DAYS = 7;
const DAY = 86_400_000;
const MIB = 1_048_576;

/** As the intake hands them over. */
const BATCH = 48;
const BATCH_BYTES = 2 * MIB;

const silent = { debug() {}, info() {}, warning() {}, fault() {} };

interface World {
  readonly dovecot: Dovecot;
  readonly postgresql: Awaited<ReturnType<typeof startEmbeddedPostgresql>>;
  readonly admin: Database;
  readonly directory: string;
}

export async function run(): Promise<BenchResult> {
  await using life = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'emcee-bench-'));
  life.defer(() => rm(directory, { recursive: true, force: true }));
  const postgresql = life.use(
    await startEmbeddedPostgresql({ directory: join(directory, 'database'), trace: silent }),
  );
  const admin = life.use(await openDatabase({ url: postgresql.adminUrl, name: 'bench' }));
  const dovecot = life.use(await startDovecot());
  const world: World = { dovecot, postgresql, admin, directory };

  const messages = [...realisticMessages(MESSAGES)];
  const bytes = messages.reduce((sum, each) => sum + each.length, 0);
  console.log(`${MESSAGES} messages of ${Math.round(bytes / MESSAGES / 1_000)} kB on average`);
  await fill(dovecot, messages);
  await dovecot.append('warm', [...realisticMessages(WARMING, 5)]);

  const rates = { store: [] as number[], parser: [] as number[], imap: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const parser = await parserAlone(messages);
    const imap = await fetchAlone(dovecot);
    const store = await throughStore(world);
    if (round === 0) continue; // it warms up
    rates.parser.push(parser);
    rates.imap.push(imap);
    rates.store.push(store);
  }
  const perSecond = {
    'mailbox → work items': Math.round(median(rates.store)),
    'parsing thread alone': Math.round(median(rates.parser)),
    'bare fetch to memory': Math.round(median(rates.imap)),
  };
  console.table(perSecond);
  const figures = {
    mailsPerSecond: perSecond['mailbox → work items'],
    parserMailsPerSecond: perSecond['parsing thread alone'],
    imapMailsPerSecond: perSecond['bare fetch to memory'],
    ...(await afterOutage(world)),
    hugeMailMiB: await hugeMail(world),
    idleCorePercent: await idleMailboxes(world),
  };
  console.table(figures);
  return {
    bench: 'mail',
    ratios: {
      toParserOnly: rounded(median(rates.store) / median(rates.parser)),
      toImapOnly: rounded(median(rates.store) / median(rates.imap)),
    },
    figures,
  };
}

/** One a few minutes after the other, over the days of an outage that has just ended. */
async function fill(dovecot: Dovecot, messages: readonly Buffer[]): Promise<void> {
  const first = Date.now() - OUTAGE_DAYS * DAY;
  const together = 50;
  for (let at = 0; at < messages.length; at += together) {
    const age = first + Math.floor((at / messages.length) * (OUTAGE_DAYS * DAY - DAY / 4));
    await dovecot.append('support', messages.slice(at, at + together), age);
  }
}

const receiving = (dovecot: Dovecot, user: string): Fetching =>
  Receiving.parse({
    type: 'imap',
    host: dovecot.host,
    port: dovecot.ports.imaps,
    authority: dovecot.authority,
    signIn: { type: 'password', user },
  }) as Fetching;

/** Messages read per second by one parsing thread that has nothing to wait for. */
async function parserAlone(messages: readonly Buffer[]): Promise<number> {
  await using reader = new ThreadedReader({ clock: systemClock });
  await reader.batch(messages.slice(0, WARMING));
  const began = performance.now();
  let last: Promise<unknown> = Promise.resolve();
  for (let at = 0; at < messages.length;) {
    const batch: Buffer[] = [];
    for (let bytes = 0; batch.length < BATCH && bytes < BATCH_BYTES && at < messages.length; at++) {
      const message = messages[at] ?? Buffer.alloc(0);
      bytes += message.length;
      batch.push(message);
    }
    const next = reader.batch(batch);
    await last;
    last = next;
  }
  await last;
  return (messages.length / (performance.now() - began)) * 1_000;
}

/** Messages fetched per second to memory, by the store's own client. */
async function fetchAlone(dovecot: Dovecot): Promise<number> {
  const { signal } = new AbortController();
  await using source = await openMailSource(receiving(dovecot, 'support'), {
    credential: { type: 'password', user: 'support', password: dovecot.password },
    clock: systemClock,
    signal,
  });
  const began = performance.now();
  const { keys } = await source.list(signal);
  let count = 0;
  for await (const found of source.fetch(keys, signal)) {
    if (found.type !== 'message') continue;
    for await (const piece of found.content()) count += piece.length > 0 ? 1 : 0;
  }
  if (count < MESSAGES) throw new Error(`Cannot compare: ${count} messages were fetched`);
  return (MESSAGES / (performance.now() - began)) * 1_000;
}

interface Store extends AsyncDisposable {
  readonly pid: number;
  readonly database: Database;
  /** Sets mailboxes up, by id and the user at the server. */
  begin(mailboxes: Readonly<Record<string, string>>): void;
  /** Resolves once so many work items have been submitted. */
  submitted(count: number): Promise<void>;
}

let stores = 0;

/** A store in a process and on a database of its own. */
async function startStore({ dovecot, postgresql, admin, directory }: World): Promise<Store> {
  await using life = new AsyncDisposableStack();
  const name = `mail${++stores}`;
  const [, owner = ''] = /\/\/(\w+)@/.exec(postgresql.url) ?? [];
  await admin.query({ text: `create database ${name} owner "${owner}"` });
  life.defer(async () => void (await admin.query({ text: `drop database ${name} with (force)` })));
  const url = postgresql.url.replace(/^(\w+:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  const database = life.use(await openDatabase({ url, name: 'bench' }));
  const home = join(directory, name);
  await mkdir(home, { mode: 0o700 });
  const child: ChildProcess = fork(new URL('parts/mail/store.ts', import.meta.url), [url, home]);
  life.defer(async () => {
    child.disconnect();
    await once(child, 'exit');
  });
  const submitted = new Latest(-1);
  child.on('message', (count) => submitted.set(Number(count)));
  const reached = async (count: number): Promise<void> => {
    for await (const now of submitted.follow(new AbortController().signal))
      if (now >= count) return;
  };
  await reached(0);
  const running = life.move();
  return {
    pid: child.pid ?? 0,
    database,
    begin: (users) =>
      void child.send(
        Object.fromEntries(
          Object.entries(users).map(([id, user]) => [id, { receive: receiving(dovecot, user) }]),
        ),
      ),
    submitted: reached,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Messages per second that became work items, by a store that has seen some, as the thread alone has. */
async function throughStore(world: World): Promise<number> {
  await using store = await startStore(world);
  store.begin({ warm: 'warm' });
  await store.submitted(WARMING);
  const began = performance.now();
  store.begin({ support: 'support' });
  await store.submitted(WARMING + MESSAGES);
  return (MESSAGES / (performance.now() - began)) * 1_000;
}

/** A week of mail waits, and one that has just come: when is that offered, and is all of it there with its age? */
async function afterOutage(world: World): Promise<Record<string, number>> {
  const [recent = Buffer.alloc(0)] = realisticMessages(1, 99);
  await world.dovecot.append('support', [recent]);
  await using store = await startStore(world);
  const began = performance.now();
  store.begin({ support: 'support' });
  const isThere = async (): Promise<boolean> => {
    const rows = await store.database.query({
      text: `select from email.received where state = 'filed' and received_at > now() - interval '1 h'`,
    });
    return rows.length > 0;
  };
  while (!(await isThere())) await sleep(20);
  const recentSeconds = (performance.now() - began) / 1_000;
  await store.submitted(MESSAGES + 1);
  const allSeconds = (performance.now() - began) / 1_000;
  const [found] = await store.database.query<{ filed: number; days: number }>({
    text: `select count(*) filter (where state = 'filed') as filed,
      extract(day from max(received_at) - min(received_at))::int as days from email.received`,
  });
  return {
    outageRecentSeconds: rounded(recentSeconds),
    outageAllSeconds: rounded(allSeconds),
    outageLost: MESSAGES + 1 - (found?.filed ?? 0),
    outageDaysOfAge: found?.days ?? 0,
  };
}

/** How much memory one message takes that is larger than all others, at its peak, in MiB. */
async function hugeMail(world: World): Promise<number> {
  await world.dovecot.append('huge', [...realisticMessages(200, 3)]);
  await using store = await startStore(world);
  store.begin({ huge: 'huge' });
  await store.submitted(200);
  await sleep(2_000);
  const before = memoryOf(store.pid, 'VmRSS');
  writeFileSync(`/proc/${store.pid}/clear_refs`, '5'); // the peak is counted from here
  await world.dovecot.append('huge', [hugeMessage()]);
  await store.submitted(201);
  return Math.round((memoryOf(store.pid, 'VmHWM') - before) / MIB);
}

function hugeMessage(): Buffer {
  const line = `${Buffer.alloc(57, 0xa5).toString('base64')}\r\n`;
  const head = [
    'From: customer@example.net',
    'To: support@example.com',
    'Subject: All our plans',
    'Message-ID: <huge@example.net>',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'See the files.',
    '--b',
    'Content-Type: application/zip; name=plans.zip',
    'Content-Transfer-Encoding: base64',
    '',
    '',
  ].join('\r\n');
  const lines = Math.ceil(HUGE_BYTES / line.length);
  return Buffer.from(`${head}${line.repeat(lines)}--b--\r\n`, 'latin1');
}

function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024;
}

/** How much of one core the store and its database take while nothing comes. */
async function idleMailboxes(world: World): Promise<number> {
  await using store = await startStore(world);
  const users = Array.from({ length: IDLE_MAILBOXES }, (_, at) => `idle-${at}`);
  store.begin(Object.fromEntries(users.map((user) => [user, user])));
  const isLookedAt = async (): Promise<boolean> => {
    const [row] = await store.database.query<{ count: number }>({
      text: `select count(*) from platform.leases where name like 'email.mailbox.%'`,
    });
    return row?.count === IDLE_MAILBOXES;
  };
  while (!(await isLookedAt())) await sleep(500);
  await sleep(5_000);
  const others = [store.pid, world.postgresql.pid];
  const own = process.cpuUsage();
  const before = cpuMicroseconds(others);
  await sleep(IDLE_SECONDS * 1_000);
  const { user, system } = process.cpuUsage(own);
  const taken = cpuMicroseconds(others) - before - user - system;
  return rounded((taken / (IDLE_SECONDS * 1_000_000)) * 100);
}
