import { beforeEach, expect, test } from 'vitest';
import { ManualClock, hours, minutes, seconds } from '#base/time.ts';
import { AgentId } from '#domain/ids.ts';
import { DatabaseGoneError } from '#platform/database/database.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { Sessions } from './sessions.ts';
import type { SessionTable, StoredSession } from './tables.ts';

/** The table in memory. */
class TableDouble implements Pick<SessionTable, keyof SessionTable> {
  readonly rows = new Map<string, StoredSession>();
  isGone = false;
  reads = 0;

  async add(hash: Buffer, session: StoredSession): Promise<void> {
    this.rows.set(hash.toString('hex'), session);
  }
  async find(hash: Buffer): Promise<StoredSession | undefined> {
    this.reads++;
    if (this.isGone) throw new DatabaseGoneError('gone');
    return this.rows.get(hash.toString('hex'));
  }
  async noteUse(hash: Buffer, usedAt: number): Promise<void> {
    const row = this.rows.get(hash.toString('hex'));
    if (row) this.rows.set(hash.toString('hex'), { ...row, usedAt });
  }
  async remove(hash: Buffer): Promise<void> {
    this.rows.delete(hash.toString('hex'));
  }
  async removeOf(): Promise<Buffer[]> {
    const hashes = [...this.rows.keys()];
    this.rows.clear();
    return hashes.map((hash) => Buffer.from(hash, 'hex'));
  }
  async removeOld(): Promise<void> {}
}

const agent = AgentId.parse('agent-1');
const trace: Trace = { debug() {}, info() {}, warning() {}, fault() {} };
const limits = { idle: hours(1), longest: hours(24) };

let clock: ManualClock;
let table: TableDouble;

const open = (): Sessions =>
  new Sessions({ table: table as unknown as SessionTable, limits, clock, trace });

beforeEach(() => {
  clock = new ManualClock(1_000_000);
  table = new TableDouble();
});

test('Sessions ends one that nobody has used for the idle time, and notes uses rarely', async () => {
  await using sessions = open();
  const secret = await sessions.open(agent, '192.0.2.1');
  for (let minute = 0; minute < 90; minute += 30) {
    clock.advance(minutes(30));
    expect(await sessions.find(secret)).toBe(agent);
  }
  clock.advance(minutes(60));
  expect(await sessions.find(secret)).toBeUndefined();
  expect(table.rows.size).toBe(0);
});

test('Sessions ends every session a day after signing in, however busy', async () => {
  await using sessions = open();
  const secret = await sessions.open(agent, '192.0.2.1');
  for (let half = 0; half < 47; half++) {
    clock.advance(minutes(30));
    expect(await sessions.find(secret)).toBe(agent);
  }
  clock.advance(minutes(30));
  expect(await sessions.find(secret)).toBeUndefined();
});

test('Sessions asks the table again soon: another server may have ended one', async () => {
  await using sessions = open();
  const secret = await sessions.open(agent, '192.0.2.1');
  await sessions.find(secret);
  expect(table.reads).toBe(0);
  table.rows.clear();
  clock.advance(seconds(31));
  let ended = 0;
  sessions.onEnded(secret, () => ended++);
  expect(await sessions.find(secret)).toBeUndefined();
  expect(ended).toBe(1);
});

test('Sessions believes another server’s note of a later use', async () => {
  await using sessions = open();
  const secret = await sessions.open(agent, '192.0.2.1');
  clock.advance(minutes(59));
  for (const hash of table.rows.keys()) await table.noteUse(Buffer.from(hash, 'hex'), clock.now());
  clock.advance(minutes(30));
  expect(await sessions.find(secret)).toBe(agent);
});

test('Sessions lets those who are in stay in while the database is gone, and nobody else', async () => {
  await using sessions = open();
  const secret = await sessions.open(agent, '192.0.2.1');
  table.isGone = true;
  clock.advance(minutes(5));
  expect(await sessions.find(secret)).toBe(agent);
  await expect(sessions.find('x'.repeat(43))).rejects.toThrow(DatabaseGoneError);
  expect(await sessions.find('no secret of ours')).toBeUndefined();
});

test('Sessions tells whoever listens that all of an agent have ended', async () => {
  await using sessions = open();
  const secrets = [await sessions.open(agent, 'a'), await sessions.open(agent, 'b')];
  const ended: string[] = [];
  using listening = new DisposableStack();
  for (const secret of secrets) {
    listening.use(sessions.onEnded(secret, () => ended.push(secret)));
  }
  await sessions.endAllOf(agent);
  expect(ended.toSorted()).toEqual(secrets.toSorted());
});
