import { beforeEach, describe, expect, test } from 'vitest';
import { CallId } from '#domain/ids.ts';
import { agentId, codeId, newItemId, type Documents } from '../../testing/centre.ts';
import { SwitchedCentre } from '../../testing/switched-centre.ts';
import { ANSWERS_WITHIN, INTERLOCK_REST } from './settle-interlocks.ts';

const ONE = agentId('agent-1');
const TWO = agentId('agent-2');
const CALL = CallId.parse('call-1');
const BLENDED = {
  capacity: { voice: 1, 'web-chat': 2, email: 2 },
  switch: { id: 'main', mode: 'switch-acd' },
};
const DOCUMENTS: Documents = {
  agent: { 'agent-1': BLENDED, 'agent-2': BLENDED, 'agent-3': { capacity: { 'web-chat': 1 } } },
  queue: { sales: {} },
  code: { lunch: { use: 'not-ready' } },
};

let centre: SwitchedCentre;

/** Agents who are ready here and at their phones. */
const blended = (...agents: (typeof ONE)[]): void => {
  for (const agent of agents) {
    centre.does((rules) => rules.ready(agent));
    centre.settle().happens({ type: 'set', agent, state: { state: 'ready' } });
    centre.settle();
  }
};
const submit = (more = {}) => {
  let id!: ReturnType<SwitchedCentre['rules']['submit']>;
  centre.does((rules) => (id = rules.submit(more)));
  return id;
};
const stateOf = (agent: typeof ONE) => centre.sim.agents.find((a) => a.id === agent)?.state;
const INTERLOCKED = { state: 'not-ready', reason: 'interlock' };

beforeEach(() => {
  centre = SwitchedCentre.begin('switch-acd', [ONE, TWO], DOCUMENTS);
});

