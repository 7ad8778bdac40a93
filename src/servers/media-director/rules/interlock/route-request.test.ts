import { beforeEach, describe, expect, test } from 'vitest';
import { CallId, SwitchId, type AgentId } from '#domain/ids.ts';
import { agentId, queueId, RuleCentre, type Documents } from '../../testing/centre.ts';

const MAIN = SwitchId.parse('main');
const ROUTED = { capacity: { voice: 1, 'web-chat': 1 }, switch: { id: 'main', mode: 'adjunct' } };
const DOCUMENTS: Documents = {
  agent: {
    'agent-1': { ...ROUTED, skills: { french: 3 } },
    'agent-2': { ...ROUTED, skills: { french: 8 } },
    elsewhere: { ...ROUTED, skills: { french: 9 }, switch: { id: 'other', mode: 'adjunct' } },
  },
  queue: {
    sales: { agentOrder: 'most-skilled', serves: { type: 'skilled', skills: { french: 1 } } },
  },
};
const [ONE, TWO] = ['agent-1', 'agent-2'].map(agentId) as [AgentId, AgentId];
const call = (n: number) => CallId.parse(`call-${n}`);

let centre: RuleCentre;
beforeEach(() => {
  centre = new RuleCentre(DOCUMENTS);
  centre.ready('agent-1', 'agent-2', 'elsewhere');
});
const route = (n: number, deadline = centre.now + 1_000) =>
  centre.run('routeRequest', { switch: MAIN, call: call(n), queue: queueId('sales'), deadline });
const land = (n: number, agent: AgentId) =>
  centre.run('callLanded', { switch: MAIN, call: call(n), agent });

describe('routeRequest()', () => {
  test('chooses as for an offer, among the agents of the switch that asks', () => {
    expect(route(1)).toMatchObject({ type: 'agent', agent: TWO, station: 'station of agent-2' });
    expect(route(2)).toMatchObject({ type: 'agent', agent: ONE });
    expect(route(3)).toEqual({ type: 'next-step', why: 'nobody-free' });
  });

  test('P08: keeps the place until the call lands, or for a while', () => {
    route(1);
    const until = centre.state.centre.agents.get(TWO)?.atSwitch?.routed?.until ?? 0;
    expect(until).toBeGreaterThan(centre.now);
    centre.now = until;
    centre.run('routeDue', { agent: TWO, call: call(1) });
    expect(route(2)).toMatchObject({ agent: TWO });
    land(2, TWO);
    centre.run('routeDue', { agent: TWO, call: call(2) });
    expect(centre.state.centre.agents.get(TWO)?.atSwitch).toMatchObject({
      calls: [call(2)],
      routed: undefined,
    });
  });

  test('frees the place of a caller who hung up before the call landed', () => {
    route(1);
    centre.run('callEnded', { switch: MAIN, agent: TWO, call: call(1) });
    expect(route(2)).toMatchObject({ agent: TWO });
  });

  test('lets nothing else ring while the call is about to land', () => {
    for (const agent of [ONE, agentId('elsewhere')]) centre.run('logOut', { agent });
    route(1);
    const item = centre.submit({ channel: 'web-chat' });
    expect(centre.item(item).state).toBe('queued');
    land(1, TWO);
    expect(centre.item(item)).toMatchObject({ state: 'offered', agent: TWO });
  });

  test('waits for nobody, and offers no call that queues here to its agents', () => {
    const item = centre.submit({ channel: 'voice' });
    expect(centre.item(item).state).toBe('queued');
    expect(route(1, centre.now - 1)).toEqual({ type: 'next-step', why: 'too-late' });
  });
});
