import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { newId } from '#base/id.ts';
import { days, hours, minutes } from '#base/time.ts';
import type { Instant } from '#base/time.ts';
import {
  type AgentId,
  ConversationId,
  InteractionId,
  QueueId,
  SegmentId,
  WorkItemId,
} from '#domain/ids.ts';
import { type Counts, addCounts, noCounts } from '#domain/metrics/counts.ts';
import { INTERVAL, intervalOf } from '#domain/metrics/interval.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import type { Batch } from './batch.ts';
import { countLive } from './count-live.ts';
import { NOTHING_LIVE } from './live.ts';
import { AGENTS, QUEUES, randomJournal } from '../../../../test/doubles/random-journal.ts';
import { Tally } from './tally.ts';

/** The soak runs so many times as many. */
const MORE = process.env['EMCEE_SOAK'] ? 25 : 1;

vi.setConfig({ testTimeout: 20_000 * MORE });

const START = Date.UTC(2026, 2, 28, 22, 7);

const journals = fc
  .array(fc.nat({ max: 1_000_000 }), { minLength: 400, maxLength: 900 })
  .map((chances) => {
    let next = 0;
    const pick = (bound: number) => (chances[next++ % chances.length] ?? 0) % bound;
    return randomJournal(pick, 150, START);
  });

/** What all batches counted in a range, and what goes on now. */
function sum(batches: readonly Batch[], from: Instant, to: Instant, live = NOTHING_LIVE, now = 0) {
  const total = noCounts();
  for (const { counts } of batches) {
    for (const row of counts) {
      if (row.interval >= from && row.interval < to) addCounts(total, row.counts);
    }
  }
  for (const { counts } of countLive(live, [from, to], now).counts) addCounts(total, counts);
  return total;
}

/** The same, reckoned from the journal by the words of the dictionary, event by event and without a fold. */
function reckon(
  records: readonly DirectorRecord[],
  from: Instant,
  to: Instant,
  now: Instant,
): Counts {
  const total = noCounts();
  const within = records.filter(({ at }) => at >= from && at < to);
  const positions = new Set(within.map(({ position }) => position));
  const clip = (a: Instant, b: Instant) => Math.max(0, Math.min(b, to) - Math.max(a, from));
  for (const { body } of within) {
    if (body.type === 'work-item-entered') total.entered += 1;
    if (body.type === 'work-item-offered') total.offers += 1;
    if (body.type === 'segment-ended') total.handled += 1;
    if (body.type === 'offer-ended' && body.ending === 'declined') total.declined += 1;
    if (body.type === 'offer-ended' && body.ending === 'no-answer') total.unanswered += 1;
    if (body.type === 'work-item-transferred') total.transferred += 1;
    if (/^work-item-(transferred|merged|closed)$/.test(body.type)) total.ended += 1;
  }
  for (const entry of records) {
    if (entry.body.type !== 'work-item-entered') continue;
    const { item, serviceLevelDeadline: deadline } = entry.body;
    const own = records.filter(({ body }) => 'item' in body && body.item === item);
    const answer = own.find(({ body }) => body.type === 'work-item-accepted');
    const left = own.find(
      ({ body }) => body.type === 'work-item-closed' && body.ending === 'abandoned',
    );
    const missed = own.find(({ body }) => body.type === 'service-level-missed');
    if (answer && positions.has(answer.position)) {
      total.answered += 1;
      total.answerWait += answer.at - entry.at;
    }
    const abandoned = answer ? undefined : left;
    if (abandoned && positions.has(abandoned.position)) total.abandoned += 1;
    const [first] = [answer, abandoned, missed]
      .filter((record) => record !== undefined)
      .toSorted((a, b) => a.position - b.position);
    if (deadline !== undefined && first && positions.has(first.position)) {
      if (first === answer && first.at <= deadline) total.serviceLevelMet += 1;
      else total.serviceLevelMissed += 1;
    }
    let waitingSince: Instant | undefined;
    for (const { at, body } of [...own, { at: now, body: { type: 'now' } as const }]) {
      const ends = /^(work-item-(accepted|parked|transferred|merged|closed)|now)$/.test(body.type);
      if (ends && waitingSince !== undefined) {
        if (clip(waitingSince, at) > 0) {
          total.longestWait = Math.max(total.longestWait, Math.min(at, to) - waitingSince);
        }
        waitingSince = undefined;
      }
      if (body.type === 'work-item-entered') waitingSince = at;
      if (body.type === 'work-item-requeued') waitingSince ??= at;
    }
  }
  for (const { at, body } of records) {
    if (body.type !== 'work-item-accepted' && body.type !== 'wrap-up-started') continue;
    const ending = body.type === 'work-item-accepted' ? 'segment-ended' : 'wrap-up-ended';
    const end = records.find(
      (record) => record.body.type === ending && record.body.segment === body.segment,
    );
    const time = clip(at, end?.at ?? now);
    total.handleTime += time;
    if (body.type === 'wrap-up-started') total.wrapUpTime += time;
  }
  return total;
}

