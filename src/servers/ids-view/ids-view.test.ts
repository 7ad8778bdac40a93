import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { ManualClock, days, hours, minutes } from '#base/time.ts';
import { ContactId, QueueId, WorkItemId } from '#domain/ids.ts';
import { dayBegan } from '#domain/metrics/calendar.ts';
import { METRICS } from '#domain/metrics/metric.ts';
import { fakeConfigurationServer } from '#servers/configuration-server/fake.ts';
import { configurationServer } from '#servers/configuration-server/contract.ts';
import { idsMultimedia } from '#servers/ids-multimedia/contract.ts';
import { FakeIdsMultimedia } from '#servers/ids-multimedia/fake.ts';
import { AGENTS, QUEUES, randomJournal } from '../../../test/doubles/random-journal.ts';
import { TestCentre } from '../../../test/doubles/test-centre.ts';
import { idsView } from './contract.ts';
import { startIdsView } from './server.ts';

/** The night in which Berlin's clocks go back: this day has 25 hours. */
const LONG_DAY = Date.UTC(2026, 9, 24, 22, 0);
const TIME_ZONE = 'Europe/Berlin';

const agentDocument = (id: string, level?: number) => ({
  kind: 'agent' as const,
  id,
  body: { name: `=${id}`, login: id, roles: ['agent'], skills: level ? { german: level } : {} },
});
const DOCUMENTS = [
  {
    kind: 'organisation' as const,
    id: 'organisation',
    body: { name: 'Company 1', timeZone: TIME_ZONE },
  },
  { kind: 'queue' as const, id: 'sales', body: { name: 'Sales, all' } },
  {
    kind: 'queue' as const,
    id: 'support',
    body: { name: 'Support', serves: { type: 'skilled', skills: { german: 5 } } },
  },
  { kind: 'queue' as const, id: 'unused', body: { name: 'Unused' } },
  agentDocument('agent-1', 7),
  agentDocument('agent-2', 4),
  agentDocument('agent-3'),
];

async function open(seed: number, length: number) {
  let state = seed;
  const pick = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  const records = randomJournal(pick, length, LONG_DAY + minutes(3));
  const clock = new ManualClock((records.at(-1)?.at ?? 0) + minutes(2));
  const centre = new TestCentre();
  const multimedia = new FakeIdsMultimedia(clock);
  multimedia.take(records);
  centre.serve(idsMultimedia, multimedia.implementation);
  centre.serve(configurationServer, await fakeConfigurationServer({ documents: DOCUMENTS }));
  const running = await startIdsView(centre.platform('ids-view', { clock }));
  const view = centre.connect(idsView, 'desktop-server');
  return { records, clock, centre, multimedia, view, running };
}

test('G03: board, report, sum of intervals and CSV say the same of the same range', async () => {
  const { clock, view, running } = await open(4, 260);
  await using _ = running;
  const board = await view.call.board({});
  expect(board.dayBegan).toBe(dayBegan(clock.now(), TIME_ZONE));
  const range = { from: board.dayBegan, to: clock.now() };
  const report = await view.call.figures(range);
  expect(report.rows.length).toBe(2);
  for (const { queue, figures } of report.rows) {
    expect(board.queues.find((one) => one.queue === queue)?.figures).toEqual(figures);
  }
  const agents = await view.call.figures({ ...range, by: 'agent' });
  for (const one of board.agents) {
    const row = agents.rows.find(({ agent }) => agent === one.agent);
    expect(row?.figures).toEqual(one.figures);
  }
  for (const by of ['queue', 'agent', 'centre'] as const) {
    const total = await view.call.figures({ ...range, by });
    const { csv } = await view.call.figuresCsv({ ...range, by });
    const lines = parse(csv, { columns: true }) as Record<string, string>[];
    expect(lines).toHaveLength(total.rows.length);
    for (const [index, row] of total.rows.entries()) {
      const line = lines[index] ?? {};
      for (const { id, unit, version } of METRICS) {
        const ending = { contacts: '', percent: '-percent', ms: '-ms' }[unit];
        const cell = line[`${id}${ending}@${version}`];
        expect(cell === '' ? null : Number(cell)).toBe(row.figures[id]);
      }
    }
  }
});

test('counts and durations of the parts add up to the whole, on a day of 25 hours too', async () => {
  const { view, running } = await open(8, 500);
  await using _ = running;
  const from = dayBegan(LONG_DAY + hours(12), TIME_ZONE);
  const to = from + hours(25);
  expect(dayBegan(to, TIME_ZONE)).toBe(to);
  const whole = await view.call.figures({ from, to });
  for (const interval of ['15min', 'hour', 'day'] as const) {
    const parts = await view.call.figures({ from, to, interval });
    for (const { queue, figures } of whole.rows) {
      const own = parts.rows.filter((row) => row.queue === queue);
      const sum = (id: keyof typeof figures) =>
        own.reduce((total, row) => total + (row.figures[id] ?? 0), 0);
      for (const id of ['offered', 'answered', 'abandoned', 'handled', 'handle-time'] as const) {
        expect(sum(id)).toBe(figures[id]);
      }
      const longest = Math.max(...own.map((row) => row.figures['oldest-waiting'] ?? 0));
      expect(longest).toBe(figures['oldest-waiting']);
    }
  }
  const hourly = await view.call.figures({ from, to, interval: 'hour', by: 'centre' });
  expect(hourly.rows.every((row) => row.to - row.from === hours(1))).toBe(true);
  expect(whole.timeZone).toBe(TIME_ZONE);
  expect(whole.versions).toContainEqual({ metric: 'service-level', version: 1 });
});

