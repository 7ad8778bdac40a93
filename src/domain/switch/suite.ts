/** What every driver of a switch must do, whichever switch it drives. Only tests import this file. */
import { beforeEach, describe, expect, test } from 'vitest';
import { AgentId, CallId, EntryPointId, SwitchId, type Instant } from '../ids.ts';
import { INTERLOCK_REASON } from './at-switch.ts';
import type { AuthorityMode } from './authority.ts';
import type { AgentCommand, CallCommand, SwitchDriver, SwitchEvent } from './driver.ts';

/** A driver with its switch, and what people and lines do to that switch. */
export interface SwitchSubject {
  readonly driver: SwitchDriver;
  readonly hand: {
    /** The agent sets it at the phone; none of these is the reserved reason. */
    sets(agent: AgentId, state: 'ready' | 'lunch' | 'logged-off'): Promise<void>;
    /** Somebody calls in at an entry point. */
    calls(call: CallId, entryPoint: EntryPointId): Promise<void>;
    /** Somebody calls the agent's own number. */
    callsAgent(call: CallId, agent: AgentId): Promise<void>;
    hangsUp(call: CallId): Promise<void>;
    /** `adjunct`: the switch has waited long enough for an answer. */
    losesPatience(call: CallId): Promise<void>;
    link(isUp: boolean): Promise<void>;
    /** Resolves once the driver has told everything that has happened so far. */
    settled(): Promise<void>;
  };
}

const [ONE, TWO] = ['agent-1', 'agent-2'].map((id) => AgentId.parse(id)) as [AgentId, AgentId];
const CALL = CallId.parse('call-1');
const HOTLINE = EntryPointId.parse('hotline');
const MAIN = SwitchId.parse('main');
const HELD = { state: 'not-ready', reason: INTERLOCK_REASON } as const;
const FAR: Instant = 8_000_000_000_000_000;

/** The agents whom `start` must know, logged off. */
export const SUITE_AGENTS: readonly AgentId[] = [ONE, TWO];

