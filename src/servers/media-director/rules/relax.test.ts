import { describe, expect, test, vi } from 'vitest';
import { seconds } from '#base/time.ts';
import { agentId, chats, RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';
import type { WorkItemId } from '#domain/ids.ts';

const skill = (level: number) => ({ type: 'skill', skill: 'french', level });
const STEPS = [
  { after: 0, requirement: { must: skill(9) } },
  { after: seconds(10), requirement: { must: skill(5) } },
  { after: seconds(60), requirement: {} },
];

const centre = (requirements: object[] = STEPS): RuleCentre =>
  new RuleCentre({
    agent: {
      expert: { ...chats(1), skills: { french: 9 } },
      fluent: { ...chats(1), skills: { french: 6 } },
      novice: chats(1),
    },
    queue: { sales: { requirements } },
  });

/** Lets time pass until something falls due for the item, and does it. */
function letRelax(rules: RuleCentre, id: WorkItemId): void {
  const due = dueOfItem(rules.state, rules.item(id), rules.now).find((d) =>
    d.key.startsWith('relax'),
  );
  if (!due) throw new Error('Cannot wait: nothing falls due');
  rules.now = Math.max(rules.now, due.at);
  rules.run(due.command.name, due.command.params);
}

describe('relaxation', () => {
  test('goes on to the next step at its time from entry into the queue, and to whoever is free for it', () => {
    const rules = centre();
    rules.ready('expert', 'fluent', 'novice');
    const first = rules.submit();
    expect(rules.agentOf(first)).toBe('expert');
    const second = rules.submit();
    expect(rules.item(second)).toMatchObject({ state: 'queued', step: undefined });
    const { queuedAt } = rules.item(second);
    letRelax(rules, second);
    expect(rules.now - queuedAt).toBe(seconds(10));
    expect(rules.item(second)).toMatchObject({ state: 'offered', agent: 'fluent', step: 1 });
    const third = rules.submit();
    letRelax(rules, third);
    letRelax(rules, third);
    expect(rules.item(third)).toMatchObject({ state: 'offered', agent: 'novice', step: 2 });
  });

  test('skips a step that nobody who is logged in can meet, where somebody can meet a later one', () => {
    const rules = centre();
    rules.run('logIn', { agent: agentId('fluent'), station: 'one' }); // not ready: there nevertheless
    const item = rules.submit();
    expect(rules.item(item)).toMatchObject({ state: 'queued', step: 1 });
    expect(rules.types()).toContain('requirement-relaxed');
  });

  test('skips nothing while nobody is there at all, and looks again when somebody comes', () => {
    const rules = centre();
    const item = rules.submit();
    expect(rules.item(item).step).toBeUndefined();
    rules.ready('novice');
    expect(rules.item(item)).toMatchObject({ state: 'offered', agent: 'novice', step: 2 });
  });

  test('looks again when the last who could meet a step logs out', () => {
    const rules = centre();
    rules.ready('expert', 'fluent');
    const busy = rules.submit();
    rules.accept(busy);
    const item = rules.submit();
    expect(rules.item(item).step).toBeUndefined();
    rules.close(busy);
    rules.decline(item); // the expert does not want it, and nobody else may have it
    expect(rules.item(item).state).toBe('queued');
    rules.run('logOut', { agent: agentId('expert') });
    expect(rules.item(item)).toMatchObject({ state: 'offered', agent: 'fluent', step: 1 });
  });

  test('looks again for what waits for a preferred agent, who was the last', () => {
    const rules = centre();
    rules.configure({ queue: { sales: { requirements: STEPS, preferredWait: seconds(60) } } });
    rules.ready('expert', 'fluent');
    rules.submit();
    const item = rules.submit({ preferredAgent: agentId('expert') });
    expect(rules.item(item)).toMatchObject({ state: 'queued', step: undefined });
    rules.run('logOut', { agent: agentId('expert'), by: agentId('supervisor-1') });
    expect(rules.item(item).step).toBe(1);
  });

  test('looks again when the configuration takes a skill away', () => {
    const rules = centre();
    rules.ready('expert', 'fluent');
    rules.accept(rules.submit());
    const item = rules.submit();
    rules.configure({ agent: { expert: { ...chats(1), skills: { french: 2 } } } });
    expect(rules.item(item)).toMatchObject({ state: 'offered', agent: 'fluent', step: 1 });
  });

  test('never goes back: who comes in later is not waited for', () => {
    const rules = centre();
    rules.run('logIn', { agent: agentId('novice'), station: 'one' });
    const item = rules.submit();
    expect(rules.item(item).step).toBe(2);
    rules.ready('expert');
    expect(rules.item(item)).toMatchObject({ agent: 'expert', step: 2 });
    rules.decline(item);
    expect(rules.item(item).step).toBe(2);
  });

  test('counts from entry also for what comes back: it is in the step that its time says', () => {
    const rules = centre();
    rules.ready('expert', 'novice');
    const item = rules.submit();
    rules.after(seconds(61)).decline(item);
    expect(rules.item(item)).toMatchObject({ agent: 'novice', step: 2 });
  });

  test('R17: work whose step nobody free can meet holds up nothing else', () => {
    const rules = centre();
    rules.run('logIn', { agent: agentId('expert'), station: 'one' });
    const hard = rules.submit();
    const easy = rules.submit({ requirements: [{ after: 0, requirement: {} }] });
    rules.ready('novice');
    expect(rules.item(hard).state).toBe('queued');
    expect(rules.agentOf(easy)).toBe('novice');
  });

  test('looks only at what may go on to another step, not at all that somebody could have now', () => {
    const rules = centre();
    for (let n = 0; n < 20; n++) rules.submit({ requirements: [] });
    rules.submit();
    const placed = vi.spyOn(rules.state.waiting, 'add');
    rules.ready('expert');
    rules.run('logIn', { agent: agentId('expert'), station: 'another', takeOver: true });
    rules.run('logOut', { agent: agentId('expert') });
    const one = new Set(placed.mock.calls.map(([{ id }]) => id));
    expect(one.size).toBeLessThanOrEqual(2); // it, and what was offered and came back
  });
});