describe('an agent whose calls the switch gives out', () => {
  test('is offered text once the switch has confirmed that no call comes, and is restored afterwards', () => {
    blended(ONE);
    const item = submit();
    expect(centre.rules.item(item).state).toBe('queued');
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
    centre.settle();
    expect(stateOf(ONE)).toEqual(INTERLOCKED);
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: ONE });
    centre.does((rules) => rules.accept(item));
    expect(stateOf(ONE)).toEqual(INTERLOCKED);
    centre.does((rules) => rules.close(item));
    centre.settle();
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });

  test('is never offered voice', () => {
    blended(ONE);
    const item = submit({ channel: 'voice' });
    centre.settle();
    expect(centre.rules.item(item).state).toBe('queued');
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });

  test('has the call that lands before the switch is asked; the work goes to another with its age', () => {
    blended(ONE, TWO);
    const item = submit({ enteredAt: 5_000 });
    centre.happens({ type: 'direct-call', call: CALL, agent: ONE });
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({
      state: 'offered',
      agent: TWO,
      enteredAt: 5_000,
    });
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
    expect(centre.rules.journal.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({ type: 'interlock-ended', agent: ONE, ending: 'call-landed' }),
    );
  });

  test('has the call that lands while an offer rings: it is withdrawn, and comes back after the call', () => {
    blended(ONE);
    const item = submit({ enteredAt: 5_000 });
    centre.settle();
    centre.happens({ type: 'direct-call', call: CALL, agent: ONE });
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({
      state: 'queued',
      enteredAt: 5_000,
      returns: [{ agent: ONE, reason: 'interlock-lost' }],
    });
    centre.happens({ type: 'hang-up', call: CALL });
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: ONE });
  });

  test('who was free first has the work, and nobody is kept from calls for nothing', () => {
    blended(ONE);
    const item = submit();
    centre.does((rules) => rules.ready('agent-3'));
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: 'agent-3' });
    centre.settle();
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });

  test('one agent is asked for each work item, the longest idle first', () => {
    blended(ONE, TWO);
    submit();
    expect(centre.toSwitch.map(({ agent }) => agent)).toEqual([ONE]);
    submit();
    expect(centre.toSwitch.map(({ agent }) => agent)).toEqual([ONE, TWO]);
    submit();
    expect(centre.toSwitch).toHaveLength(2);
  });

  test('whose switch does not answer is let alone, and another is asked', () => {
    centre.happens({ type: 'answers', answers: 'silent' });
    blended(ONE);
    const item = submit();
    centre.settle();
    blended(TWO);
    centre.happens({ type: 'answers', answers: 'obeys' });
    const { request = 0 } = centre.rules.state.centre.agents.get(ONE)?.atSwitch?.interlock ?? {};
    centre.does((rules) =>
      rules.after(ANSWERS_WITHIN).run('interlockDue', { agent: ONE, request }),
    );
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: TWO });
  });

  test('is not asked again at once when the switch refused', () => {
    centre.happens({ type: 'answers', answers: 'refuses' });
    blended(ONE);
    const item = submit();
    centre.settle();
    centre.happens({ type: 'answers', answers: 'obeys' });
    expect(centre.rules.item(item).state).toBe('queued');
    centre.does((rules) => rules.after(INTERLOCK_REST).run('interlockRested', { agent: ONE }));
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: ONE });
  });

  test.each([{ state: 'not-ready', reason: 'lunch' }, { state: 'ready' }] as const)(
    'who sets $state at the phone meanwhile is left as they are',
    (state) => {
      blended(ONE);
      const item = submit();
      centre.settle();
      centre.does((rules) => rules.accept(item));
      centre.happens({ type: 'set', agent: ONE, state });
      centre.settle();
      expect(centre.rules.item(item).state).toBe('accepted');
      centre.does((rules) => rules.close(item));
      centre.settle();
      expect(stateOf(ONE)).toEqual(state);
    },
  );

  test('is restored when they log out while they are held', () => {
    blended(ONE);
    const item = submit();
    centre.settle();
    centre.does((rules) => rules.run('logOut', { agent: ONE }));
    centre.settle();
    expect(centre.rules.item(item).state).toBe('queued');
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });

  test('is unknown while the link is down: offers are withdrawn, and taken up when it is back', () => {
    blended(ONE);
    const item = submit();
    centre.settle();
    centre.happens({ type: 'link', up: false });
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({
      state: 'queued',
      enteredAt: expect.any(Number),
    });
    expect(centre.rules.state.centre.agents.get(ONE)?.atSwitch?.now).toEqual({ state: 'unknown' });
    centre.happens({ type: 'link', up: true });
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: ONE });
    expect(stateOf(ONE)).toEqual(INTERLOCKED);
  });

  test('keeps their contacts, and is held again, after the link was lost', () => {
    blended(ONE);
    const item = submit();
    centre.settle();
    centre.does((rules) => rules.accept(item));
    centre.happens({ type: 'link', up: false });
    centre.happens({ type: 'link', up: true });
    centre.settle();
    expect(stateOf(ONE)).toEqual(INTERLOCKED);
    centre.does((rules) => rules.close(item));
    centre.settle();
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });

  test('may be set to have text while nobody knows', () => {
    const trusting = { ...BLENDED, switch: { ...BLENDED.switch, whileUnknown: 'text' } };
    centre.does((rules) => rules.configure({ agent: { 'agent-1': trusting } }));
    blended(ONE);
    centre.happens({ type: 'link', up: false });
    centre.settle();
    const item = submit();
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: ONE });
  });

  test('takes calls beside contacts that calls may interrupt', () => {
    centre.does((rules) =>
      rules.configure({
        organisation: { organisation: { routing: { interrupts: { voice: ['email'] } } } },
      }),
    );
    blended(ONE);
    const item = submit({ channel: 'email' });
    centre.settle();
    expect(stateOf(ONE)).toEqual(INTERLOCKED);
    centre.does((rules) => rules.accept(item));
    centre.settle();
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });

  test('whom a supervisor chooses has it once the switch has let go of them; on a call, not at all', () => {
    blended(TWO);
    centre.does((rules) => {
      const readiness = { state: 'not-ready', reason: codeId('lunch') } as const;
      rules.run('setReadiness', { agent: TWO, readiness });
    });
    const item = submit({ channel: 'email' });
    centre.settle();
    centre.does((rules) => rules.run('assign', { item, agent: TWO, by: agentId('boss') }));
    expect(centre.rules.item(item).state).toBe('queued');
    centre.settle();
    expect(centre.rules.item(item)).toMatchObject({ state: 'offered', agent: TWO });
    centre.happens({ type: 'direct-call', call: CALL, agent: TWO });
    centre.settle();
    expect(centre.rules.item(item).state).not.toBe('offered');
    const again = (): void =>
      centre.does((rules) => rules.run('assign', { item, agent: TWO, by: agentId('boss') }));
    expect(again).toThrow(expect.objectContaining({ code: 'no-capacity' }));
  });

  test('waits for nobody: work for them alone is asked for too', () => {
    blended(ONE, TWO);
    const item = submit();
    centre.settle();
    centre.does((rules) => rules.accept(item));
    const to = newItemId();
    centre.does((rules) => rules.run('transfer', { item, agent: ONE, target: { agent: TWO }, to }));
    centre.settle();
    expect(centre.rules.item(to)).toMatchObject({ state: 'offered', agent: TWO });
    expect(stateOf(ONE)).toEqual({ state: 'ready' });
  });
});
