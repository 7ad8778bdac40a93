import { describe, expect, test } from 'vitest';
import type { AgentId, WorkItemId } from '#domain/ids.ts';
import type { Place } from '#domain/work-item/event.ts';
import { dueOfItem } from './by-the-clock.ts';
import {
  agentId,
  chats,
  codeId,
  newItemId,
  POLICY,
  queueId,
  RuleCentre,
} from '../testing/centre.ts';

const [ONE, TWO, THREE] = [agentId('agent-1'), agentId('agent-2'), agentId('agent-3')] as const;
const FOUR = agentId('agent-4');
const HELP = queueId('help');
const NOT_READY = { state: 'not-ready', reason: codeId('lunch') } as const;

/** Agent 1 owns a chat that began to wait at 7; agent 2 is there, agent 3 serves the queue "help" alone. */
function conversation(submitted: { readonly serviceObjective?: number } = {}) {
  const rules = new RuleCentre({
    agent: { 'agent-1': chats(1), 'agent-2': chats(2), 'agent-3': chats(1) },
    queue: {
      sales: { serves: { type: 'listed', agents: ['agent-1', 'agent-2'] } },
      help: { serves: { type: 'listed', agents: ['agent-3'] } },
    },
    code: { lunch: { use: 'not-ready' } },
  });
  rules.ready('agent-1');
  const item = rules.submit({ enteredAt: 7, ...submitted });
  rules.accept(item);
  rules.ready('agent-2', 'agent-3');
  return { rules, item };
}

const setNotReady = (rules: RuleCentre, agent: AgentId): void =>
  void rules.run('setReadiness', { agent, readiness: NOT_READY });

function transfer(rules: RuleCentre, item: WorkItemId, target: Place, ifRefused?: Place) {
  const to = newItemId();
  rules.run('transfer', { item, agent: ONE, target, to, ifRefused });
  return to;
}

/** The pass that a work item's passes have come to. */
function lastOf(rules: RuleCentre, item: WorkItemId): WorkItemId {
  const { to } = rules.state.endings.get(item) ?? {};
  return to ? lastOf(rules, to) : item;
}

test('work that has an objective of its own keeps it in another queue', () => {
  const { rules, item } = conversation({ serviceObjective: 600_000 });
  const to = transfer(rules, item, { queue: HELP });
  expect(rules.item(to)).toMatchObject({ queue: HELP, serviceObjective: 600_000 });
});

