import { describe, expect, test } from 'vitest';
import type { WorkItemId } from '#domain/ids.ts';
import { agentId, chats, codeId, newItemId, queueId, RuleCentre } from '../../testing/centre.ts';
import { dueOfItem } from '../by-the-clock.ts';
import { codeOf } from '../../testing/refusals.ts';

const [ONE, TWO, THREE] = [agentId('agent-1'), agentId('agent-2'), agentId('agent-3')] as const;
const WRAPPED = queueId('wrapped');
const LUNCH = codeId('lunch');

/** Agent 1 owns a chat; agents 2 and 3 are there with room for two chats each. */
function conversation(queue = queueId('sales')): { rules: RuleCentre; item: WorkItemId } {
  const rules = new RuleCentre({
    agent: { 'agent-1': chats(2), 'agent-2': chats(2), 'agent-3': chats(2) },
    queue: { sales: {}, wrapped: { wrapUp: { longest: 30_000, codeRequired: false } } },
    code: { lunch: { use: 'not-ready' } },
  });
  rules.ready('agent-1');
  const item = rules.submit({ queue });
  rules.accept(item);
  rules.ready('agent-2', 'agent-3');
  return { rules, item };
}

type Role = 'consulted' | 'conferee';

function invite(rules: RuleCentre, item: WorkItemId, colleague = TWO, role: Role = 'consulted') {
  const { participant } = rules.run('invite', { item, agent: ONE, colleague, role });
  const { invitation = 0 } = participant;
  return { item, agent: colleague, invitation };
}

function bring(rules: RuleCentre, item: WorkItemId, colleague = TWO, role: Role = 'consulted') {
  const invited = invite(rules, item, colleague, role);
  rules.run('answerInvitation', { ...invited, answer: 'accept' });
  rules.now += 1;
}

const contacts = (rules: RuleCentre) => Object.fromEntries(rules.state.centre.contacts);

describe('an invitation', () => {
  test('rings for as long as an offer, and who accepts takes part under a segment of their own', () => {
    const { rules, item } = conversation();
    const invited = invite(rules, item);
    expect(rules.item(item).participants).toMatchObject([
      { agent: TWO, role: 'consulted', deadline: rules.now + 20_000, invitedBy: ONE },
    ]);
    rules.run('answerInvitation', { ...invited, answer: 'accept' });
    rules.run('answerInvitation', { ...invited, answer: 'accept' });
    const [participant] = rules.item(item).participants ?? [];
    expect(participant).toMatchObject({ agent: TWO, segment: expect.any(String) });
    expect(participant?.deadline).toBeUndefined();
    expect(rules.item(item)).toMatchObject({ state: 'accepted', agent: ONE });
    expect(contacts(rules)).toEqual({ [ONE]: 1, [TWO]: 1 });
  });

  test('is numbered in one row with offers', () => {
    const { rules, item } = conversation();
    const { invitation } = invite(rules, item);
    expect(invitation).toBe(2);
    const next = rules.submit();
    expect(rules.item(next).offer).toBe(3);
  });

  test('twice has the effect of once', () => {
    const { rules, item } = conversation();
    const first = invite(rules, item);
    expect(invite(rules, item)).toEqual(first);
    expect(rules.types().filter((type) => type === 'participant-invited')).toHaveLength(1);
  });

  test('holds off offers while it rings, and takes up room once accepted', () => {
    const { rules, item } = conversation();
    rules.run('setReadiness', { agent: ONE, readiness: { state: 'not-ready', reason: LUNCH } });
    rules.run('setReadiness', { agent: THREE, readiness: { state: 'not-ready', reason: LUNCH } });
    const invited = invite(rules, item);
    const waiting = rules.submit();
    expect(rules.item(waiting).state).toBe('queued');
    rules.run('answerInvitation', { ...invited, answer: 'accept' });
    expect(rules.agentOf(waiting)).toBe(TWO);
    rules.accept(waiting);
    expect(rules.item(rules.submit()).state).toBe('queued'); // two contacts: no room for a third
  });

  test('that is declined or runs out leaves the conversation as it was, and the colleague ready', () => {
    const { rules, item } = conversation();
    rules.run('answerInvitation', { ...invite(rules, item), answer: 'decline' });
    expect(rules.item(item).participants).toEqual([]);
    rules.run('invitationExpired', invite(rules, item));
    expect(rules.item(item).participants).toEqual([]);
    expect(rules.state.centre.agents.get(TWO)?.readiness.state).toBe('ready');
    const late = { item, agent: TWO, invitation: 3, answer: 'accept' } as const;
    expect(codeOf(() => rules.run('answerInvitation', late))).toBe('invitation-over');
  });

  test('P08: falls due at its deadline', () => {
    const { rules, item } = conversation();
    invite(rules, item);
    const due = dueOfItem(rules.state, rules.item(item), rules.now);
    const command = due.find((d) => d.at === rules.now + 20_000)?.command;
    rules.after(20_000).run(command?.name ?? 'resumed', command?.params ?? {});
    expect(rules.item(item).participants).toEqual([]);
    expect(rules.journal.at(-1)?.body).toMatchObject({
      type: 'invitation-ended',
      ending: 'no-answer',
    });
  });

  test('is refused where nobody could answer it', () => {
    const { rules, item } = conversation();
    const params = { item, agent: ONE, colleague: TWO, role: 'consulted' } as const;
    const by = (more: object) => codeOf(() => rules.run('invite', { ...params, ...more }));
    expect(by({ item: newItemId() })).toBe('unknown-item');
    expect(by({ agent: THREE })).toBe('not-yours');
    expect(by({ colleague: ONE })).toBe('takes-part-already');
    expect(by({ colleague: agentId('agent-9') })).toBe('not-logged-in');
    const ringing = rules.submit();
    expect(rules.agentOf(ringing)).toBe(TWO);
    expect(by({})).toBe('rings');
    rules.accept(ringing);
    const other = rules.submit();
    rules.accept(other); // agent 3
    const third = rules.submit();
    rules.accept(third);
    rules.run('agentVanished', { agent: THREE });
    expect(by({ colleague: THREE })).toBe('away');
  });

  test('R05: is refused where there is no room', () => {
    const { rules, item } = conversation();
    for (const id of [rules.submit(), rules.submit(), rules.submit(), rules.submit()])
      rules.accept(id);
    const params = { item, agent: ONE, colleague: TWO, role: 'consulted' } as const;
    expect(codeOf(() => rules.run('invite', params))).toBe('no-capacity');
  });
});

