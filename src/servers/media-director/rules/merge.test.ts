import { describe, expect, test } from 'vitest';
import { minutes } from '#base/time.ts';
import { ContactId, type WorkItemId } from '#domain/ids.ts';
import { newId } from '#base/id.ts';
import { agentId, newItemId, queueId, RuleCentre } from '../testing/centre.ts';
import { codeOf } from '../testing/refusals.ts';
import { dueOfItem } from './by-the-clock.ts';

const [ONE, TWO] = [agentId('agent-1'), agentId('agent-2')] as const;
const SUPERVISOR = agentId('supervisor-1');

/** Agent 1 owns a task; another waits. */
function tasks() {
  const rules = new RuleCentre({
    agent: {
      'agent-1': { capacity: { task: 1, 'web-chat': 2 } },
      'agent-2': { capacity: { task: 1 } },
    },
    queue: {
      sales: { serviceLevel: { threshold: 60_000, target: 80 } },
      help: { serves: { type: 'listed', agents: [] } },
    },
  });
  rules.ready('agent-1');
  const owned = rules.submit({ channel: 'task' });
  rules.accept(owned);
  const waiting = rules.submit({ channel: 'task' });
  return { rules, owned, waiting };
}

describe('merge()', () => {
  test('S11: ends an item with all that was to fall due for it', () => {
    const { rules, owned, waiting } = tasks();
    expect(dueOfItem(rules.state, rules.item(waiting), rules.now)).not.toEqual([]);
    rules.run('merge', { item: waiting, into: owned, agent: ONE });
    rules.run('merge', { item: waiting, into: owned, agent: ONE });
    expect(rules.state.item(waiting)).toBeUndefined();
    expect(rules.state.endings.get(waiting)).toMatchObject({ ending: 'merged', to: owned });
    const { position } = rules.state;
    rules.after(minutes(2)).run('serviceLevelPassed', { item: waiting });
    expect(rules.state.position).toBe(position);
  });

  test('of what the agent has into what waits frees them', () => {
    const { rules, owned, waiting } = tasks();
    rules.run('merge', { item: owned, into: waiting, agent: ONE });
    expect(rules.types()).toContain('work-item-merged');
    expect(rules.item(waiting)).toMatchObject({ state: 'offered', agent: ONE });
    expect(rules.state.centre.contacts.size).toBe(0);
  });

  test('is refused where the two do not belong together', () => {
    const { rules, owned, waiting } = tasks();
    const merge = (item: WorkItemId, into: WorkItemId, agent = ONE, by?: typeof ONE) =>
      codeOf(() => rules.run('merge', { item, into, agent, by }));
    expect(merge(owned, owned)).toBe('cannot-merge');
    expect(merge(newItemId(), owned)).toBe('unknown-item');
    expect(merge(owned, newItemId())).toBe('unknown-item');
    expect(merge(waiting, owned, TWO)).toBe('not-yours');
    const [one, other] = [0, 1].map(() => ContactId.parse(newId()));
    const ofOne = rules.submit({ channel: 'task', contact: one });
    const ofOther = rules.submit({ channel: 'task', contact: other });
    expect(merge(ofOne, ofOther, ONE)).toBe('not-yours');
    expect(merge(ofOne, ofOther, ONE, SUPERVISOR)).toBe('cannot-merge');
    const chat = rules.submit();
    rules.accept(chat);
    const another = rules.submit();
    expect(merge(chat, owned)).toBe('cannot-merge');
    rules.accept(another);
    expect(merge(chat, another)).toBe('live-contact');
  });
});

describe('split()', () => {
  test('gives a second matter a pass of its own, once however often it is asked', () => {
    const { rules, owned } = tasks();
    rules.after(5_000);
    const to = newItemId();
    const split = () => rules.run('split', { item: owned, agent: ONE, to, queue: queueId('help') });
    expect(split()).toEqual({ item: to });
    expect(split()).toEqual({ item: to });
    const first = rules.item(owned);
    expect(first).toMatchObject({ state: 'accepted', agent: ONE });
    expect(rules.item(to)).toMatchObject({
      queue: 'help',
      splitFrom: owned,
      conversation: first.conversation,
      interaction: first.interaction,
      enteredAt: rules.now,
    });
  });

  test('is for the owner alone, and not for a customer who is there', () => {
    const { rules, owned, waiting } = tasks();
    const split = (item: WorkItemId, agent = ONE, to = newItemId()) =>
      codeOf(() => rules.run('split', { item, agent, to }));
    expect(split(owned, TWO)).toBe('not-yours');
    expect(split(waiting)).toBe('wrong-state');
    expect(split(owned, ONE, waiting)).toBe('wrong-state');
    rules.run('forceClose', { item: waiting, by: SUPERVISOR });
    expect(split(owned, ONE, waiting)).toBe('wrong-state');
    const second = newItemId();
    expect(split(owned, ONE, second)).toBe('done');
    rules.run('forceClose', { item: second, by: SUPERVISOR });
    expect(split(owned, ONE, second)).toBe('done');
    const chat = rules.submit();
    rules.accept(chat);
    expect(split(chat)).toBe('live-contact');
  });
});

test('reorder() moves an item within its line, once however often it is asked', () => {
  const { rules, waiting } = tasks();
  const later = rules.submit({ channel: 'task' });
  const params = { item: later, priority: 0, by: SUPERVISOR };
  rules.run('reorder', params);
  rules.run('reorder', params);
  expect(rules.types().filter((type) => type === 'work-item-reordered')).toHaveLength(1);
  rules.ready('agent-2');
  expect(rules.agentOf(later)).toBe(TWO);
  expect(rules.item(waiting).state).toBe('queued');
});

test('merge() by a supervisor takes an offer back that rings', () => {
  const { rules, owned, waiting } = tasks();
  rules.ready('agent-2');
  expect(rules.item(waiting)).toMatchObject({ state: 'offered', agent: TWO });
  const merge = (by?: typeof ONE) =>
    codeOf(() => rules.run('merge', { item: waiting, into: owned, agent: ONE, by }));
  expect(merge()).toBe('wrong-state');
  expect(merge(SUPERVISOR)).toBe('done');
  expect(rules.types().slice(-2)).toEqual(['offer-ended', 'work-item-merged']);
});
