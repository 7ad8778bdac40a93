import { describe, expect, test } from 'vitest';
import { agentId, chats, RuleCentre } from '../testing/centre.ts';

const ONE = agentId('agent-1');
const SUPERVISOR = agentId('supervisor-1');

const centre = () =>
  new RuleCentre({
    agent: { 'agent-1': { capacity: { voice: 1, 'web-chat': 2 } }, 'agent-2': chats(2) },
    queue: { sales: { wrapUp: { longest: 30_000, codeRequired: false } } },
  });
const statusOf = (rules: RuleCentre) => rules.state.centre.agents.get(ONE);

describe('logging in', () => {
  test('is at a station with a device, not ready, with the channels that are theirs', () => {
    const rules = centre();
    const { agent } = rules.run('logIn', { agent: ONE, station: 'first', device: 'desk-phone' });
    expect(agent).toMatchObject({
      station: 'first',
      device: 'desk-phone',
      channels: ['voice', 'web-chat'],
      readiness: { state: 'not-ready', reason: 'logged-in' },
    });
  });

  test('again at the same station changes nothing; with another device it begins anew', () => {
    const rules = centre();
    rules.run('logIn', { agent: ONE, station: 'first', device: 'softphone' });
    const { position } = rules.state;
    rules.run('logIn', { agent: ONE, station: 'first' });
    rules.run('logIn', { agent: ONE, station: 'first', device: 'softphone' });
    expect(rules.types(position)).toEqual([]);
    rules.run('logIn', { agent: ONE, station: 'first', device: 'desk-phone' });
    expect(statusOf(rules)?.device).toBe('desk-phone');
  });

  test('elsewhere is refused while somebody is there, and taken over when asked for: the work comes along', () => {
    const rules = centre();
    rules.ready('agent-1');
    const [owned, wrapped] = [rules.submit(), rules.submit()];
    for (const item of [owned, wrapped]) {
      rules.accept(item);
    }
    rules.close(wrapped);
    const again = { agent: ONE, station: 'another' };
    expect(() => rules.run('logIn', again)).toThrow(/logged in at station "station of agent-1"/);
    rules.run('logIn', { ...again, takeOver: true });
    expect(statusOf(rules)).toMatchObject({ station: 'another', wrapUps: [] });
    expect(rules.item(owned)).toMatchObject({ state: 'accepted', agent: ONE });
  });

  test('elsewhere needs no asking where the other session is stale', () => {
    const rules = centre();
    rules.ready('agent-1');
    rules.run('agentVanished', { agent: ONE });
    rules.run('logIn', { agent: ONE, station: 'another' });
    expect(statusOf(rules)).toMatchObject({ station: 'another', present: true });
  });
});

describe('logging out', () => {
  test('P14: takes effect before the next offer', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    rules.run('logOut', { agent: ONE });
    expect(rules.agentOf(rules.submit())).toBe('agent-2');
  });

  test('P14: while an offer rings lets it go on at once, and it costs nobody anything', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit();
    expect(rules.agentOf(item)).toBe(ONE);
    rules.run('logOut', { agent: ONE });
    expect(rules.agentOf(item)).toBe('agent-2');
  });

  test('is refused with work, by a supervisor it is forced: the work goes on, wrap-ups end', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.accept(item);
    expect(() => rules.run('logOut', { agent: ONE })).toThrow(/they have work/);
    rules.run('logOut', { agent: ONE, by: SUPERVISOR });
    expect(rules.item(item).state).toBe('queued');
    expect(statusOf(rules)).toBeUndefined();
  });
});