test('the board shows every queue, who serves it by the one rule, and in = closed + open', async () => {
  const { view, running, multimedia, records, clock } = await open(15, 300);
  await using _ = running;
  const board = await view.call.board({});
  expect(board.queues.map(({ queue }) => queue)).toEqual(['sales', 'support', 'unused']);
  const [sales, support] = board.queues;
  const total = (count: Record<string, number> = {}) =>
    Object.values(count).reduce((sum, one) => sum + one, 0);
  expect(total(sales?.agents)).toBe(board.agents.length);
  expect(total(support?.agents)).toBe(
    board.agents.filter(({ agent }) => agent === 'agent-1').length,
  );
  expect(board.balance.difference).toBe(0);
  expect(board.balance.open).toBe(
    board.queues.reduce((sum, one) => sum + one.waiting + one.withAgents + one.parked, 0),
  );
  const item = WorkItemId.parse('0193ffff-0000-7000-8000-000000000001');
  const entered = records.find(({ body }) => body.type === 'work-item-entered');
  if (entered?.body.type !== 'work-item-entered') throw new Error('No work item entered');
  const position = (records.at(-1)?.position ?? 0) + 1;
  const queue = QueueId.parse('unused');
  multimedia.take([{ position, at: clock.now(), body: { ...entered.body, item, queue } }]);
  clock.advance(minutes(1));
  const later = await view.call.board({});
  expect(later.queues.at(-1)).toMatchObject({
    waiting: 1,
    oldestWaitingSince: clock.now() - minutes(1),
    figures: { offered: 1, 'oldest-waiting': minutes(1) },
  });
  expect(later.balance).toEqual({
    ...board.balance,
    entered: board.balance.entered + 1,
    open: board.balance.open + 1,
  });
});

test('the stream of boards tells a change, at most once per second', async () => {
  const { view, running, multimedia, records, clock } = await open(16, 100);
  await using _ = running;
  const stop = new AbortController();
  const boards = view.follow.board({ signal: stop.signal })[Symbol.asyncIterator]();
  const first = await boards.next();
  const login = { type: 'agent-presence-changed' as const, agent: AGENTS[0]!, present: true };
  const position = records.length;
  for (const more of [1, 2, 3]) {
    multimedia.take([{ position: position + more, at: clock.now(), body: login }]);
  }
  const next = boards.next();
  const early = await Promise.race([next, new Promise((done) => setTimeout(done, 50, 'nothing'))]);
  expect(early).toBe('nothing');
  clock.advance(1_000);
  expect((await next).value?.event.version).toBe(position + 3);
  expect(first.value?.event.version).toBe(position);
  stop.abort();
});

test('a range that is none, or too long for its intervals, is refused', async () => {
  const { view, running } = await open(2, 50);
  await using _ = running;
  const from = LONG_DAY;
  await expect(view.call.figures({ from, to: from })).rejects.toMatchObject({ code: 'bad-range' });
  const year = { from, to: from + days(366) };
  await expect(view.call.figures({ ...year, interval: '15min' })).rejects.toMatchObject({
    code: 'bad-range',
    data: { limit: 10_000 },
  });
  expect((await view.call.figures({ ...year, interval: 'hour' })).to).toBe(from + days(366));
  const end = 8_640_000_000_000_000;
  await expect(view.call.figures({ from, to: end })).rejects.toMatchObject({ code: 'bad-range' });
});

test('a CSV cell is never a formula, and pages go on without a second header', async () => {
  const { view, running, clock } = await open(4, 260);
  await using _ = running;
  const range = { from: LONG_DAY, to: clock.now(), by: 'agent' as const };
  const { csv } = await view.call.figuresCsv(range);
  expect(csv).toContain(`"'=agent-1"`.replaceAll('"', ''));
  expect(csv).not.toMatch(/,=agent/);
  expect(csv).toContain('2026-10-25T00:00+02:00');
  const rest = await view.call.figuresCsv({ ...range, after: 1 });
  expect(rest.csv).not.toContain('queue-name');
  expect(csv.endsWith(rest.csv)).toBe(true);
});

test('history and dictionary come through the same door', async () => {
  const { view, running, records } = await open(6, 200);
  await using _ = running;
  const entered = records.find(({ body }) => body.type === 'work-item-entered');
  if (entered?.body.type !== 'work-item-entered') throw new Error('No work item entered');
  const history = await view.call.workItemHistory({ item: entered.body.item });
  expect(history.records[0]).toEqual(entered);
  expect(QUEUES).toContain(history.item.queue);
  const contact = ContactId.parse('0193aaaa-0000-7000-8000-00000000000a');
  expect(await view.call.contactHistory({ contact })).toEqual({ items: [] });
  const item = WorkItemId.parse('0193aaaa-0000-7000-8000-00000000000b');
  await expect(view.call.workItemHistory({ item })).rejects.toMatchObject({ code: 'unknown-item' });
  const { metrics } = await view.call.metrics({});
  expect(metrics.map(({ id }) => id)).toEqual(METRICS.map(({ id }) => id));
});
