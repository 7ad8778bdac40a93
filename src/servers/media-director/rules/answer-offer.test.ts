import { describe, expect, test } from 'vitest';
import { CHANNELS, type Channel } from '#domain/ids.ts';
import { agentId, codeId, RuleCentre } from '../testing/centre.ts';

const ANY = Object.fromEntries(CHANNELS.map((channel) => [channel, 2]));
const centre = () =>
  new RuleCentre({
    agent: { 'agent-1': { capacity: ANY }, 'agent-2': { capacity: ANY } },
    queue: { sales: {} },
    code: { lunch: { use: 'not-ready' } },
  });
const ONE = agentId('agent-1');

describe('an offer that nobody answers', () => {
  test.each<[Channel, boolean]>([
    ['voice', false],
    ['web-chat', false],
    ['sms', false],
    ['xmpp', false],
    ['email', true],
    ['preview', true],
    ['task', true],
  ])('P07: of %s: ready for more of it: %j; all else goes on', (channel, isReady) => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit({ channel, enteredAt: 5 });
    rules.after(20_000).expire(item);
    expect(rules.state.centre.agents.get(ONE)?.readiness).toEqual(
      isReady ? { state: 'ready' } : { state: 'ready', except: { [channel]: 'no-answer' } },
    );
    expect(rules.item(item)).toMatchObject({ state: 'queued', enteredAt: 5, agent: undefined });
    const other = rules.submit({ channel: channel === 'task' ? 'email' : 'task' });
    expect(rules.agentOf(other)).toBe(ONE);
  });

  test('P07: in the last channel they were ready for makes them not ready', () => {
    const rules = new RuleCentre({
      agent: { 'agent-1': { capacity: { 'web-chat': 1, sms: 1, task: 0 } } },
      queue: { sales: {} },
    });
    rules.ready('agent-1');
    rules.after(20_000).expire(rules.submit());
    expect(rules.state.centre.agents.get(ONE)?.readiness.state).toBe('ready');
    rules.after(20_000).expire(rules.submit({ channel: 'sms' }));
    expect(rules.state.centre.agents.get(ONE)?.readiness).toEqual({
      state: 'not-ready',
      reason: 'no-answer',
    });
  });

  test('P07: is offered to them again once they are ready for the channel', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.after(20_000).expire(item);
    rules.after(10_000).run('setReadiness', { agent: ONE, readiness: { state: 'ready' } });
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('that the agent could not see costs them nothing, and is made anew', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.after(20_000).expire(item, false);
    expect(rules.item(item)).toMatchObject({ state: 'offered', agent: ONE, offer: 2 });
    expect(
      rules.journal.some((r) => r.body.type === 'offer-ended' && r.body.ending === 'withdrawn'),
    ).toBe(true);
  });

  test('P09: of somebody who asked for a break meanwhile leaves them in that break', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    const readiness = { state: 'not-ready', reason: codeId('lunch') } as const;
    rules.run('setReadiness', { agent: ONE, readiness });
    rules.expire(item);
    expect(rules.state.centre.agents.get(ONE)).toMatchObject({ readiness, pending: undefined });
  });

  test('changes nothing once it was answered', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.accept(item);
    const { position } = rules.state;
    rules.run('offerExpired', { item, offer: 1, seen: true });
    expect(rules.types(position)).toEqual([]);
  });
});

describe('an offer that is declined', () => {
  test('goes to somebody else if anybody can take it, though they are idle for less long', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit();
    rules.decline(item);
    expect(rules.agentOf(item)).toBe('agent-2');
    rules.decline(item);
    expect(rules.item(item).state).toBe('queued');
  });

  test('comes back to the only agent there is, but not at once', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    rules.decline(item);
    rules.run('restOver', { item, agent: ONE });
    expect(rules.item(item).state).toBe('queued');
    rules.after(5_000).run('restOver', { item, agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'offered', agent: ONE });
  });

  test('leaves the agent free for other work', () => {
    const rules = centre();
    rules.ready('agent-1');
    rules.decline(rules.submit());
    expect(rules.agentOf(rules.submit())).toBe(ONE);
  });

  test('by the agent it waited for is open to everybody', () => {
    const rules = centre();
    rules.ready('agent-1', 'agent-2');
    const item = rules.submit();
    rules.accept(item);
    const to = rules.submit({ queue: rules.item(item).queue, priority: 9 });
    expect(rules.agentOf(to)).toBe('agent-2');
    rules.decline(to);
    expect(rules.item(to).onlyAgent).toBeUndefined();
    expect(rules.agentOf(to)).toBe(ONE);
  });
});