test('Tally counts what the dictionary says, for any range of intervals', () => {
  fc.assert(
    fc.property(
      journals,
      fc.nat({ max: 200 }),
      fc.integer({ min: 1, max: 200 }),
      (records, a, b) => {
        const tally = new Tally(NOTHING_LIVE);
        const batch = tally.take(records);
        const now = (records.at(-1)?.at ?? START) + minutes(7);
        const from = intervalOf(START) + a * INTERVAL;
        const to = from + b * INTERVAL;
        expect(sum([batch], from, to, tally.live(), now)).toEqual(reckon(records, from, to, now));
      },
    ),
    { numRuns: 60 * MORE },
  );
});

test('Tally counts the same however its journal is cut, repeated or restarted', () => {
  fc.assert(
    fc.property(journals, fc.array(fc.nat({ max: 150 })), (records, cuts) => {
      const whole = new Tally(NOTHING_LIVE);
      const all = whole.take(records);
      let pieces = new Tally(NOTHING_LIVE);
      const batches: Batch[] = [];
      for (const cut of [...cuts.toSorted((a, b) => a - b), records.length]) {
        // A restart: all that is known is what was stored, as it comes back from JSON.
        pieces = new Tally(JSON.parse(JSON.stringify(pieces.live())));
        batches.push(pieces.take(records.slice(0, cut)));
      }
      expect(JSON.parse(JSON.stringify(pieces.live()))).toEqual(
        JSON.parse(JSON.stringify(whole.live())),
      );
      const end = START + hours(24 * 30);
      expect(sum(batches, START - INTERVAL, end)).toEqual(sum([all], START - INTERVAL, end));
    }),
    { numRuns: 60 * MORE },
  );
});

test('S03: in = closed + open after every event', () => {
  fc.assert(
    fc.property(journals, (records) => {
      const tally = new Tally(NOTHING_LIVE);
      for (const record of records) {
        tally.take([record]);
        expect(tally.balance.difference).toBe(0);
      }
    }),
    { numRuns: 20 * MORE },
  );
});

test('countLive() makes figures of the past independent of what ends later', () => {
  fc.assert(
    fc.property(journals, fc.nat({ max: 149 }), (records, cut) => {
      const now = records[cut]?.at ?? START;
      const early = new Tally(NOTHING_LIVE);
      const then = early.take(records.slice(0, cut));
      const late = new Tally(NOTHING_LIVE);
      const all = late.take(records);
      const to = intervalOf(now);
      const from = to - hours(24);
      expect(sum([all], from, to, late.live(), (records.at(-1)?.at ?? 0) + hours(1))).toEqual(
        sum([then], from, to, early.live(), now),
      );
    }),
    { numRuns: 40 * MORE },
  );
});

test('a clock that jumps, back or for years, makes no count negative and drowns nothing', () => {
  const jumps = fc.array(
    fc.constantFrom(0 - days(3_000), 0 - hours(1), 0, 0, 0, minutes(1), days(9_000)),
  );
  fc.assert(
    fc.property(journals, jumps, (records, offsets) => {
      let offset = days(3_000) * 2;
      const jumping = records.map((record, index) => {
        offset = Math.max(0, offset + (index % 9 === 0 ? (offsets[index / 9] ?? 0) : 0));
        return { ...record, at: record.at + offset };
      });
      const tally = new Tally(NOTHING_LIVE);
      const batch = tally.take(jumping);
      for (const { counts } of batch.counts) {
        expect(Object.values(counts).every((count) => count >= 0)).toBe(true);
      }
      // An hour that is lived twice counts twice; a month is the most that a jump makes of anything.
      expect(batch.times.every(({ time }) => time > 0)).toBe(true);
      expect(batch.times.length).toBeLessThan(3 * AGENTS.length * offsets.length * 31 * 96 + 1_000);
      expect(tally.balance.difference).toBe(0);
    }),
    { numRuns: 10 * MORE },
  );
});

test('Tally tells activities apart, and they add up to the time logged in', () => {
  fc.assert(
    fc.property(journals, (records) => {
      const tally = new Tally(NOTHING_LIVE);
      const batch = tally.take(records);
      const now = (records.at(-1)?.at ?? START) + 1;
      const times = [
        ...batch.times,
        ...countLive(tally.live(), [intervalOf(START), now + INTERVAL], now).times,
      ];
      const spent = times.reduce((all, { time }) => all + time, 0);
      let loggedIn = 0;
      const since = new Map<string, Instant>();
      for (const { at, body } of records) {
        if (body.type === 'agent-logged-in') since.set(body.agent, at);
        if (body.type !== 'agent-logged-out') continue;
        loggedIn += at - (since.get(body.agent) ?? at);
        since.delete(body.agent);
      }
      for (const at of since.values()) loggedIn += now - at;
      expect(spent).toBe(loggedIn);
    }),
    { numRuns: 40 * MORE },
  );
});

