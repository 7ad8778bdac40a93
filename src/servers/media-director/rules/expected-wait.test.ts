import { expect, test } from 'vitest';
import { minutes } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { chats, queueId, RuleCentre } from '../testing/centre.ts';
import { expectationOf, waitInQueue } from './expected-wait.ts';

const SALES = { queue: queueId('sales'), channel: 'web-chat' } as const;

/** One agent who answers a contact every minute, and a line that never gets shorter. */
function lineOf(length: number, answers: number): RuleCentre {
  const centre = new RuleCentre({ agent: { 'agent-1': chats(1) }, queue: { sales: {} } });
  for (let n = 0; n < length; n++) centre.submit();
  centre.ready('agent-1');
  for (let n = 0; n < answers; n++) {
    const item = [...centre.state.centre.items.values()].find((i) => i.state === 'offered');
    if (!item) throw new Error('Nobody is offered anything');
    centre.accept(item.id);
    centre.submit();
    centre.after(minutes(1)).close(item.id);
  }
  return centre;
}

const waiting = (centre: RuleCentre): WorkItemId[] =>
  [...centre.state.waiting.line(SALES.queue, SALES.channel)].map(({ id }) => id);

const entered = (centre: RuleCentre, id: WorkItemId) => {
  const found = centre.journal.find(
    (r) => r.body.type === 'work-item-entered' && r.body.item === id,
  );
  return found?.body.type === 'work-item-entered' ? found.body : undefined;
};

test('nobody is told anything while nothing is known, or while somebody is free for them', () => {
  const centre = new RuleCentre({ agent: { 'agent-1': chats(1) }, queue: { sales: {} } });
  const first = centre.submit();
  expect(expectationOf(centre.state, first, centre.now)).toEqual({ place: 1, wait: undefined });
  expect(waitInQueue(centre.state, SALES, centre.now)).toBeUndefined();
  centre.run('abandon', { item: first });
  centre.ready('agent-1');
  expect(waitInQueue(centre.state, SALES, centre.now)).toEqual({ least: 0, most: 0 });
  expect(entered(centre, centre.submit())?.estimate).toBeUndefined();
  expect(waitInQueue(centre.state, { ...SALES, queue: queueId('none') }, 0)).toBeUndefined();
});

test('who waits further behind waits longer, and everybody less as the line moves', () => {
  const centre = lineOf(10, 20);
  const items = waiting(centre);
  const told = () => items.map((id) => expectationOf(centre.state, id, centre.now));
  const places = told();
  expect(places.map((e) => e?.place)).toEqual(items.map((_, n) => n + 1));
  const most = places.map((e) => e?.wait?.most ?? 0);
  expect(most).toEqual(most.toSorted((a, b) => a - b));
  const third = places[2]?.wait;
  expect(third?.least).toBeLessThan(minutes(3));
  expect(third?.most).toBeGreaterThan(minutes(3));
  const [first] = items;
  if (first) centre.run('abandon', { item: first });
  expect(told()[2]).toMatchObject({ place: 2, wait: places[1]?.wait });
});

test('the journal says what was told at entry, to whoever waits at the other end', () => {
  const centre = lineOf(10, 20);
  const expected = waitInQueue(centre.state, SALES, centre.now);
  const id = centre.submit();
  expect(entered(centre, id)?.estimate).toEqual(expected);
  expect(centre.item(id).estimate).toEqual(expected);
  expect(entered(centre, centre.submit({ channel: 'task' }))?.estimate).toBeUndefined();
});

test('a contact that comes back after an answer tells nothing of how long anybody waits', () => {
  const centre = lineOf(3, 8);
  const [id] = [...centre.state.centre.items.values()].flatMap((i) =>
    i.state === 'offered' ? [i.id] : [],
  );
  if (!id) throw new Error('Nobody is offered anything');
  centre.accept(id);
  const pace = centre.state.memory.pace(SALES.queue, SALES.channel);
  const { agent } = centre.item(id);
  if (agent) centre.run('park', { item: id, agent, until: centre.now + 1_000 });
  centre.after(minutes(30)).run('wakeDue', { item: id });
  for (const item of centre.state.centre.items.values()) {
    if (item.state === 'offered' && item.id !== id) centre.run('abandon', { item: item.id });
  }
  for (const other of waiting(centre)) if (other !== id) centre.run('abandon', { item: other });
  expect(centre.item(id).state).toBe('offered');
  centre.accept(id);
  expect(centre.state.memory.pace(SALES.queue, SALES.channel)).toEqual(pace);
});
