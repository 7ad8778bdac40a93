import { describe, expect, test } from 'vitest';
import { agentId, codeId, newItemId, queueId, RuleCentre } from '../testing/centre.ts';

const ONE = agentId('agent-1');
const NO_MICROPHONE = codeId('no-microphone');

const centre = () =>
  new RuleCentre({
    agent: { 'agent-1': { capacity: { voice: 1, email: 2 } } },
    queue: { sales: {} },
  });

const faultsOf = (rules: RuleCentre) => rules.state.centre.agents.get(ONE)?.faults;

describe('P12: an offer that cannot ring', () => {
  const failed = (rules: RuleCentre) => {
    rules.ready('agent-1');
    const item = rules.submit({ channel: 'voice', enteredAt: 7 });
    const { offer = 0 } = rules.item(item);
    const fail = () => rules.run('failOffer', { item, agent: ONE, offer, fault: NO_MICROPHONE });
    fail();
    return { item, fail };
  };

  test('P11: ends as a device error, and the item goes back with its age', () => {
    const rules = centre();
    const { item } = failed(rules);
    expect(rules.item(item)).toMatchObject({ state: 'queued', enteredAt: 7 });
    expect(rules.journal.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        type: 'offer-ended',
        ending: 'device-error',
        reason: NO_MICROPHONE,
      }),
    );
  });

  test('keeps nothing but that channel from the agent, until the device is good', () => {
    const rules = centre();
    const { item } = failed(rules);
    expect(faultsOf(rules)).toEqual({ voice: NO_MICROPHONE });
    expect(rules.state.centre.agents.get(ONE)?.readiness).toEqual({ state: 'ready' });
    const mail = rules.submit({ channel: 'email' });
    expect(rules.agentOf(mail)).toBe(ONE);
    rules.accept(mail);
    rules.after(6_000).run('restOver', { item, agent: ONE });
    expect(rules.item(item).state).toBe('queued');
    rules.run('reportDevice', { agent: ONE, channel: 'voice' });
    expect(faultsOf(rules)).toEqual({});
    expect(rules.agentOf(item)).toBe(ONE);
  });

  test('is told once; of an offer that is over it is refused', () => {
    const rules = centre();
    const { item, fail } = failed(rules);
    const { position } = rules.state;
    fail();
    expect(rules.types(position)).toEqual([]);
    const other = { item, agent: ONE, offer: 99 };
    expect(() => rules.run('failOffer', other)).toThrow(/it is over/);
    expect(() => rules.run('failOffer', { ...other, item: newItemId() })).toThrow(/not open/);
  });

  test('where nobody says why it is a device error', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit({ channel: 'voice' });
    rules.run('failOffer', { item, agent: ONE, offer: rules.item(item).offer ?? 0 });
    expect(faultsOf(rules)).toEqual({ voice: 'device-error' });
  });
});

describe('P12: a device that is reported', () => {
  test('as failed before anything rings is offered nothing', () => {
    const rules = centre();
    rules.run('logIn', { agent: ONE, station: 'station of agent-1' });
    rules.run('reportDevice', { agent: ONE, channel: 'voice', fault: NO_MICROPHONE });
    rules.ready('agent-1');
    expect(rules.agentOf(rules.submit({ channel: 'voice' }))).toBeUndefined();
  });

  test('as failed while it rings lets the offer go on at once', () => {
    const rules = centre();
    rules.ready('agent-1');
    const item = rules.submit({ channel: 'voice' });
    rules.run('reportDevice', { agent: ONE, channel: 'voice', fault: NO_MICROPHONE });
    expect(rules.item(item)).toMatchObject({
      state: 'queued',
      returns: [{ reason: 'device-error' }],
    });
  });

  test('as it was known already changes nothing; of who is not there it is refused', () => {
    const rules = centre();
    const good = { agent: ONE, channel: 'voice' } as const;
    expect(() => rules.run('reportDevice', good)).toThrow(/not logged in/);
    rules.ready('agent-1');
    const { position } = rules.state;
    rules.run('reportDevice', good);
    expect(rules.types(position)).toEqual([]);
  });

  test('is forgotten with the session: another station has another device', () => {
    const rules = centre();
    rules.ready('agent-1');
    rules.run('reportDevice', { agent: ONE, channel: 'voice', fault: NO_MICROPHONE });
    rules.run('logIn', { agent: ONE, station: 'another', takeOver: true });
    expect(faultsOf(rules)).toBeUndefined();
  });

  test('as failed while a colleague’s invitation rings ends that too', () => {
    const rules = new RuleCentre({
      agent: { 'agent-1': { capacity: { voice: 1 } }, 'agent-2': { capacity: { voice: 1 } } },
      queue: { sales: {} },
    });
    rules.ready('agent-2');
    const item = rules.submit({ channel: 'voice' });
    rules.accept(item);
    rules.ready('agent-1');
    const asked = { item, agent: agentId('agent-2'), colleague: ONE, role: 'consulted' } as const;
    rules.run('invite', asked);
    rules.run('reportDevice', { agent: ONE, channel: 'voice', fault: NO_MICROPHONE });
    expect(rules.item(item).participants).toEqual([]);
    expect(() => rules.run('invite', asked)).toThrow(/no room/);
  });

  test('as failed where a transfer rings lets it go on to the place that was named', () => {
    const rules = new RuleCentre({
      agent: { 'agent-1': { capacity: { voice: 1 } }, 'agent-2': { capacity: { voice: 1 } } },
      queue: { sales: {}, service: {} },
    });
    rules.ready('agent-2');
    const item = rules.submit({ channel: 'voice' });
    rules.accept(item);
    rules.ready('agent-1');
    const to = newItemId();
    const ifRefused = { queue: queueId('service') };
    const target = { agent: ONE };
    rules.run('transfer', { item, agent: agentId('agent-2'), target, to, ifRefused });
    const { offer = 0 } = rules.item(to);
    const failed = { item: to, agent: ONE, offer };
    rules.run('failOffer', failed);
    const next = rules.state.endings.get(to)?.to;
    expect(next && rules.item(next)).toMatchObject({ queue: 'service' });
    expect(rules.run('failOffer', failed)).toEqual({}); // again: the answer was lost on the way
  });
});