test('A supervisor who is away joins nothing: they would own it next', () => {
  const { rules, item } = conversation();
  rules.run('agentVanished', { agent: TWO });
  const join = () => rules.run('join', { item, agent: TWO, role: 'conferee' });
  expect(codeOf(join)).toBe('away');
});

test('endWrapUp() ends all wrap-ups of an item that an agent had more than once', () => {
  const { rules, item } = conversation();
  rules.configure({ queue: { sales: { wrapUp: { longest: 60_000, codeRequired: false } } } });
  bring(rules, item, TWO, 'conferee');
  rules.run('leave', { item, agent: ONE });
  const { participant } = rules.run('invite', {
    item,
    agent: TWO,
    colleague: ONE,
    role: 'conferee',
  });
  const { invitation = 0 } = participant;
  rules.run('answerInvitation', { item, agent: ONE, invitation, answer: 'accept' });
  rules.run('leave', { item, agent: ONE });
  const wrapUps = () => rules.state.centre.agents.get(ONE)?.wrapUps;
  expect(wrapUps()).toHaveLength(2);
  rules.run('endWrapUp', { agent: ONE, item });
  expect(wrapUps()).toEqual([]);
});

test('A transfer to who is consulted leaves the others there, each under a segment of the new pass', () => {
  const { rules, item } = conversation();
  bring(rules, item, TWO);
  bring(rules, item, THREE, 'conferee');
  const [, before] = rules.item(item).participants ?? [];
  const to = newItemId();
  rules.run('transfer', { item, agent: ONE, target: { agent: TWO }, to });
  const { agent, participants = [] } = rules.item(to);
  expect([agent, participants.length]).toEqual([TWO, 1]);
  expect(participants[0]).toMatchObject({
    agent: THREE,
    role: 'conferee',
    invitation: before?.invitation,
  });
  expect(participants[0]?.segment).not.toBe(before?.segment);
  expect(contacts(rules)).toEqual({ [TWO]: 1, [THREE]: 1 });
});

describe('ownership', () => {
  test('passes to who has taken part for the longest when the owner leaves', () => {
    const { rules, item } = conversation();
    bring(rules, item, TWO, 'consulted');
    bring(rules, item, THREE, 'conferee');
    const segment = rules.item(item).participants?.[0]?.segment;
    rules.run('leave', { item, agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'accepted', agent: TWO, segment });
    expect(rules.item(item).participants).toMatchObject([{ agent: THREE }]);
    expect(contacts(rules)).toEqual({ [TWO]: 1, [THREE]: 1 });
  });

  test('returns to the queue with its age where only watchers are there, and they leave', () => {
    const { rules, item } = conversation();
    const { enteredAt } = rules.item(item);
    rules.run('join', { item, agent: TWO, role: 'coach' });
    rules.run('setReadiness', { agent: TWO, readiness: { state: 'not-ready', reason: LUNCH } });
    rules.run('setReadiness', { agent: THREE, readiness: { state: 'not-ready', reason: LUNCH } });
    rules.run('leave', { item, agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'queued', enteredAt, agent: undefined });
    expect(rules.item(item).returns?.at(-1)?.reason).toBe('owner-left');
    expect(contacts(rules)).toEqual({});
  });

  test('passes on when the owner vanishes or is logged out by force', () => {
    const { rules, item } = conversation();
    bring(rules, item, TWO);
    bring(rules, item, THREE);
    rules.run('agentVanished', { agent: ONE });
    expect(rules.agentOf(item)).toBe(TWO);
    rules.run('logOut', { agent: TWO, by: agentId('supervisor-1') });
    expect(rules.agentOf(item)).toBe(THREE);
    expect(contacts(rules)).toEqual({ [THREE]: 1 });
  });

  test('of a participant who vanished is nobody’s matter: they are out of it', () => {
    const { rules, item } = conversation();
    bring(rules, item);
    rules.run('agentVanished', { agent: TWO });
    expect(rules.item(item).participants).toEqual([]);
    expect(rules.agentOf(item)).toBe(ONE);
  });
});

