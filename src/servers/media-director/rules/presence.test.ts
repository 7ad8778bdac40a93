import { describe, expect, test } from 'vitest';
import { hours, minutes } from '#base/time.ts';
import type { Device } from '#domain/agent/agent-status.ts';
import { CHANNELS, type Channel } from '#domain/ids.ts';
import { agentId, chats, newItemId, RuleCentre } from '../testing/centre.ts';
import { dueOfAgent } from './by-the-clock.ts';

const ANY = Object.fromEntries(CHANNELS.map((channel) => [channel, 2]));
const centre = () =>
  new RuleCentre({
    agent: { 'agent-1': { capacity: ANY }, 'agent-2': { capacity: ANY }, 'agent-3': chats(1) },
    queue: { sales: { preferredWait: minutes(1) } },
  });
const ONE = agentId('agent-1');
const TWO = agentId('agent-2');

/** When the absence of an agent is over, counted from now. */
function absenceEnds(rules: RuleCentre): number | undefined {
  const status = rules.state.centre.agents.get(ONE);
  const due = status && dueOfAgent(rules.state.policy, status, rules.state.workOf(ONE).length > 0);
  const at = due?.find((d) => d.command.name === 'absenceOver')?.at;
  return at === undefined ? undefined : at - rules.now;
}

describe('an agent who vanishes', () => {
  test.each<[Channel, Device | undefined, string, string | undefined]>([
    ['voice', undefined, 'queued', undefined],
    ['voice', 'softphone', 'queued', undefined],
    ['voice', 'desk-phone', 'accepted', undefined],
    ['web-chat', undefined, 'queued', ONE],
    ['web-chat', 'desk-phone', 'queued', ONE],
    ['sms', undefined, 'queued', ONE],
    ['xmpp', undefined, 'queued', ONE],
    ['email', undefined, 'accepted', undefined],
    ['preview', undefined, 'accepted', undefined],
    ['task', undefined, 'accepted', undefined],
  ])('with %s on %j: it is %s with its age, preferred is %j', (channel, device, state, prefers) => {
    const rules = centre();
    rules.run('logIn', { agent: ONE, station: 'station of agent-1', device });
    rules.ready('agent-1');
    const item = rules.submit({ channel, enteredAt: 7 });
    rules.accept(item);
    rules.run('agentVanished', { agent: ONE });
    expect(rules.item(item)).toMatchObject({
      state,
      enteredAt: 7,
      preferredAgent: prefers,
      waitsForPreferredUntil: prefers ? rules.now + minutes(1) : undefined,
      agent: state === 'accepted' ? ONE : undefined,
    });
    expect(rules.state.centre.agents.get(ONE)).toMatchObject({
      present: false,
      readiness: { state: 'not-ready', reason: 'vanished' },
    });
  });

  test('an offer goes on at once', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit({ channel: 'task' });
    rules.run('agentVanished', { agent: ONE });
    expect(rules.agentOf(item)).toBe(TWO);
  });

  test('a chat goes to the same agent again when they are back and free, else to anybody', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.accept(item);
    rules.run('agentVanished', { agent: ONE });
    rules.ready('agent-2');
    expect(rules.agentOf(item)).toBe(TWO);
    rules.decline(item);
    rules.run('present', { agents: [ONE] });
    rules.run('setReadiness', { agent: ONE, readiness: { state: 'ready' } });
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('tasks return after four hours; who has nothing is logged out after a quarter of an hour', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit({ channel: 'task' });
    rules.accept(item);
    rules.run('agentVanished', { agent: ONE });
    expect(absenceEnds(rules)).toBe(hours(4));
    rules.after(hours(4)).run('absenceOver', { agent: ONE });
    expect(rules.item(item).state).toBe('queued');
    expect(rules.state.centre.agents.has(ONE)).toBe(false);

    const idle = centre();
    idle.ready('agent-1');
    idle.run('agentVanished', { agent: ONE });
    expect(absenceEnds(idle)).toBe(minutes(15));
  });

  test('on a desk phone talks on for as long as the call lasts; only then are they logged out', () => {
    const rules = centre();
    rules.run('logIn', { agent: ONE, station: 'station of agent-1', device: 'desk-phone' });
    rules.ready('agent-1');
    const call = rules.submit({ channel: 'voice' });
    rules.accept(call);
    const task = rules.submit({ channel: 'task' });
    rules.accept(task);
    rules.run('agentVanished', { agent: ONE });
    rules.after(hours(4)).run('absenceOver', { agent: ONE });
    expect([rules.item(call).state, rules.item(task).state]).toEqual(['accepted', 'queued']);
    expect(rules.state.centre.agents.has(ONE)).toBe(true);
    rules.close(call);
    expect(absenceEnds(rules)).toBeLessThan(0); // at once
    rules.run('absenceOver', { agent: ONE });
    expect(rules.state.centre.agents.has(ONE)).toBe(false);
  });

  test('before they answer a call on a desk phone: it rings at somebody else', () => {
    const rules = centre();
    rules.run('logIn', { agent: ONE, station: 'station of agent-1', device: 'desk-phone' });
    rules.ready('agent-1', 'agent-2');
    const call = rules.submit({ channel: 'voice' });
    rules.run('agentVanished', { agent: ONE });
    expect(rules.agentOf(call)).toBe(TWO);
  });

  test('who is back in time keeps their tasks and is not logged out', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit({ channel: 'task' });
    rules.accept(item);
    rules.run('agentVanished', { agent: ONE });
    rules.run('present', { agents: [ONE] });
    expect(absenceEnds(rules)).toBeUndefined();
    rules.run('absenceOver', { agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'accepted', agent: ONE });
  });
});

describe('work that waits for one agent', () => {
  const waitingFor = (rules: RuleCentre) => {
    rules.ready('agent-1', 'agent-3');
    const item = rules.submit();
    rules.accept(item);
    rules.accept(rules.submit({ preferredAgent: agentId('agent-3') }));
    const to = newItemId();
    const target = { agent: agentId('agent-3') };
    rules.run('transfer', { item, agent: ONE, target, to });
    expect(rules.item(to)).toMatchObject({ state: 'queued', onlyAgent: 'agent-3' });
    return to;
  };

  test('goes back to who transferred it once they are logged out', () => {
    const rules = centre();
    const to = waitingFor(rules);
    const { enteredAt } = rules.item(to);
    rules.run('logOut', { agent: agentId('agent-3'), by: agentId('supervisor-1') });
    const { to: next } = rules.state.endings.get(to) ?? {};
    expect(next && rules.item(next)).toMatchObject({
      agent: ONE,
      onlyAgent: undefined,
      preferredAgent: ONE,
      enteredAt,
    });
  });

  test('goes on waiting while they move to another station', () => {
    const rules = centre();
    const to = waitingFor(rules);
    rules.run('logIn', { agent: agentId('agent-3'), station: 'another', takeOver: true });
    expect(rules.item(to)).toMatchObject({ state: 'queued', onlyAgent: 'agent-3' });
  });

  test('that they cannot ever take is anybody’s at once', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-3');
    const item = rules.submit({ channel: 'task' });
    rules.accept(item);
    const to = newItemId();
    rules.run('transfer', { item, agent: ONE, target: { agent: agentId('agent-3') }, to });
    expect(rules.item(to)).toMatchObject({ onlyAgent: undefined, agent: ONE });
  });
});
