import { afterEach, beforeEach, expect, test } from 'vitest';
import { Latest } from '#base/latest.ts';
import { ManualClock, hours, minutes } from '#base/time.ts';
import { addCounts, noCounts } from '#domain/metrics/counts.ts';
import { INTERVAL, intervalOf } from '#domain/metrics/interval.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { Database, Transaction } from '#platform/database/database.ts';
import { type TestDatabase, testDatabase } from '#platform/database/testing.ts';
import type { Trace } from '#platform/trace/trace.ts';
import { connectInProcess } from '#platform/rpc/in-process.ts';
import { idsMultimedia } from './contract.ts';
import { DirectorFollower } from './director-follower.ts';
import { FakeIdsMultimedia } from './fake.ts';
import { implementIdsMultimedia } from './implementation.ts';
import { readCounts } from './count-tables.ts';
import { readContactHistory, readWorkItem } from './history-tables.ts';
import { AGENTS, QUEUES, randomJournal } from '../../../test/doubles/random-journal.ts';
import { Tally } from './rules/tally.ts';
import { NOTHING_LIVE } from './rules/live.ts';
import { StoreFollower } from './store-follower.ts';
import { EMAIL, MESSAGING } from './store-journals.ts';

const START = Date.UTC(2026, 2, 28, 22, 7);
const MIGRATIONS = new URL('./migrations/', import.meta.url);

const quiet: Trace = { debug() {}, info() {}, warning() {}, fault() {} };

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
  await database.migrate('multimedia_data', MIGRATIONS);
});
afterEach(() => database[Symbol.asyncDispose]());

/** The same numbers every time. */
function journal(seed: number, length: number): DirectorRecord[] {
  let state = seed;
  const pick = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  return randomJournal(pick, length, START);
}

const numbered = (records: readonly DirectorRecord[]) =>
  records.map((record) => ({ n: record.position, event: record }));

async function everything(follower: DirectorFollower, end: number) {
  const edges: number[] = [];
  for (let edge = intervalOf(START) - INTERVAL; edge <= end; edge += INTERVAL) edges.push(edge);
  return follower.moment((moment) =>
    readCounts(moment, { edges, by: 'agent', after: 0, limit: 100_000 }),
  );
}

test('figures are the same whether a journal comes at once, in pieces, twice, or across restarts', async () => {
  const records = journal(7, 1_200);
  const end = (records.at(-1)?.at ?? START) + minutes(20);
  const clock = new ManualClock(end);
  const one = new DirectorFollower(database, clock);
  await one.take(0, numbered(records));
  const expected = await everything(one, end);

  await using other = await testDatabase();
  await other.migrate('multimedia_data', MIGRATIONS);
  for (let at = 0; at < records.length; at += 170) {
    const follower = new DirectorFollower(other, clock); // a restart
    const { position } = await follower.resume();
    expect(position).toBe(at);
    await follower.take(0, numbered(records.slice(0, at + 40))); // some of it for the second time
    await follower.take(0, numbered(records.slice(Math.max(0, at - 60), at + 170)));
  }
  const pieces = new DirectorFollower(other, clock);
  expect(await everything(pieces, end)).toEqual(expected);
  expect((await pieces.position()).balance).toEqual((await one.position()).balance);
  expect((await pieces.position()).balance.difference).toBe(0);
  expect(expected.rows.length).toBeGreaterThan(20);
});

test('a commit whose answer was lost is not counted twice', async () => {
  const records = journal(11, 300);
  const clock = new ManualClock((records.at(-1)?.at ?? 0) + 1);
  let fails = true;
  const deaf: Database = {
    ...database,
    transaction: async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
      const result = await database.transaction(work);
      if (!fails || result !== undefined) return result; // reading goes through
      fails = false;
      throw new Error('the connection broke behind the commit');
    },
  };
  const follower = new DirectorFollower(deaf, clock);
  await expect(follower.take(0, numbered(records.slice(0, 200)))).rejects.toThrow('broke');
  expect((await follower.resume()).position).toBe(200);
  await follower.take(0, numbered(records));
  const { balance } = await follower.position();
  const tally = new Tally(NOTHING_LIVE);
  tally.take(records);
  expect(balance).toEqual(tally.balance);
});

