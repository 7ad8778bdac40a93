import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { minutes, seconds, type Instant } from '#base/time.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { chats, documents, POLICY, queueId, type Documents } from '../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../testing/deeds.ts';
import { historyFaults } from '../testing/history-faults.ts';
import { KeptCentre } from '../testing/kept-centre.ts';
import { someCentre } from '../testing/some-centre.ts';
import { COURSES, whatIf, type CourseName } from './what-if.ts';

const CENTRE = {
  organisation: { main: {} },
  agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
  queue: { sales: { serviceLevel: { threshold: seconds(20), target: 80 } } },
  code: { lunch: { use: 'not-ready' } },
};
const FROM: Instant = 3_600_000;

/** An hour in which a contact comes every minute and one agent handles each for 90 s; one in ten leaves after 3 min. */
function busyHour(): KeptCentre {
  const centre = new KeptCentre(CENTRE, FROM - minutes(1));
  centre.ready('agent-1');
  const open: ReturnType<KeptCentre['submit']>[] = [];
  let freeAt = FROM;
  for (let at = FROM; at < FROM + minutes(60); at += seconds(1)) {
    centre.now = at;
    if ((at - FROM) % minutes(1) === 0) open.push(centre.submit());
    centre.now = at;
    for (const [n, id] of open.entries()) {
      const item = centre.state.item(id);
      if (item?.state === 'queued' && n % 10 === 9 && at - item.enteredAt >= minutes(3)) {
        centre.run('abandon', { item: id });
      } else if (item?.state === 'offered' && at - item.since >= seconds(2)) {
        centre.accept(id);
        freeAt = at + seconds(90);
      } else if (item?.state === 'accepted' && at >= freeAt) centre.close(id);
    }
  }
  return centre;
}

async function coursesOf(
  centre: KeptCentre,
  wanted: Documents,
  { from, to } = { from: FROM, to: FROM + minutes(60) },
) {
  const records: Record<CourseName, DirectorRecord[]> = {
    'as-it-was': [],
    again: [],
    'with-change': [],
  };
  const result = await whatIf({
    history: centre.history,
    policy: POLICY,
    from,
    to,
    wanted: () => documents(wanted),
    signal: new AbortController().signal,
    begin: () => {},
    each: (course, record) => records[course].push(record),
  });
  return { ...result, records };
}

const count = (records: readonly DirectorRecord[], type: string): number =>
  records.filter(({ body }) => body.type === type).length;

test('whatIf() without a change gives the same arrivals, offers and answers, at the same times', async () => {
  const { records, turnedAway } = await coursesOf(busyHour(), CENTRE);
  const told = new Set(
    ['entered', 'offered', 'accepted', 'closed'].map((what) => `work-item-${what}`),
  );
  const times = (course: CourseName) =>
    records[course].flatMap(({ at, body }) =>
      told.has(body.type) && 'item' in body ? [`${at} ${body.type} ${body.item}`] : [],
    );
  expect(times('again').toSorted()).toEqual(times('as-it-was').toSorted());
  expect(turnedAway).toEqual({ again: 0, 'with-change': 0 });
});

test('whatIf() with one more agent answers more, loses nobody, and says who is new', async () => {
  const more = { ...CENTRE, agent: { ...CENTRE.agent, 'agent-9': chats(1) } };
  const { records, newAgents } = await coursesOf(busyHour(), more);
  expect(newAgents).toEqual(['agent-9']);
  const answered = COURSES.map((course) => count(records[course], 'work-item-accepted'));
  const [before = 0, , after = 0] = answered;
  expect(before).toBeLessThan(45);
  expect(after).toBeGreaterThan(57);
  const left = records['with-change'].filter(
    ({ body }) => body.type === 'work-item-closed' && body.ending === 'abandoned',
  );
  expect(left).toEqual([]);
});

test('whatIf() with an agent less than there was retires them, and everybody leaves or waits', async () => {
  const less = { ...CENTRE, agent: { 'agent-2': chats(1) } };
  const { records, retired } = await coursesOf(busyHour(), less);
  expect(retired).toEqual([{ kind: 'agent', id: 'agent-1' }]);
  expect(count(records['with-change'], 'work-item-accepted')).toBe(0);
  expect(count(records['with-change'], 'work-item-entered')).toBe(60);
});

test('whatIf() takes the time of all queues where nobody of a queue was ever answered', async () => {
  const queues = (support: readonly string[]) => ({
    ...CENTRE,
    agent: { ...CENTRE.agent, 'agent-3': chats(1) },
    queue: { ...CENTRE.queue, support: { serves: { type: 'listed', agents: support } } },
  });
  const centre = new KeptCentre(queues(['agent-3']), FROM);
  centre.ready('agent-1');
  const answered = centre.submit();
  const waiting = centre.submit({ queue: queueId('support') });
  centre.accept(answered);
  centre.now += minutes(2);
  centre.close(answered);
  const { records, isHandlingKnown } = await coursesOf(centre, queues(['agent-1']));
  expect(isHandlingKnown).toBe(true);
  const [accepted, closed] = ['work-item-accepted', 'work-item-closed'].map((type) =>
    records['with-change'].find(
      ({ body }) => body.type === type && 'item' in body && body.item === waiting,
    ),
  );
  expect((closed?.at ?? 0) - (accepted?.at ?? 0)).toBe(minutes(2));
});

test('whatIf() keeps every promise of a journal, and comes out the same each time, whatever had happened', async () => {
  const someLife = fc.record({
    was: someCentre,
    wanted: someCentre,
    deeds: fc.array(someDeed, { minLength: 50, maxLength: 200, size: 'max' }),
    share: fc.integer({ min: 0, max: 60 }),
  });
  let offers = 0;
  const property = fc.asyncProperty(someLife, async ({ was, wanted, deeds, share }) => {
    const centre = new KeptCentre(was);
    const began = centre.now;
    centre.ready(...Object.keys(DEEDS_CENTRE.agent));
    centre.live(deeds);
    const from = began + Math.floor(((centre.now - began) * share) / 100);
    const stretch = { from, to: centre.now + minutes(5) };
    const { records } = await coursesOf(centre, wanted, stretch);
    const before = centre.journal.slice(0, (records['as-it-was'][0]?.position ?? 1) - 1);
    for (const course of ['again', 'with-change'] as const) {
      expect(historyFaults([...before, ...records[course]])).toEqual([]);
      offers += count(records[course], 'work-item-offered');
    }
    const { records: twice } = await coursesOf(centre, wanted, stretch);
    expect(twice).toEqual(records);
  });
  await fc.assert(property, { numRuns: 5, interruptAfterTimeLimit: 20_000 });
  expect(offers).toBeGreaterThan(20); // or nothing was tested
}, 60_000);
