import { expect, test } from 'vitest';
import { minutes, seconds } from '#base/time.ts';
import { agentId, chats, newItemId, queueId, RuleCentre } from '../testing/centre.ts';
import { dueOfQueue } from './brake-over.ts';

const AGENTS = ['agent-1', 'agent-2', 'agent-3', 'agent-4'];
const SALES = queueId('sales');
const SUPERVISOR = agentId('supervisor-1');

/** A morning's backlog in a queue with a brake, and others. */
const braked = (offersPerMinute = 6): RuleCentre =>
  new RuleCentre({
    agent: Object.fromEntries(AGENTS.map((id) => [id, chats(1)])),
    queue: { sales: { offersPerMinute }, support: {} },
  });

const offers = (centre: RuleCentre) =>
  centre.journal.flatMap(({ at, body }) => (body.type === 'work-item-offered' ? [at] : []));

/** Lets time pass until the next offer may go out, and lets it. */
function nextOffer(centre: RuleCentre): void {
  const [due] = dueOfQueue(centre.state, SALES, centre.now);
  if (!due) throw new Error('Nothing is due');
  centre.now = due.at;
  centre.run('brakeOver', { queue: SALES });
}

test('a queue gives its offers one after the other, however many agents are free', () => {
  const centre = braked();
  for (let n = 0; n < 5; n++) centre.submit({ queue: SALES });
  centre.ready(...AGENTS);
  const begin = offers(centre)[0] ?? 0;
  expect(offers(centre)).toEqual([begin]);
  for (let n = 0; n < 3; n++) nextOffer(centre);
  expect(offers(centre)).toEqual([0, 10, 20, 30].map((s) => begin + seconds(s)));
});

test('never more than so many in a minute, also when offers come back at once', () => {
  const centre = braked(4);
  for (let n = 0; n < 30; n++) centre.submit({ queue: SALES });
  centre.ready(...AGENTS);
  for (let n = 0; n < 20; n++) {
    const offered = [...centre.state.centre.items.values()].find((i) => i.state === 'offered');
    if (offered) centre.decline(offered.id);
    nextOffer(centre);
  }
  const times = offers(centre);
  for (const at of times) {
    expect(times.filter((t) => t >= at && t < at + minutes(1)).length).toBeLessThanOrEqual(4);
  }
});

test('R17: work of other queues is not held up by a brake, and whoever comes first is first again', () => {
  const centre = braked();
  const first = centre.submit({ queue: SALES });
  const second = centre.submit({ queue: SALES });
  const other = centre.submit({ queue: queueId('support') });
  centre.ready('agent-1', 'agent-2');
  expect(centre.item(first).state).toBe('offered');
  expect(centre.agentOf(other)).toBe('agent-2');
  centre.ready('agent-3');
  expect(centre.item(second).state).toBe('queued');
  nextOffer(centre);
  expect(centre.agentOf(second)).toBe('agent-3');
});

test('what a supervisor assigns and what is transferred to an agent passes, and does not count', () => {
  const centre = braked();
  const [, second, third] = [1, 2, 3].map(() => centre.submit({ queue: SALES }));
  centre.ready(...AGENTS);
  if (!second || !third) throw new Error('There are three');
  centre.run('assign', { item: second, agent: agentId('agent-2'), by: SUPERVISOR });
  expect(centre.agentOf(second)).toBe('agent-2');
  const to = newItemId();
  const agent = agentId('agent-3');
  centre.run('transfer', { item: third, agent, target: { agent }, to, by: SUPERVISOR });
  expect(centre.agentOf(to)).toBe('agent-3');
  const [due] = dueOfQueue(centre.state, SALES, centre.now);
  expect(due?.at).toBe((offers(centre)[0] ?? 0) + seconds(10));
});

test('a brake that is taken off or a clock that is set back ends the wait', () => {
  const centre = braked();
  const [, second, third] = [1, 2, 3].map(() => centre.submit({ queue: SALES }));
  centre.ready('agent-1', 'agent-2');
  expect(second && centre.item(second).state).toBe('queued');
  centre.configure({ queue: { sales: {} } });
  expect(second && centre.agentOf(second)).toBe('agent-2');
  centre.configure({ queue: { sales: { offersPerMinute: 1 } } });
  centre.now -= minutes(5);
  centre.ready('agent-3');
  expect(third && centre.agentOf(third)).toBe('agent-3');
});

test('the brake is the same after a restart: the memory is a fold of the journal', () => {
  const centre = braked();
  for (let n = 0; n < 3; n++) centre.submit({ queue: SALES });
  centre.ready(...AGENTS);
  expect(centre.state.memory.lastOffer(SALES)).toBe(offers(centre)[0]);
  expect(centre.state.memory.remembered()).toEqual({
    paces: [],
    offers: [{ queue: 'sales', at: offers(centre)[0] }],
  });
});
