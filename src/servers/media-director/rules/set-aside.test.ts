import { describe, expect, test } from 'vitest';
import { hours, minutes } from '#base/time.ts';
import type { SkillId, WorkItemId } from '#domain/ids.ts';
import { agentId, chats, RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

const [ONE, SUPERVISOR] = [agentId('agent-1'), agentId('supervisor-1')] as const;
const SKILL = 'french' as SkillId;

const centre = (): RuleCentre =>
  new RuleCentre({
    skill: { french: {} },
    agent: { 'agent-1': { ...chats(1), skills: { french: 9 } }, 'agent-2': chats(1) },
    queue: {
      sales: {
        preferredWait: minutes(5),
        limits: { longestWait: minutes(10) },
        overflow: 'backup',
        requirements: [
          { requirement: { must: { type: 'skill', skill: SKILL, atLeast: 5 } }, after: 0 },
          { requirement: {}, after: minutes(2) },
        ],
      },
      backup: { serves: { type: 'listed', agents: [] } },
    },
  });

/** Agent 1 has had it, has another since, and agent 2 is there too. */
function hadByOne(rules: RuleCentre): { item: WorkItemId; other: WorkItemId } {
  rules.ready('agent-1');
  const item = rules.submit();
  rules.accept(item);
  rules.run('park', { item, agent: ONE, until: rules.now + hours(24) });
  const other = rules.submit();
  rules.accept(other);
  rules.after(hours(24)).ready('agent-2');
  return { item, other };
}

const dueIn = (rules: RuleCentre, item: WorkItemId) =>
  Object.fromEntries(
    dueOfItem(rules.state, rules.item(item), rules.now).map((due) => [
      due.command.name,
      due.at - rules.now,
    ]),
  );

describe('what somebody had begins its wait anew when it is back in its queue, its age kept', () => {
  const WAYS: readonly [string, (rules: RuleCentre, item: WorkItemId) => void][] = [
    ['the date has come', (rules, item) => rules.run('wakeDue', { item })],
    ['the customer writes', (rules, item) => rules.run('customerWrote', { item })],
    ['a supervisor wakes it', (rules, item) => rules.run('wake', { item, by: SUPERVISOR })],
  ];

  test.each(WAYS)('R24: parked for a day, until %s', (_, comesBack) => {
    const rules = centre();
    const { item, other } = hadByOne(rules);
    const { enteredAt, queuedAt } = rules.item(item);
    comesBack(rules, item);
    expect(rules.item(item)).toMatchObject({
      state: 'queued',
      enteredAt,
      queuedAt,
      preferredAgent: ONE,
    });
    expect(rules.item(item).step ?? 0).toBe(0);
    expect(dueIn(rules, item)).toEqual({
      requirementDue: minutes(2),
      preferenceOver: minutes(5),
      waitedTooLong: minutes(10),
    });
    rules.after(minutes(2)).run('requirementDue', { item });
    expect(rules.item(item).state).toBe('queued'); // agent 2 could, and agent 1 is waited for
    rules.close(other);
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('a long contact whose agent vanished', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit();
    rules.accept(item);
    rules.after(hours(2)).run('agentVanished', { agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'queued' });
    expect(dueIn(rules, item)).toEqual({
      requirementDue: minutes(2),
      preferenceOver: minutes(5),
      waitedTooLong: minutes(10),
    });
  });

  test('but an offer that nobody took is part of its wait', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.after(minutes(1)).decline(item);
    expect(dueIn(rules, item)).toMatchObject({ waitedTooLong: minutes(9) - 1 });
  });
});
