import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { minutes, seconds } from '#base/time.ts';
import { SkillId, type WorkItemId } from '#domain/ids.ts';
import { agentId, chats, newItemId, queueId, RuleCentre } from '../testing/centre.ts';
import { placeInLine } from './place-in-line.ts';

const SALES = queueId('sales');
const LIMITED = {
  agent: { 'agent-1': chats(1) },
  queue: { sales: { limits: { waiting: 2 }, tier: 3, preferredWait: seconds(30) } },
};

function keepPlace(centre: RuleCentre, item: WorkItemId): WorkItemId {
  const to = newItemId();
  centre.run('keepPlace', { item, to });
  return to;
}

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

test('keepPlace() goes on in the same place: age, time in the queue, urgency and wishes are the same', () => {
  const centre = new RuleCentre(LIMITED);
  const requirements = [
    {
      requirement: { must: { type: 'skill' as const, skill: SkillId.parse('french'), level: 1 } },
      after: 0,
    },
    { requirement: {}, after: minutes(2) },
  ];
  const first = centre.submit({ enteredAt: 5, priority: 1, requirements });
  const second = centre.submit({ priority: 1 });
  const before = centre.item(first);
  const to = keepPlace(centre.after(minutes(1)), first);
  expect(centre.item(to)).toEqual({
    ...before,
    id: to,
    since: centre.now,
    callback: true,
  });
  expect([to, second].map((id) => placeInLine(centre.state, id))).toEqual([1, 2]);
  expect(centre.journal.find(({ body }) => body.type === 'work-item-transferred')?.body).toEqual({
    type: 'work-item-transferred',
    item: first,
    to,
    queue: 'sales',
    cause: 'callback',
  });
  expect(centre.state.liveWaiting.in(SALES)).toBe(1); // nobody is at the other end of it
});

test('keepPlace() takes back an offer that rings, and is too late once somebody has accepted', () => {
  const centre = new RuleCentre(LIMITED);
  centre.ready('agent-1');
  const ringing = centre.submit();
  const to = keepPlace(centre, ringing);
  expect(centre.agentOf(to)).toBe('agent-1'); // offered again, as what it is now
  centre.accept(to);
  expect(codeOf(() => keepPlace(centre, to))).toBe('wrong-state');
});

test('keepPlace() does not count an answer that is late already for a second time', () => {
  const centre = new RuleCentre(LIMITED);
  const late = centre.submit();
  centre.run('serviceLevelPassed', { item: late });
  expect(centre.item(keepPlace(centre, late)).serviceLevelDeadline).toBeUndefined();
});

test('a callback ends when its customer calls by themselves, but not by their leaving the line', () => {
  const centre = new RuleCentre(LIMITED);
  const to = keepPlace(centre, centre.submit());
  expect(centre.run('abandon', { item: to })).toEqual({ abandoned: false });
  expect(centre.run('cancelCallback', { item: to })).toEqual({ cancelled: true });
  expect(centre.run('cancelCallback', { item: to })).toEqual({ cancelled: true });
  const waiting = centre.submit();
  expect(centre.run('cancelCallback', { item: waiting })).toEqual({ cancelled: false });
  centre.ready('agent-1');
  centre.accept(waiting);
  const late = keepPlace(centre, centre.submit());
  centre.close(waiting);
  centre.accept(late);
  expect(centre.run('cancelCallback', { item: late })).toEqual({ cancelled: false });
  expect(centre.item(late)).toMatchObject({ state: 'accepted', agent: agentId('agent-1') });
});