test('a record that cannot be read is refused alone, and one that is missing holds nobody up', async () => {
  const records = journal(3, 60);
  const follower = new DirectorFollower(database, new ManualClock(START));
  const bad = { n: 4, event: { position: 4, at: START, body: { type: 'from-the-future' } } };
  await expect(follower.take(0, [...numbered(records.slice(0, 3)), bad])).rejects.toMatchObject({
    code: 'bad-record',
    data: { n: 4 },
  });
  expect((await follower.resume()).position).toBe(0);
  expect(await follower.take(0, numbered(records.slice(0, 3)))).toBe(3);
  expect(await follower.take(0, numbered(records.slice(4)))).toBe(60);
});

test('two processes that take the same journal in: the second notices and reads anew', async () => {
  const records = journal(5, 100);
  const clock = new ManualClock(START);
  const [one, two] = [new DirectorFollower(database, clock), new DirectorFollower(database, clock)];
  await one.take(0, numbered(records.slice(0, 50)));
  await two.take(0, numbered(records.slice(0, 80)));
  await expect(one.take(0, numbered(records))).rejects.toThrow('moved on');
  expect((await one.resume()).position).toBe(80);
  expect(await one.take(0, numbered(records))).toBe(100);
});

test('what was forgotten is derived anew from the beginning, by a new session only', async () => {
  const records = journal(9, 400);
  const end = (records.at(-1)?.at ?? START) + hours(1);
  const follower = new DirectorFollower(database, new ManualClock(end));
  await follower.take(0, numbered(records));
  const before = await everything(follower, end);
  await follower.forget();
  await expect(follower.take(0, numbered(records))).rejects.toThrow('derived anew');
  const { position, generation } = await follower.resume();
  expect(position).toBe(0);
  await follower.take(generation, numbered(records));
  expect(await everything(follower, end)).toEqual(before);
});

test('readCounts() pages, narrows to queues and agents, and adds up to the centre', async () => {
  const records = journal(21, 800);
  const end = intervalOf((records.at(-1)?.at ?? START) + hours(1));
  const follower = new DirectorFollower(database, new ManualClock(end));
  await follower.take(0, numbered(records));
  const edges = [intervalOf(START), intervalOf(START) + hours(3), end];
  const ask = { edges, after: 0, limit: 1_000 } as const;
  await follower.moment(async (moment) => {
    const queues = await readCounts(moment, { ...ask, by: 'queue' });
    const centre = await readCounts(moment, { ...ask, by: 'centre' });
    for (const range of [0, 1]) {
      const sum = noCounts();
      for (const row of queues.rows) if (row.range === range) addCounts(sum, row.counts);
      expect(centre.rows.find((row) => row.range === range)?.counts).toEqual(sum);
    }
    const paged = [];
    for (let after: number | undefined = 0; after !== undefined;) {
      const page = await readCounts(moment, { ...ask, by: 'queue', after, limit: 1 });
      paged.push(...page.rows);
      after = page.next;
    }
    expect(paged).toEqual(queues.rows);
    const [first] = queues.rows;
    const narrowed = await readCounts(moment, {
      ...ask,
      by: 'queue',
      queues: first?.queue ? [first.queue] : [],
    });
    expect(narrowed.rows).toEqual(queues.rows.filter(({ queue }) => queue === first?.queue));
    const agents = await readCounts(moment, { ...ask, by: 'agent' });
    expect(agents.rows.every(({ times }) => (times?.length ?? 0) > 0)).toBe(true);
  });
});

test('the server and its fake answer alike', async () => {
  const records = journal(33, 700);
  const clock = new ManualClock((records.at(-1)?.at ?? START) + minutes(3));
  const followers = {
    'media-director': new DirectorFollower(database, clock),
    'simple-messaging-media-store': new StoreFollower(database, MESSAGING),
    'email-media-store': new StoreFollower(database, EMAIL),
  };
  const fake = new FakeIdsMultimedia(clock);
  fake.take(records);
  await followers['media-director'].take(0, numbered(records));
  const real = implementIdsMultimedia({
    platform: { database, trace: quiet },
    followers,
    version: new Latest(0),
    writers: { isConnected: () => true },
    disconnect: async () => undefined,
  });
  const clients = [fake.implementation, real].map(
    (implementation) => connectInProcess(idsMultimedia, implementation, { role: 'ids-view' }).call,
  );
  const same = async (ask: (call: (typeof clients)[number]) => Promise<unknown>) => {
    const [faked, really] = await Promise.all(clients.map(ask));
    expect(faked).toEqual(really);
  };
  const last = intervalOf(clock.now()) + INTERVAL;
  const edges = [intervalOf(START), intervalOf(START) + hours(2), last - hours(5), last];
  await same((call) => call.live({ since: START }));
  await same((call) => call.live({ since: clock.now() }));
  for (const by of ['queue', 'agent', 'centre'] as const) {
    for (const narrowed of [{}, { queues: QUEUES.slice(1) }, { agents: AGENTS.slice(0, 2) }]) {
      const request = { edges, by, after: 0, limit: 1_000, ...narrowed };
      await same((call) => call.counts(request));
      await same((call) => call.counts({ ...request, after: 2, limit: 2 }));
    }
  }
  for (const { body } of records) {
    if (body.type !== 'work-item-entered') continue;
    await same((call) => call.workItemHistory({ item: body.item }));
  }
});