describe('a transfer to an agent who does not take it', () => {
  test.each<[string, (rules: RuleCentre, to: WorkItemId) => void]>([
    ['declines', (rules, to) => rules.decline(to)],
    ['does not answer', (rules, to) => rules.after(20_000).expire(to)],
    ['vanishes', (rules) => rules.run('agentVanished', { agent: TWO })],
    ['is logged out', (rules) => rules.run('logOut', { agent: TWO, by: agentId('supervisor-1') })],
  ])('who %s returns to the named place, with its age', (_, act) => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO }, { queue: HELP });
    expect(rules.item(to)).toMatchObject({ state: 'offered', agent: TWO });
    act(rules, to);
    const next = rules.item(lastOf(rules, to));
    expect(next).toMatchObject({ queue: HELP, enteredAt: 7, agent: THREE, state: 'offered' });
    expect(rules.state.endings.get(to)).toMatchObject({ ending: 'transferred' });
    const moved = rules.journal.findLast((r) => r.body.type === 'work-item-transferred');
    expect(moved?.body).toMatchObject({ item: to, cause: 'refused', queue: HELP });
  });

  test('returns to who transferred it where no place was named', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO });
    rules.decline(to);
    expect(rules.item(lastOf(rules, to))).toMatchObject({ agent: ONE, preferredAgent: ONE });
  });

  test('and is away already goes to the named place at once', () => {
    const { rules, item } = conversation();
    rules.run('agentVanished', { agent: TWO });
    const to = transfer(rules, item, { agent: TWO }, { queue: HELP });
    expect(rules.item(to)).toMatchObject({ queue: HELP, agent: THREE });
  });

  test('who declines is not offered it again while it rests, though it comes back to their queue', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO }, { queue: queueId('sales') });
    setNotReady(rules, ONE);
    rules.decline(to);
    const next = lastOf(rules, to);
    expect(rules.item(next)).toMatchObject({ state: 'queued', returns: [{ agent: TWO }] });
    rules.after(5_000).run('restOver', { item: next, agent: TWO });
    expect(rules.agentOf(next)).toBe(TWO);
  });

  test('others who could have it come before whoever declined it', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO }, { queue: queueId('sales') });
    rules.after(POLICY.restAfterReturn);
    rules.decline(to);
    expect(rules.agentOf(lastOf(rules, to))).toBe(ONE);
  });

  test('keeps what a supervisor decided and its place where it stays in its queue', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO });
    rules.run('reorder', { item: to, tier: 1, by: THREE });
    const { queuedAt, serviceLevelDeadline } = rules.item(to);
    rules.after(19_000).decline(to);
    const next = rules.item(lastOf(rules, to));
    expect(next).toMatchObject({ tier: 1, queuedAt, serviceLevelDeadline });
  });

  test('and is waited for longer than anybody may wait sends it to the named place', () => {
    const { rules, item } = conversation();
    const serves = { type: 'listed', agents: ['agent-1', 'agent-2'] };
    const limits = { longestWait: 60_000 };
    rules.configure({ queue: { sales: { serves, limits, overflow: 'help' } } });
    rules.accept(rules.submit());
    rules.accept(rules.submit());
    const to = transfer(rules, item, { agent: TWO }, { agent: ONE });
    expect(rules.item(to)).toMatchObject({ state: 'queued', onlyAgent: TWO });
    rules.after(60_000).run('waitedTooLong', { item: to });
    expect(rules.item(lastOf(rules, to))).toMatchObject({ queue: 'sales', agent: ONE });
  });

  test('twice declined has the effect of once', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO });
    const { offer = 0 } = rules.item(to);
    rules.decline(to);
    const { position } = rules.state;
    rules.run('decline', { item: to, agent: TWO, offer });
    expect(rules.state.position).toBe(position);
  });

  test('but rings elsewhere afterwards does not go back once more', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO });
    rules.decline(to);
    const back = lastOf(rules, to);
    rules.decline(back);
    expect(lastOf(rules, back)).toBe(back);
  });
});

test('R13: a transfer to a queue frees the old owner in the same step', () => {
  const { rules, item } = conversation();
  const before = rules.state.position;
  const to = transfer(rules, item, { queue: HELP });
  expect(rules.types(before).slice(0, 4)).toEqual([
    'segment-ended',
    'work-item-transferred',
    'work-item-entered',
    'work-item-offered',
  ]);
  expect(rules.agentOf(to)).toBe(THREE);
  expect(rules.state.workOf(ONE)).toEqual([]);
});

describe('a consulted transfer', () => {
  const consult = () => {
    const { rules, item } = conversation();
    const ask = { item, agent: ONE, colleague: TWO, role: 'consulted' } as const;
    const { participant } = rules.run('invite', ask);
    const { invitation = 0 } = participant;
    return { rules, item, invited: { item, agent: TWO, invitation } };
  };

  test('G01: completes at once, as a pass of its own with the age of the first', () => {
    const { rules, item, invited } = consult();
    rules.run('answerInvitation', { ...invited, answer: 'accept' });
    const before = rules.state.position;
    const to = transfer(rules, item, { agent: TWO });
    expect(rules.item(to)).toMatchObject({ state: 'accepted', agent: TWO, enteredAt: 7 });
    expect(rules.types(before)).toEqual([
      'participant-left',
      'segment-ended',
      'work-item-transferred',
      'work-item-entered',
      'work-item-offered',
      'offer-ended',
      'work-item-accepted',
    ]);
    expect(Object.fromEntries(rules.state.centre.contacts)).toEqual({ [TWO]: 1 });
    expect(rules.run('transfer', { item, agent: ONE, target: { agent: TWO }, to })).toEqual({
      item: to,
    });
  });

  test('while the colleague has not answered yet is a blind one', () => {
    const { rules, item, invited } = consult();
    const to = transfer(rules, item, { agent: TWO });
    expect(rules.item(to)).toMatchObject({ state: 'offered', agent: TWO });
    expect(rules.types()).toContain('invitation-ended');
    rules.run('answerInvitation', { ...invited, answer: 'decline' });
    expect(rules.item(to).state).toBe('offered');
  });
});

