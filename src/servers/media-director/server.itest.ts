import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { AgentId } from '#domain/ids.ts';
import type { CentreSnapshot } from '#domain/work-item/centre.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { wholeCentre } from '#domain/work-item/whole-centre.ts';
import { openDatabase } from '#platform/database/pool.ts';
import { testDatabase } from '#platform/database/testing.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { openDatabaseProxy } from '../../../test/doubles/database-proxy.ts';
import { ConfigurationDouble } from '../../../test/doubles/set-up.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { mediaDirector } from './contract.ts';
import { startMediaDirector } from './server.ts';
import { mediaDirectorContract, SUITE_DOCUMENTS } from './suite.ts';
import { agentId, queueId, submission } from './testing/centre.ts';
import { historyFaults } from './testing/history-faults.ts';

/** As long as a busy machine may need. */
const PATIENTLY = { timeout: 20_000 };

/** In a soak, as long as the promise says. */
const GONE_FOR = process.env['EMCEE_SOAK'] ? 30_000 : 4_000;

/** A director on a database of its own, with a configuration server. */
async function startCentre({ throughProxy = false } = {}) {
  await using life = new AsyncDisposableStack();
  const direct = life.use(await testDatabase());
  const proxy = throughProxy ? life.use(await openDatabaseProxy(direct.url)) : undefined;
  const database = proxy ? life.use(await openDatabase({ url: proxy.url, name: 'test' })) : direct;
  const centre = new TestCentre();
  const configuration = new ConfigurationDouble();
  for (const { kind, id, body } of SUITE_DOCUMENTS) configuration.put(kind, id, body);
  const server = centre.serve(configurationServer, configuration.implementation());
  const start = (settings: object = {}) =>
    startMediaDirector(
      centre.platform('media-director', { database, settings: { 'seat-timeout': 0, ...settings } }),
    );
  const running = life.move();
  const parts = {
    centre,
    proxy,
    database: direct,
    configuration,
    server,
    desktop: centre.connect(mediaDirector, 'desktop-server'),
    store: centre.connect(mediaDirector, 'simple-messaging-media-store'),
    /** Starts another director; the first has heard of all configuration when this resolves. */
    start: async (settings: object = {}) => {
      const director = running.use(await start(settings));
      await expect
        .poll(
          () =>
            direct.query({
              text: `
                select 1 as known from media_director.journal
                where body @> '{"type":"configuration-taken"}' and body->'revision' = to_jsonb($1::int)`,
              values: [SUITE_DOCUMENTS.length],
            }),
          PATIENTLY,
        )
        .not.toHaveLength(0);
      return director;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
  return parts;
}

type Parts = Awaited<ReturnType<typeof startCentre>>;

async function snapshot({ desktop }: Parts): Promise<CentreSnapshot> {
  const whole = await wholeCentre((page) => desktop.call.snapshot({ page }));
  return { ...whole, items: whole.items.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
}

async function ready({ desktop }: Parts, ...agents: AgentId[]): Promise<void> {
  for (const agent of agents) {
    await desktop.call.logIn({ agent, station: `station-of-${agent}` });
    await desktop.call.setReadiness({ agent, readiness: { state: 'ready' } });
  }
}

/** Accepts an offer that rings, whoever's. */
async function accept(parts: Parts): Promise<void> {
  const { items } = await snapshot(parts);
  const { id, agent, offer } = items.find((item) => item.state === 'offered') ?? {};
  if (!id || !agent || !offer) throw new Error('Cannot accept: nothing is offered');
  await parts.desktop.call.accept({ item: id, agent, offer });
}

async function journalOf({ desktop }: Parts, position: number): Promise<DirectorRecord[]> {
  const records: DirectorRecord[] = [];
  for await (const { event } of desktop.follow.journal({ since: 0 })) {
    records.push(event);
    if (event.position >= position) return records;
  }
  return records;
}

const [ONE, TWO] = [agentId('agent-1'), agentId('agent-2')] as const;

describe('the contract, on PostgreSQL', () => {
  mediaDirectorContract(async () => {
    const parts = await startCentre();
    await parts.start();
    return parts;
  });
});

test('a director that starts again holds what it held: work, owners, offers that run on, readiness', async () => {
  await using parts = await startCentre();
  const first = await parts.start();
  await ready(parts, ONE, TWO);
  const items = [submission(), submission(), submission()];
  for (const item of items) await parts.store.call.submit({ item });
  await accept(parts);
  const before = await snapshot(parts);
  await first[Symbol.asyncDispose]();
  await parts.server[Symbol.asyncDispose](); // it starts without the configuration server, too
  await parts.start();
  const after = await snapshot(parts);
  expect({ ...after, position: before.position }).toEqual(before);
  await accept(parts);
  expect(parts.centre.complaints).toEqual([]);
});

test('a brake holds through a restart, which brings nobody a second offer', async () => {
  await using parts = await startCentre();
  const first = await parts.start();
  const items = [1, 2].map((enteredAt) => submission({ queue: queueId('braked'), enteredAt }));
  for (const item of items) await parts.store.call.submit({ item });
  await ready(parts, ONE, TWO);
  const states = async () => (await snapshot(parts)).items.map(({ state }) => state).toSorted();
  expect(await states()).toEqual(['offered', 'queued']);
  await first[Symbol.asyncDispose]();
  await parts.start();
  const { estimates } = await parts.store.call.estimates({ items: items.map(({ id }) => id) });
  expect(estimates).toEqual([{ item: items[1]?.id, place: 1 }]);
  expect(await states()).toEqual(['offered', 'queued']);
});

test('what ended stays ended through a restart: submitting it again has no effect, and how it ended is known', async () => {
  await using parts = await startCentre();
  const first = await parts.start();
  const [left, other] = [submission(), submission()];
  await parts.store.call.submit({ item: left });
  await parts.store.call.abandon({ item: left.id });
  await first[Symbol.asyncDispose]();
  await parts.start();
  const { position } = await snapshot(parts);
  await parts.store.call.submit({ item: left });
  expect((await snapshot(parts)).position).toBe(position);
  await parts.store.call.submit({ item: other });
  expect(await parts.store.call.endings({ items: [left.id, other.id] })).toEqual({
    endings: [{ item: left.id, ending: 'abandoned' }],
  });
});

test('the tables can be emptied: the journal alone brings everything back', async () => {
  await using parts = await startCentre();
  const first = await parts.start();
  await ready(parts, ONE);
  const items = [submission(), submission()];
  for (const item of items) await parts.store.call.submit({ item });
  await accept(parts);
  const gone = submission();
  await parts.store.call.submit({ item: gone });
  await parts.store.call.abandon({ item: gone.id });
  const before = await snapshot(parts);
  await first[Symbol.asyncDispose]();
  for (const table of ['checkpoint', 'work_items', 'agents', 'ended_work_items']) {
    await parts.database.query({ text: `truncate media_director.${table}` });
  }
  await parts.start();
  expect(await snapshot(parts)).toEqual(before);
  await parts.store.call.submit({ item: gone });
  expect((await snapshot(parts)).position).toBe(before.position);
});

test('an offer whose agent could not see it all the while costs them nothing when it runs out', async () => {
  await using parts = await startCentre();
  const first = await parts.start();
  await ready(parts, ONE);
  await parts.store.call.submit({ item: submission({ queue: queueId('hasty') }) });
  await first[Symbol.asyncDispose]();
  await parts.start();
  await expect.poll(async () => (await snapshot(parts)).items[0]?.offer, PATIENTLY).toBe(2);
  const { agents, position } = await snapshot(parts);
  expect(agents).toMatchObject([{ readiness: { state: 'ready' } }]);
  const endings = (await journalOf(parts, position)).flatMap(({ body }) =>
    body.type === 'offer-ended' ? body.ending : [],
  );
  expect(endings).toEqual(['withdrawn']);
});

test('an agent who vanished: their chat goes on to the next with its age; back in time, nothing happens', async () => {
  await using parts = await startCentre();
  parts.configuration.put('organisation', 'organisation', { vanishGrace: 1_500 });
  await parts.start();
  await ready(parts, ONE);
  const enteredAt = Date.now() - 5_000;
  const item = submission({ enteredAt });
  await parts.store.call.submit({ item });
  await accept(parts);
  for (let beat = 0; beat < 10; beat++) {
    await parts.desktop.call.present({ agents: [ONE] });
    await sleep(200);
  }
  expect((await snapshot(parts)).items).toMatchObject([{ state: 'accepted', agent: ONE }]);
  await expect
    .poll(() => snapshot(parts), PATIENTLY)
    .toMatchObject({
      items: [{ state: 'queued', enteredAt, preferredAgent: ONE }],
      agents: [{ present: false, readiness: { state: 'not-ready', reason: 'vanished' } }],
    });
  await ready(parts, TWO);
  expect((await snapshot(parts)).items).toMatchObject([{ state: 'offered', agent: TWO }]);
  await parts.desktop.call.present({ agents: [ONE] });
  const back = (await snapshot(parts)).agents.find((agent) => agent.id === ONE);
  expect(back).toMatchObject({ present: true });
});

test('the database is gone under load: nothing acknowledged is lost, nobody is blamed, everything resumes', async () => {
  await using parts = await startCentre({ throughProxy: true });
  parts.configuration.put('queue', 'hasty', { offerTimeout: GONE_FOR - 1_000 });
  await parts.start();
  await ready(parts, ONE, TWO);
  const acknowledged = new Set<string>();
  const load = new AbortController();
  const produce = async (): Promise<void> => {
    while (!load.signal.aborted) {
      const item = submission({ enteredAt: Date.now(), queue: queueId('hasty') });
      for (;;) {
        const isDone = await parts.store.call.submit({ item }, { timeout: 1_000 }).then(
          () => true,
          () => load.signal.aborted,
        );
        if (!isDone) continue;
        if (!load.signal.aborted) acknowledged.add(item.id);
        break;
      }
      await sleep(20);
    }
  };
  const producers = Array.from({ length: 4 }, produce);
  await sleep(300);
  parts.proxy?.cut();
  const before = acknowledged.size;
  await sleep(GONE_FOR);
  parts.proxy?.restore();
  const restored = Date.now();
  await expect.poll(() => acknowledged.size, PATIENTLY).toBeGreaterThan(before + 10);
  load.abort();
  await Promise.all(producers);

  const whole = await snapshot(parts);
  const records = await journalOf(parts, whole.position);
  expect(historyFaults(records)).toEqual([]);
  const entered = records.flatMap(({ body }) =>
    body.type === 'work-item-entered' ? body.item : [],
  );
  expect([...acknowledged].filter((id) => !entered.some((item) => item === id))).toEqual([]);
  const blamed = records.filter(
    ({ at, body }) =>
      body.type === 'offer-ended' && body.ending === 'no-answer' && at < restored + 1_000,
  );
  expect(blamed).toEqual([]);
  expect(whole.items.filter((item) => item.state === 'offered')).toHaveLength(2);
}, 60_000);

test('S08: a director whose lease another took drops its state and reads what is durable; nobody is offered twice', async () => {
  await using parts = await startCentre();
  await parts.start();
  await ready(parts, ONE);
  await parts.store.call.submit({ item: submission() });
  await parts.database.query({
    text: `update platform.leases set owner = 'another', home = null, epoch = epoch + 1, expires_at = now() + interval '1 s'`,
  });
  const item = submission();
  await expect
    .poll(
      () =>
        parts.store.call.submit({ item }).then(
          () => 'done',
          () => 'refused',
        ),
      {
        timeout: 20_000,
      },
    )
    .toBe('done');
  const whole = await snapshot(parts);
  const records = await journalOf(parts, whole.position);
  expect(historyFaults(records)).toEqual([]);
  expect(whole.items.map((open) => open.state).toSorted()).toEqual(['offered', 'queued']);
  expect(records.filter(({ body }) => body.type === 'work-item-entered')).toHaveLength(2);
}, 60_000);

test('other configuration takes effect at once: a queue that an agent serves now brings its oldest work', async () => {
  await using parts = await startCentre();
  await parts.start();
  parts.configuration.put('queue', 'special', { serves: { type: 'listed', agents: ['agent-2'] } });
  const item = submission({ queue: queueId('special') });
  await expect
    .poll(() => parts.store.call.submit({ item }).then(() => 'done', String), PATIENTLY)
    .toBe('done');
  await ready(parts, ONE);
  expect((await snapshot(parts)).items).toMatchObject([{ state: 'queued' }]);
  parts.configuration.put('queue', 'special', { serves: { type: 'everyone' } });
  await expect
    .poll(async () => (await snapshot(parts)).items, PATIENTLY)
    .toMatchObject([{ state: 'offered', agent: ONE }]);
});

test('the journal goes to ids-multimedia from wherever it is asked', async () => {
  await using parts = await startCentre();
  await parts.start();
  await ready(parts, ONE);
  const stop = new AbortController();
  const records = await journalOf(parts, (await snapshot(parts)).position);
  const events = parts.centre.lines.get('ids-multimedia')?.events(1, stop.signal) ?? [];
  for await (const { n, event } of events) {
    expect({ n, event }).toEqual({ n: 2, event: records[1] });
    break;
  }
  stop.abort();
});