test('history tells of a contact that was matched after its work had entered', async () => {
  const records = journal(2, 500);
  const follower = new DirectorFollower(database, new ManualClock(START));
  await follower.take(0, numbered(records));
  const entered = records.map(({ body }) => body).find((body) => body.type === 'work-item-entered');
  if (!entered) throw new Error('The journal has no work items');
  const contact = '0193aaaa-0000-7000-8000-000000000001';
  const { conversation, interaction, channel } = entered;
  const facts = [
    { type: 'conversation-opened', conversation, interaction, channel, entryPoint: 'web' },
    { type: 'contact-matched', conversation, contact },
    { type: 'message-posted', conversation, number: 1, id: 'a', from: 'customer' },
    { type: 'message-posted', conversation, number: 2, id: 'b', from: 'agent', agent: 'agent-1' },
    { type: 'message-posted', conversation, number: 3, id: 'c', from: 'agent', agent: 'agent-1' },
    { type: 'conversation-ended', conversation, by: 'customer' },
  ].map((body, i) => ({ n: i + 1, event: { position: i + 1, at: START + i, body } }));
  const messaging = new StoreFollower(database, MESSAGING);
  await messaging.take(0, facts.slice(0, 4));
  await messaging.take(0, facts);
  expect(await messaging.position()).toEqual({ position: 6, at: START + 5 });

  const history = await readContactHistory(database, { contact: contact as never, limit: 10 });
  expect(history).toMatchObject([
    {
      item: entered.item,
      contact,
      messages: { customer: 1, agent: 2, firstReplyAt: START + 3 },
    },
  ]);
  const found = await readWorkItem(database, entered.item);
  const own = records.filter(({ body }) => 'item' in body && body.item === entered.item);
  expect(found?.records).toEqual(own);
  expect(found?.item.segments.length).toBe(
    own.filter(({ body }) => body.type === 'work-item-accepted').length,
  );
});

test('the first answer by e-mail counts, not what answers by itself; forgetting one store leaves the other', async () => {
  const records = journal(2, 500);
  const director = new DirectorFollower(database, new ManualClock(START));
  await director.take(0, numbered(records));
  const entered = records.map(({ body }) => body).find((body) => body.type === 'work-item-entered');
  if (!entered) throw new Error('The journal has no work items');
  const { conversation, interaction } = entered;
  const contact = '0193aaaa-0000-7000-8000-000000000002';
  const email = '0193aaaa-0000-7000-8000-000000000003';
  const filed = { type: 'email-filed', conversation, email, nature: 'personal' };
  const facts = [
    { type: 'conversation-opened', conversation, interaction, mailbox: 'support' },
    { type: 'contact-matched', conversation, contact },
    { ...filed, number: 1, direction: 'in' },
    { ...filed, number: 2, direction: 'out' },
    { ...filed, number: 3, direction: 'in', nature: 'auto-reply' },
    { ...filed, number: 4, direction: 'out', agent: 'agent-1' },
    { type: 'mail-quarantined', email, mailbox: 'support' },
  ].map((body, i) => ({ n: i + 1, event: { position: i + 1, at: START + i, body } }));
  const emails = new StoreFollower(database, EMAIL);
  expect(await emails.take(0, facts)).toBe(facts.length);
  const history = () => readContactHistory(database, { contact: contact as never, limit: 10 });
  const messages = { customer: 1, agent: 1, firstReplyAt: START + 5 };
  expect(await history()).toMatchObject([{ item: entered.item, messages }]);
  await new StoreFollower(database, MESSAGING).forget();
  expect(await history()).toMatchObject([{ messages }]);
  await emails.forget();
  expect((await emails.position()).position).toBe(0);
  expect(await history()).toEqual([]);
});