test('An owner who closes ends all parts, with a wrap-up for each whose contact it was', () => {
  const { rules, item } = conversation(WRAPPED);
  bring(rules, item, TWO);
  rules.run('join', { item, agent: THREE, role: 'monitor' });
  rules.close(item);
  const wrapUps = (agent: typeof ONE) => rules.state.centre.agents.get(agent)?.wrapUps.length;
  expect([ONE, TWO, THREE].map(wrapUps)).toEqual([1, 1, 0]);
  expect(contacts(rules)).toEqual({});
});

describe('R20: a participant who leaves', () => {
  test('wraps up their own part while the contact goes on', () => {
    const { rules, item } = conversation(WRAPPED);
    bring(rules, item, TWO);
    rules.run('leave', { item, agent: TWO });
    rules.run('leave', { item, agent: TWO });
    expect(rules.state.centre.agents.get(TWO)?.wrapUps).toHaveLength(1);
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('can be asked to by the owner or a supervisor, by nobody else', () => {
    const { rules, item } = conversation();
    bring(rules, item, TWO);
    const remove = (agent: typeof ONE, by?: typeof ONE) =>
      codeOf(() => rules.run('removeParticipant', { item, agent, participant: TWO, by }));
    expect(remove(THREE)).toBe('not-yours');
    expect(remove(THREE, agentId('supervisor-1'))).toBe('done');
    expect(rules.item(item).participants).toEqual([]);
    expect(remove(ONE)).toBe('done');
  });
});

describe('a supervisor', () => {
  test('who came by themselves is asked to go by a supervisor alone, not by the owner', () => {
    const { rules, item } = conversation();
    const remove = (by?: typeof ONE) =>
      codeOf(() => rules.run('removeParticipant', { item, agent: ONE, participant: TWO, by }));
    for (const role of ['monitor', 'coach', 'conferee'] as const) {
      rules.run('join', { item, agent: TWO, role });
      expect(remove()).toBe('not-yours');
      expect(rules.item(item).participants).toMatchObject([{ agent: TWO, role }]);
      expect(remove(THREE)).toBe('done');
    }
    expect(rules.item(item).participants).toEqual([]);
  });

  test('listens, coaches and barges in, which takes up room of theirs', () => {
    const { rules, item } = conversation();
    const be = (role: 'monitor' | 'coach' | 'conferee') =>
      codeOf(() => rules.run('changeRole', { item, agent: TWO, role, by: TWO }));
    rules.run('join', { item, agent: TWO, role: 'monitor' });
    rules.run('join', { item, agent: TWO, role: 'monitor' });
    expect(be('coach')).toBe('done');
    expect(rules.item(item).participants).toMatchObject([{ agent: TWO, role: 'coach' }]);
    for (let n = 0; n < 2; n++) {
      rules.run('setReadiness', { agent: THREE, readiness: { state: 'not-ready', reason: LUNCH } });
      rules.run('setReadiness', { agent: ONE, readiness: { state: 'not-ready', reason: LUNCH } });
      const id = rules.submit();
      expect(rules.agentOf(id)).toBe(TWO); // watching takes up no room
      rules.accept(id);
    }
    expect(be('conferee')).toBe('no-capacity');
  });

  test('who barged in owns it when the owner leaves; who only watches never does', () => {
    const { rules, item } = conversation();
    rules.run('join', { item, agent: TWO, role: 'monitor' });
    rules.run('join', { item, agent: THREE, role: 'conferee' });
    rules.run('leave', { item, agent: ONE });
    expect(rules.agentOf(item)).toBe(THREE);
    expect(rules.item(item).participants).toMatchObject([{ agent: TWO, role: 'monitor' }]);
  });

  test('joins only what somebody has in hand', () => {
    const { rules, item } = conversation();
    rules.run('park', { item, agent: ONE });
    const join = () => rules.run('join', { item, agent: TWO, role: 'monitor' });
    expect(codeOf(join)).toBe('wrong-state');
  });
});

test('A colleague who was invited may be let speak by the owner, and by nobody else', () => {
  const { rules, item } = conversation();
  bring(rules, item);
  const change = (role: Role | 'coach', by = ONE) =>
    codeOf(() => rules.run('changeRole', { item, agent: TWO, role, by }));
  expect(change('conferee', TWO)).toBe('not-yours');
  expect(change('coach')).toBe('wrong-role');
  expect(change('conferee')).toBe('done');
  expect(rules.item(item).participants).toMatchObject([{ agent: TWO, role: 'conferee' }]);
});
