import { expect, test } from 'vitest';
import { minutes, seconds } from '#base/time.ts';
import { agentId, chats, codeId, newItemId, queueId, RuleCentre } from '../testing/centre.ts';

const french = (level: number) => ({ must: { type: 'skill', skill: 'french', level } });

const LUNCH = { state: 'not-ready', reason: codeId('lunch') } as const;

const centre = (...ready: string[]): RuleCentre => {
  const made = new RuleCentre({
    code: { lunch: { use: 'not-ready' } },
    skill: { french: {} },
    agent: {
      expert: { ...chats(1), skills: { french: 9 } },
      speaker: { ...chats(1), skills: { french: 3 } },
      learner: { ...chats(1), skills: { french: 1 } },
      other: chats(1),
    },
    queue: {
      sales: {
        preferredWait: minutes(1),
        requirements: [
          { after: 0, requirement: french(8) },
          { after: seconds(30), requirement: french(3) },
          { after: seconds(60), requirement: {} },
        ],
      },
      free: {},
    },
  });
  made.ready(...ready);
  return made;
};

/** Time passes, and the steps that fall due meanwhile are taken. */
function pass(
  rules: RuleCentre,
  milliseconds: number,
  item: Parameters<RuleCentre['item']>[0],
): void {
  rules.after(milliseconds).run('requirementDue', { item });
}

test('Work asks for less as it waits, and whoever can do less has it at once', () => {
  const rules = centre('speaker', 'expert', 'other');
  rules.run('setReadiness', { agent: agentId('expert'), readiness: LUNCH });
  const item = rules.submit();
  pass(rules, seconds(29), item);
  expect(rules.item(item)).toMatchObject({ state: 'queued', step: undefined });
  pass(rules, seconds(1), item);
  expect(rules.item(item)).toMatchObject({ state: 'offered', step: 1, agent: 'speaker' });
});

test('A step that nobody logged in can meet is skipped, and none goes back', () => {
  const rules = centre('speaker');
  const item = rules.submit();
  expect(rules.item(item)).toMatchObject({ state: 'offered', step: 1, agent: 'speaker' });
  rules.decline(item);
  rules.ready('expert');
  expect(rules.item(item)).toMatchObject({ step: 1, agent: 'expert' });
});

test('Where nobody could meet a later step either, it waits as it is for somebody to log in', () => {
  const rules = new RuleCentre({
    agent: { expert: { ...chats(1), skills: { french: 9 } }, other: chats(1) },
    queue: { sales: { requirements: [{ after: 0, requirement: french(8) }] } },
  });
  rules.ready('other');
  const item = rules.submit();
  pass(rules, minutes(10), item);
  expect(rules.item(item)).toMatchObject({ state: 'queued', step: undefined });
  rules.ready('expert');
  expect(rules.agentOf(item)).toBe('expert');
});

test('When the last one leaves who could do it, it asks for less at once', () => {
  const rules = centre('expert', 'speaker');
  rules.accept(rules.submit());
  const item = rules.submit();
  expect(rules.item(item)).toMatchObject({ state: 'queued', step: undefined });
  rules.run('logOut', { agent: agentId('expert'), by: agentId('supervisor') });
  expect(rules.item(item).step).toBe(1);
});

test('So it does while it waits for a preferred agent who leaves', () => {
  const rules = centre('expert', 'speaker');
  rules.submit();
  const item = rules.submit({ preferredAgent: agentId('expert') });
  expect(rules.item(item).state).toBe('queued');
  rules.run('logOut', { agent: agentId('expert'), by: agentId('supervisor') });
  expect(rules.item(item).step).toBe(1);
});

test('Steps are counted from the entry into the queue: a transfer begins anew, with what the other queue asks for', () => {
  const rules = centre('speaker', 'other', 'expert');
  rules.run('setReadiness', { agent: agentId('expert'), readiness: LUNCH });
  const item = rules.submit();
  pass(rules, seconds(30), item);
  rules.accept(item);
  const to = newItemId();
  const agent = agentId('speaker');
  rules.run('transfer', { item, agent, target: { queue: queueId('free') }, to });
  expect(rules.item(to).requirements).toBeUndefined();
  expect(rules.item(to).state).toBe('offered');
});