describe('whom a transfer was to go to', () => {
  test('does not matter once somebody has it', () => {
    const { rules, item } = conversation();
    const to = transfer(rules, item, { agent: TWO }, { queue: HELP });
    rules.accept(to);
    expect(rules.item(to)).toMatchObject({ onlyAgent: undefined, ifRefused: undefined });
  });

  test('does not matter once a supervisor gives it to somebody else: their no is their own', () => {
    const { rules, item } = conversation();
    rules.accept(rules.submit());
    rules.accept(rules.submit());
    const to = transfer(rules, item, { agent: TWO }, { queue: HELP });
    rules.run('assign', { item: to, agent: THREE, by: agentId('supervisor-1') });
    rules.decline(to);
    expect(rules.item(to)).toMatchObject({ onlyAgent: undefined, ifRefused: undefined });
  });
});

test('R05: a supervisor assigns to nobody who is away, and rings where nothing rings', () => {
  const { rules } = conversation();
  for (const busy of [rules.submit(), rules.submit()]) rules.accept(busy);
  const [one, two] = [rules.submit(), rules.submit()];
  const assign = (item: WorkItemId) => () =>
    rules.run('assign', { item, agent: FOUR, by: agentId('supervisor-1') });
  rules.configure({ agent: { 'agent-4': chats(3) } });
  rules.run('logIn', { agent: FOUR, station: 'fourth' });
  assign(one)();
  expect(assign(two)).toThrow('rings');
  rules.decline(one);
  rules.run('agentVanished', { agent: FOUR });
  expect(assign(two)).toThrow('browser is gone');
});

describe('a transfer to a busy agent waits for them', () => {
  /** Agent 2 has as much as they can, and a transfer waits for them. */
  const waiting = (ifRefused?: Place) => {
    const { rules, item } = conversation();
    for (const busy of [rules.submit(), rules.submit()]) rules.accept(busy);
    const to = transfer(rules, item, { agent: TWO }, ifRefused);
    expect(rules.item(to)).toMatchObject({ state: 'queued', onlyAgent: TWO });
    return { rules, to };
  };

  test('for so long as its queue says, then it goes to the named place', () => {
    const { rules, to } = waiting({ queue: HELP });
    const due = dueOfItem(rules.state, rules.item(to), rules.now).map((d) => [d.key, d.at]);
    expect(due).toContainEqual([`transfer ${to}`, rules.now + 60_000]);
    rules.after(60_000).run('transferWaitOver', { item: to });
    expect(rules.item(lastOf(rules, to))).toMatchObject({ queue: HELP, agent: THREE });
  });

  test('and where a supervisor named no place, anybody may have it then', () => {
    const { rules, to } = waiting();
    const [next, by] = [newItemId(), agentId('supervisor-1')];
    rules.run('transfer', { item: to, agent: by, by, target: { agent: TWO }, to: next });
    expect(rules.item(next)).toMatchObject({ onlyAgent: TWO, ifRefused: undefined });
    rules.after(60_000).run('transferWaitOver', { item: next });
    const last = rules.item(lastOf(rules, next));
    expect(last).toMatchObject({ state: 'offered', agent: ONE, preferredAgent: TWO });
  });

  test.each<[string, (rules: RuleCentre) => void]>([
    ['vanishes', (rules) => rules.run('agentVanished', { agent: TWO })],
    ['wants to be not ready', (rules) => setNotReady(rules, TWO)],
    ['loses the channel', (rules) => rules.configure({ agent: { 'agent-2': chats(0) } })],
    [
      'may not have the channel any more, nor anybody',
      (rules) =>
        rules.configure({
          organisation: { main: { routing: { mostPerAgent: { 'web-chat': 0 } } } },
        }),
    ],
    [
      'has a device that fails',
      (rules) =>
        rules.run('reportDevice', { agent: TWO, channel: 'web-chat', fault: codeId('broken') }),
    ],
  ])('but who %s is not waited for', (_, act) => {
    const { rules, to } = waiting({ queue: HELP });
    act(rules);
    expect(rules.item(lastOf(rules, to))).toMatchObject({ queue: HELP, onlyAgent: undefined });
  });
});

test('A transfer to a colleague who is not ready does not wait for them', () => {
  const { rules, item } = conversation();
  setNotReady(rules, TWO);
  const to = transfer(rules, item, { agent: TWO }, { queue: HELP });
  expect(rules.item(to)).toMatchObject({ queue: HELP, agent: THREE });
});
