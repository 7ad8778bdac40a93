import { expect, test } from 'vitest';
import { minutes, seconds, type Instant } from '#base/time.ts';
import type { DirectorRecord } from '#domain/work-item/event.ts';
import { History } from '../insight/history.ts';
import { MemoryArchive } from '../insight/memory-archive.ts';
import { chats, documents, POLICY, RuleCentre, type Documents } from '../testing/centre.ts';
import { COURSES, whatIf, type CourseName } from './what-if.ts';

const CENTRE = {
  organisation: { main: {} },
  agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
  queue: { sales: { serviceLevel: { threshold: seconds(20), target: 80 } } },
  code: { lunch: { use: 'not-ready' } },
};
const FROM: Instant = 3_600_000;

/** An hour in which a contact comes every minute and one agent handles each for 90 s; one in ten leaves after 3 min. */
function busyHour(): RuleCentre {
  const centre = new RuleCentre(CENTRE, FROM - minutes(1));
  centre.run('configurationChanged', {});
  centre.ready('agent-1');
  const open: ReturnType<RuleCentre['submit']>[] = [];
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

async function coursesOf(centre: RuleCentre, wanted: Documents) {
  const records: Record<CourseName, DirectorRecord[]> = {
    'as-it-was': [],
    again: [],
    'with-change': [],
  };
  const result = await whatIf({
    history: new History(new MemoryArchive(centre.journal, documents(CENTRE))),
    policy: POLICY,
    from: FROM,
    to: FROM + minutes(60),
    wanted: documents(wanted),
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
