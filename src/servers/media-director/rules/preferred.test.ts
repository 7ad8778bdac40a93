import { describe, expect, test } from 'vitest';
import { seconds } from '#base/time.ts';
import { agentId, chats, codeId, RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

const ONE = agentId('agent-1');
const TWO = agentId('agent-2');
const LUNCH = { state: 'not-ready', reason: codeId('lunch') } as const;

const centre = (): RuleCentre =>
  new RuleCentre({
    agent: { 'agent-1': chats(1), 'agent-2': chats(1), 'agent-3': chats(1) },
    queue: { sales: { preferredWait: seconds(30) } },
    code: { lunch: { use: 'not-ready' } },
  });

/** Everybody is ready, and the first agent is busy. */
function withOneBusy(): RuleCentre {
  const rules = centre();
  rules.ready('agent-1');
  rules.accept(rules.submit());
  rules.ready('agent-2', 'agent-3');
  return rules;
}

const choiceOf = (rules: RuleCentre) => {
  const body = rules.journal.findLast((r) => r.body.type === 'work-item-offered')?.body;
  return body?.type === 'work-item-offered' ? { agent: body.agent, rule: body.choice.rule } : {};
};

describe('a preferred agent', () => {
  test('is waited for while they are there and busy, and has it when they are free', () => {
    const rules = withOneBusy();
    const [busyWith] = rules.state.centre.items.keys();
    const item = rules.submit({ preferredAgent: ONE });
    expect(rules.item(item).state).toBe('queued');
    const other = rules.submit();
    expect(rules.agentOf(other)).toBe('agent-2'); // nobody else is held up
    rules.after(seconds(10)).close(busyWith!);
    expect(choiceOf(rules)).toEqual({ agent: 'agent-1', rule: 'preferred-agent' });
  });

  test('is not waited for longer than that: then everybody may have it', () => {
    const rules = withOneBusy();
    const item = rules.submit({ preferredAgent: ONE });
    const due = dueOfItem(rules.state, rules.item(item), rules.now).find((d) =>
      d.key.startsWith('preference'),
    );
    rules.now = due!.at;
    rules.run(due!.command.name, due!.command.params);
    expect(rules.agentOf(item)).toBe('agent-2');
  });

  test('R01: is not waited for at all when away, not ready, or logged out', () => {
    const ways: ((rules: RuleCentre) => void)[] = [
      (rules) => rules.run('agentVanished', { agent: ONE }),
      (rules) => rules.run('setReadiness', { agent: ONE, readiness: LUNCH }),
      (rules) => rules.run('logOut', { agent: ONE, by: TWO }),
    ];
    for (const leave of ways) {
      const before = withOneBusy();
      leave(before);
      expect(before.agentOf(before.submit({ preferredAgent: ONE }))).not.toBe(ONE);

      const meanwhile = withOneBusy();
      const item = meanwhile.submit({ preferredAgent: ONE });
      leave(meanwhile);
      expect(meanwhile.item(item).state).toBe('offered');
      expect(meanwhile.agentOf(item)).not.toBe(ONE);
    }
  });

  test('who did not want it is not waited for', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit({ preferredAgent: ONE });
    rules.decline(item);
    expect(rules.agentOf(item)).toBe('agent-2');
  });

  test('comes before the owner of the account, who comes before everybody else', () => {
    const rules = centre();
    rules.ready('agent-3', 'agent-2', 'agent-1');
    rules.submit({ preferredAgent: ONE, accountOwner: TWO });
    expect(choiceOf(rules)).toEqual({ agent: 'agent-1', rule: 'preferred-agent' });
    rules.submit({ preferredAgent: agentId('nobody'), accountOwner: TWO });
    expect(choiceOf(rules)).toEqual({ agent: 'agent-2', rule: 'account-owner' });
  });

  test('work waits for either of the two, and the one who is free first has it', () => {
    const rules = withOneBusy();
    const [busyWith] = rules.state.centre.items.keys();
    const second = rules.submit();
    rules.accept(second);
    expect(rules.agentOf(second)).toBe('agent-2');
    const item = rules.submit({ preferredAgent: ONE, accountOwner: TWO });
    expect(rules.item(item).state).toBe('queued');
    rules.close(second);
    expect(choiceOf(rules)).toEqual({ agent: 'agent-2', rule: 'account-owner' });
    expect(rules.item(busyWith!).state).toBe('accepted');
  });
});