/** Runs the suite; `start` makes a fresh switch of an authority mode for each test, linked. */
export function switchDriverContract(
  authority: AuthorityMode,
  start: (authority: AuthorityMode) => Promise<SwitchSubject>,
): void {
  let subject: SwitchSubject;
  let told: SwitchEvent[];
  let request = 0;
  beforeEach(async () => {
    subject = await start(authority);
    told = [];
    subject.driver.follow((event) => void told.push(event));
  });

  const send = async (command: AgentCommand | CallCommand): Promise<void> => {
    subject.driver.send(command);
    await subject.hand.settled();
  };
  const ask = async (type: 'interlock' | 'restore' | 'report', deadline = FAR): Promise<number> => {
    const asked = { request: ++request, switch: MAIN, agent: ONE };
    await send(type === 'interlock' ? { type, ...asked, deadline } : { type, ...asked });
    return request;
  };
  const confirmations = () => told.filter((event) => event.type === 'confirmed');
  const stateOf = async (agent: AgentId) =>
    (await subject.driver.snapshot()).find((each) => each.agent === agent)?.state;

  test('says what it is and which commands it takes', () => {
    const { capabilities, isUp } = subject.driver;
    expect(isUp).toBe(true);
    expect(capabilities.authority).toBe(authority);
    expect([...capabilities.commands]).toEqual(
      expect.arrayContaining(['interlock', 'restore', 'report']),
    );
    expect(capabilities.commands.has('connect')).toBe(authority === 'ours');
    expect(capabilities.commands.has('route')).toBe(authority === 'adjunct');
  });

  describe('an agent’s state', () => {
    test('is told whenever it changes, and stands in the snapshot', async () => {
      await subject.hand.sets(ONE, 'ready');
      await subject.hand.sets(ONE, 'lunch');
      await subject.hand.settled();
      const lunch = { state: 'not-ready', reason: 'lunch' };
      expect(told).toEqual([
        { type: 'state-changed', agent: ONE, state: { state: 'ready' } },
        { type: 'state-changed', agent: ONE, state: lunch },
      ]);
      expect(await subject.driver.snapshot()).toEqual(
        expect.arrayContaining([
          { agent: ONE, state: lunch, calls: [] },
          { agent: TWO, state: { state: 'logged-off' }, calls: [] },
        ]),
      );
    });

    test('is reported when asked for', async () => {
      await ask('report');
      const state = { state: 'logged-off' };
      expect(told[0]).toEqual({ type: 'agent-reported', agent: ONE, state, calls: [] });
    });

    test('is told with the call that lands, and with its end', async () => {
      await subject.hand.sets(ONE, 'ready');
      await subject.hand.callsAgent(CALL, ONE);
      await subject.hand.settled();
      expect(told).toContainEqual({ type: 'call-landed', agent: ONE, call: CALL });
      expect(await subject.driver.snapshot()).toContainEqual(
        expect.objectContaining({ agent: ONE, calls: [CALL] }),
      );
      await subject.hand.hangsUp(CALL);
      await subject.hand.settled();
      expect(told).toContainEqual({ type: 'call-ended', agent: ONE, call: CALL });
    });
  });

  describe('the interlock', () => {
    test('makes who is ready not ready, tells so, and then confirms', async () => {
      await subject.hand.sets(ONE, 'ready');
      const asked = await ask('interlock');
      expect(told.slice(-2)).toEqual([
        { type: 'state-changed', agent: ONE, state: HELD },
        { type: 'confirmed', agent: ONE, request: asked, outcome: 'done' },
      ]);
    });

    test.each(['lunch', 'logged-off'] as const)('is refused of who is %s', async (state) => {
      await subject.hand.sets(ONE, state);
      await subject.hand.settled();
      const before = await stateOf(ONE);
      await ask('interlock');
      expect(confirmations()).toMatchObject([{ outcome: 'refused' }]);
      expect(await stateOf(ONE)).toEqual(before);
    });

    test('is refused of who has a call, and after its deadline', async () => {
      await subject.hand.sets(ONE, 'ready');
      await ask('interlock', -1);
      await subject.hand.callsAgent(CALL, ONE);
      await ask('interlock');
      expect(confirmations()).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }]);
    });

    test('is undone by restoring, once', async () => {
      await subject.hand.sets(ONE, 'ready');
      await ask('interlock');
      await ask('restore');
      expect(await stateOf(ONE)).toEqual({ state: 'ready' });
      expect(confirmations()).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
    });

    test('is not undone where somebody has set another state', async () => {
      await subject.hand.sets(ONE, 'ready');
      await ask('interlock');
      await subject.hand.sets(ONE, 'lunch');
      await ask('restore');
      expect(await stateOf(ONE)).toEqual({ state: 'not-ready', reason: 'lunch' });
      expect(confirmations().at(-1)).toMatchObject({ outcome: 'done' }); // there is nothing to undo
    });
  });

  test('tells nothing while the link is down, and everything by the snapshot when it is back', async () => {
    await subject.hand.sets(ONE, 'ready');
    await subject.hand.link(false);
    await subject.hand.settled();
    expect(subject.driver.isUp).toBe(false);
    const before = told.length;
    await ask('interlock');
    await subject.hand.sets(ONE, 'lunch');
    await subject.hand.settled();
    expect(told).toHaveLength(before);
    await subject.hand.link(true);
    await subject.hand.settled();
    expect(told.slice(before)).toEqual([{ type: 'link-changed', up: true }]);
    expect(await stateOf(ONE)).toEqual({ state: 'not-ready', reason: 'lunch' });
  });

  const ofMode: Readonly<Record<AuthorityMode, () => void>> = {
    'switch-acd'() {
      test('gives a call to who is ready, and never to who is held', async () => {
        await subject.hand.sets(ONE, 'ready');
        await ask('interlock');
        await subject.hand.calls(CALL, HOTLINE);
        await subject.hand.settled();
        expect(told).not.toContainEqual(expect.objectContaining({ type: 'call-landed' }));
        await ask('restore');
        expect(told).toContainEqual({ type: 'call-landed', agent: ONE, call: CALL });
        expect(await stateOf(ONE)).toEqual({ state: 'on-call' });
      });
    },
    adjunct() {
      test('asks whom a call goes to, and does as it is told', async () => {
        await subject.hand.sets(ONE, 'ready');
        await subject.hand.calls(CALL, HOTLINE);
        await subject.hand.settled();
        expect(told).toContainEqual({ type: 'route-requested', call: CALL, entryPoint: HOTLINE });
        await send({ type: 'route', call: CALL, agent: ONE });
        expect(told).toContainEqual({ type: 'call-landed', agent: ONE, call: CALL });
      });

      test.each(['no agent', 'silence'])('goes its own next step after %s', async (answer) => {
        await subject.hand.sets(TWO, 'ready');
        await subject.hand.calls(CALL, HOTLINE);
        await subject.hand.settled();
        if (answer === 'silence') await subject.hand.losesPatience(CALL);
        else await send({ type: 'route', call: CALL });
        await subject.hand.settled();
        expect(told).toContainEqual({ type: 'call-landed', agent: TWO, call: CALL });
      });
    },
    ours() {
      test('tells of a call, keeps it waiting, connects it, and tells who hung up when', async () => {
        await subject.hand.calls(CALL, HOTLINE);
        await subject.hand.settled();
        expect(told).toEqual([{ type: 'call-arrived', call: CALL, entryPoint: HOTLINE }]);
        await send({ type: 'connect', call: CALL, agent: ONE });
        expect(told).toContainEqual({ type: 'call-landed', agent: ONE, call: CALL });
        await send({ type: 'release', call: CALL });
        expect(told).toContainEqual({ type: 'call-ended', agent: ONE, call: CALL });
      });

      test('tells that a caller left before anybody had the call', async () => {
        await subject.hand.calls(CALL, HOTLINE);
        await subject.hand.hangsUp(CALL);
        await subject.hand.settled();
        expect(told.at(-1)).toEqual({ type: 'caller-left', call: CALL });
      });
    },
  };
  ofMode[authority]();
}
