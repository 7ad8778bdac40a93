import { describe, expect, test } from 'vitest';
import { minutes } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import { agentId, chats, codeId, newItemId, RuleCentre } from '../testing/centre.ts';
import { dueOfItem } from './by-the-clock.ts';

const ONE = agentId('agent-1');
const TWO = agentId('agent-2');
const LUNCH = { state: 'not-ready', reason: codeId('lunch') } as const;

const centre = (idleContactReleases = minutes(5)) =>
  new RuleCentre({
    organisation: { organisation: { routing: { idleContactReleases } } },
    agent: { 'agent-1': chats(1), 'agent-2': chats(1) },
    queue: { sales: { preferredWait: minutes(1) } },
    code: { lunch: { use: 'not-ready' } },
  });

/** Agent 1 has a contact and awaits its customer. */
function awaiting(rules: RuleCentre): WorkItemId {
  rules.ready('agent-1');
  const item = rules.submit({ enteredAt: 7 });
  rules.accept(item);
  rules.run('awaitCustomer', { item, agent: ONE });
  return item;
}

/** When the contact gives up its room, counted from now. */
function idleIn(rules: RuleCentre, item: WorkItemId): number | undefined {
  const due = dueOfItem(rules.state, rules.item(item), rules.now);
  const at = due.find(({ command }) => command.name === 'contactIdle')?.at;
  return at === undefined ? undefined : at - rules.now;
}

describe('awaitCustomer', () => {
  test('keeps the contact with its owner, whose room it takes up for the time that is set', () => {
    const rules = centre();
    const item = awaiting(rules);
    const next = rules.submit();
    expect(rules.item(item)).toMatchObject({ state: 'awaiting-customer', agent: ONE });
    expect(rules.agentOf(next)).toBeUndefined();
    expect(idleIn(rules, item)).toBe(minutes(5) - 1);
  });

  test('asked for again changes nothing; of somebody else’s contact, or one that is not there, it is refused', () => {
    const rules = centre();
    const item = awaiting(rules);
    const { position } = rules.state;
    rules.run('awaitCustomer', { item, agent: ONE });
    expect(rules.types(position)).toEqual([]);
    expect(() => rules.run('awaitCustomer', { item, agent: TWO })).toThrow(/awaiting-customer/);
    expect(() => rules.run('awaitCustomer', { item: newItemId(), agent: ONE })).toThrow(/not open/);
  });

  test('where nothing is set it takes up room for as long as it lasts', () => {
    const rules = centre(0);
    expect(idleIn(rules, awaiting(rules))).toBeUndefined();
  });
});

describe('R15: a contact whose customer is silent gives up its room', () => {
  const released = (rules: RuleCentre) => {
    const item = awaiting(rules);
    rules.after(minutes(5)).run('contactIdle', { item });
    return item;
  };

  test('once, and its owner is offered the next', () => {
    const rules = centre();
    const item = released(rules);
    expect(rules.item(item)).toMatchObject({ agent: ONE, isReleased: true });
    expect(idleIn(rules, item)).toBeUndefined();
    expect(rules.agentOf(rules.submit())).toBe(ONE);
  });

  test('not once the customer has written', () => {
    const rules = centre();
    const item = awaiting(rules);
    rules.run('customerWrote', { item });
    rules.after(minutes(5)).run('contactIdle', { item });
    expect(rules.item(item)).toMatchObject({ state: 'accepted', isReleased: undefined });
  });

  test('and takes it again when the customer writes and there is some', () => {
    const rules = centre();
    const item = released(rules);
    rules.run('customerWrote', { item });
    expect(rules.item(item)).toMatchObject({
      state: 'accepted',
      agent: ONE,
      isReleased: undefined,
    });
    expect(rules.agentOf(rules.submit())).toBeUndefined();
  });

  test('else it is back in its queue with its age, and the same agent is preferred for a while', () => {
    const rules = centre();
    const item = released(rules);
    const other = rules.submit();
    rules.accept(other);
    rules.run('customerWrote', { item });
    expect(rules.item(item)).toMatchObject({
      state: 'queued',
      enteredAt: 7,
      preferredAgent: ONE,
      waitsForPreferredUntil: rules.now + minutes(1),
      isReleased: undefined,
    });
    expect(rules.types().slice(-2)).toEqual(['segment-ended', 'work-item-requeued']);
    rules.close(other);
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('and nobody who has gone on a break is asked to go on with it', () => {
    const rules = centre();
    const item = released(rules);
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(rules.state.centre.agents.get(ONE)).toMatchObject({ readiness: LUNCH });
    rules.ready('agent-2');
    rules.run('customerWrote', { item });
    expect(rules.item(item)).toMatchObject({ state: 'offered', agent: TWO, preferredAgent: ONE });
  });

  test('a break that was asked for begins as soon as it does', () => {
    const rules = centre();
    const item = awaiting(rules);
    rules.run('setReadiness', { agent: ONE, readiness: LUNCH });
    expect(rules.state.centre.agents.get(ONE)).toMatchObject({ pending: LUNCH });
    rules.after(minutes(5)).run('contactIdle', { item });
    expect(rules.state.centre.agents.get(ONE)).toMatchObject({ readiness: LUNCH });
    expect(rules.state.centre.agents.get(ONE)?.pending).toBeUndefined();
  });

  test('and keeps nobody from going home: it is parked until the customer writes, and prefers them', () => {
    const rules = centre();
    const item = released(rules);
    const inHand = rules.submit();
    rules.accept(inHand);
    expect(() => rules.run('logOut', { agent: ONE })).toThrow(
      expect.objectContaining({ data: { agent: ONE, items: [inHand] } }),
    );
    rules.close(inHand);
    rules.run('logOut', { agent: ONE });
    expect(rules.item(item)).toMatchObject({ state: 'parked', agent: ONE, preferredAgent: ONE });
    expect(dueOfItem(rules.state, rules.item(item), rules.now)).toEqual([]);
    rules.ready('agent-2', 'agent-1');
    expect(rules.item(item).state).toBe('parked');
    rules.run('customerWrote', { item });
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('and nobody is ever above their capacity by it', () => {
    const rules = centre();
    const item = released(rules);
    const other = rules.submit();
    rules.run('customerWrote', { item }); // the other still rings: it takes up the room
    expect(rules.item(item).state).toBe('queued');
    expect(rules.item(other)).toMatchObject({ state: 'offered', agent: ONE });
  });
});