test('G01: a pass that comes back is answered once, a transfer is a pass of its own', () => {
  let seed = 7;
  const pick = (bound: number): number => (seed = (seed * 75 + 74) % 65_537) % bound;
  const records = randomJournal(pick, 200, START);
  const tally = new Tally(NOTHING_LIVE);
  const { counts } = tally.take(records);
  const entered = records.filter(({ body }) => body.type === 'work-item-entered').length;
  const total = noCounts();
  for (const row of counts) {
    expect(QUEUES).toContain(row.queue);
    addCounts(total, row.counts);
  }
  expect(total.entered).toBe(entered);
  expect(total.answered).toBeLessThanOrEqual(entered);
});

test('an overflow ends a pass in one queue and begins one in the other; no agent is charged with it', () => {
  const [from, to] = [QueueId.parse('sales'), QueueId.parse('second')];
  const [first, second] = [newItem(), newItem()];
  const pass = {
    type: 'work-item-entered',
    conversation: ConversationId.parse(newId()),
    interaction: InteractionId.parse(newId()),
    channel: 'web-chat',
    priority: 5,
    enteredAt: START,
  } as const;
  const bodies: DirectorRecord['body'][] = [
    { ...pass, item: first, queue: from },
    { type: 'work-item-transferred', item: first, to: second, queue: to, cause: 'overflow' },
    { ...pass, item: second, queue: to, previous: first, passed: [from] },
  ];
  const tally = new Tally(NOTHING_LIVE);
  const { counts, passes, entered, ended } = tally.take(
    bodies.map((body, n) => ({ position: n + 1, at: START + n * minutes(1), body })),
  );
  expect([entered, ended]).toEqual([2, 1]);
  const of = (queue: QueueId) => {
    const total = noCounts();
    for (const row of counts) {
      expect(row.agent).toBe(''); // nobody's
      if (row.queue === queue) addCounts(total, row.counts);
    }
    return total;
  };
  expect(of(from)).toMatchObject({ entered: 1, ended: 1, transferred: 1, answered: 0 });
  expect(of(to)).toMatchObject({ entered: 1, ended: 0, transferred: 0 });
  expect(passes.get(first)).toMatchObject({ ending: 'transferred', next: second });
});

const newItem = (): WorkItemId => WorkItemId.parse(newId());

test('Tally counts a contact for whoever owns it, and who takes part is busy', () => {
  const [one, two] = AGENTS as [AgentId, AgentId];
  const [queue] = QUEUES as [QueueId];
  const item = WorkItemId.parse(newId());
  const [s1, s2] = [SegmentId.parse(newId()), SegmentId.parse(newId())];
  const station = 'a';
  const events: [number, DirectorRecord['body']][] = [
    [0, { type: 'agent-logged-in', agent: two, station, channels: ['web-chat'] }],
    [
      0,
      {
        type: 'work-item-entered',
        item,
        conversation: ConversationId.parse(newId()),
        interaction: InteractionId.parse(newId()),
        channel: 'web-chat',
        queue,
        priority: 5,
        enteredAt: START,
      },
    ],
    [10, { type: 'work-item-accepted', item, agent: one, queue, segment: s1, offer: 1 }],
    [20, { type: 'participant-joined', item, agent: two, role: 'consulted', segment: s2 }],
    [30, { type: 'segment-ended', item, agent: one, segment: s1, ending: 'left' }],
    [30, { type: 'owner-changed', item, from: one, agent: two, segment: s2 }],
    [50, { type: 'segment-ended', item, agent: two, segment: s2, ending: 'closed' }],
    [50, { type: 'work-item-closed', item, queue, ending: 'handled', by: two }],
  ];
  const records = events.map(([seconds, body], index) => ({
    position: index + 1,
    at: START + seconds * 1_000,
    body,
  }));
  const tally = new Tally(NOTHING_LIVE);
  const early = tally.take(records.slice(0, 4));
  expect(tally.agent(two)?.activity).toBe('busy');
  const late = tally.take(records.slice(4));
  expect(tally.agent(two)?.activity).toBe('not-ready');
  const counts = sum([early, late], intervalOf(START), intervalOf(START) + INTERVAL);
  expect(counts).toMatchObject({ answered: 1, handled: 2, handleTime: 40_000 });
});
