import { describe, expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { CHANNELS, type Channel, type WorkItemId } from '#domain/ids.ts';
import type { OfferEnding } from '#domain/work-item/event.ts';
import { agentId, codeId, RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

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

describe('an offer that is accepted by itself', () => {
  const ringing = (more: object = {}) => {
    const rules = new RuleCentre({
      agent: { 'agent-1': { capacity: ANY } },
      queue: { sales: { autoAcceptAfter: 3_000, ...more } },
    });
    rules.ready('agent-1');
    const item = rules.submit({ enteredAt: rules.now });
    return { rules, item, offer: rules.item(item).offer ?? 0 };
  };

  test('is so after the time its queue sets, counted from when it began to ring', () => {
    const { rules, item, offer } = ringing();
    const due = dueOfItem(rules.state, rules.item(item), rules.now);
    const { at, command } = due.find((d) => d.command.name === 'autoAccept') ?? {};
    expect([at, command?.params]).toEqual([rules.item(item).since + 3_000, { item, offer }]);
    rules.after(3_000).run('autoAccept', { item, offer });
    expect(rules.item(item)).toMatchObject({ state: 'accepted', agent: ONE });
  });

  test('is none where the queue sets nothing', () => {
    const { rules, item } = ringing({ autoAcceptAfter: undefined });
    const due = dueOfItem(rules.state, rules.item(item), rules.now);
    expect(due.map(({ command }) => command.name)).not.toContain('autoAccept');
  });

  test('is not by who is gone, nor once it was answered otherwise', () => {
    const { rules, item, offer } = ringing();
    rules.decline(item);
    rules.run('autoAccept', { item, offer });
    expect(rules.item(item).state).toBe('queued');

    const gone = ringing();
    gone.rules.run('agentVanished', { agent: ONE });
    gone.rules.run('autoAccept', gone);
    expect(gone.rules.item(gone.item).state).toBe('queued');
  });
});

describe('P11: each ending of an offer is told apart', () => {
  test.each<[OfferEnding, (rules: RuleCentre, item: WorkItemId, offer: number) => unknown]>([
    ['accepted', (rules, item) => rules.accept(item)],
    ['declined', (rules, item) => rules.decline(item)],
    ['no-answer', (rules, item) => rules.expire(item)],
    ['abandoned', (rules, item) => rules.run('abandon', { item })],
    ['withdrawn', (rules, item) => rules.run('pullBack', { item, by: agentId('agent-2') })],
    ['device-error', (rules, item, offer) => rules.run('failOffer', { item, agent: ONE, offer })],
  ])('%s', (ending, end) => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit();
    end(rules, item, rules.item(item).offer ?? 0);
    const endings = rules.journal.flatMap(({ body }) =>
      body.type === 'offer-ended' ? [body.ending] : [],
    );
    expect(endings).toEqual([ending]);
  });
});

test('R11: of a hundred who accept at once one has it, and all others hear that it is taken', () => {
  const rules = centre();
  rules.ready('agent-1');
  const item = rules.submit();
  const { offer = 0 } = rules.item(item);
  const answers = Array.from({ length: 100 }, (_, n) => {
    const agent = n === 40 ? ONE : agentId(`other-${n}`);
    try {
      return rules.run('accept', { item, agent, offer }).item.agent;
    } catch (error) {
      return error instanceof Refusal ? error.code : error;
    }
  });
  expect(answers.filter((answer) => answer === ONE)).toHaveLength(1);
  expect(answers.filter((answer) => answer === 'offer-over')).toHaveLength(99);
});
