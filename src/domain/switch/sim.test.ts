import { describe, expect, test } from 'vitest';
import { AgentId, CallId, EntryPointId } from '../ids.ts';
import { AuthorityMode } from './authority.ts';
import { SimDriver } from './sim-driver.ts';
import { simSnapshot, simStep, simSwitch, type SimInput } from './sim.ts';
import { SUITE_AGENTS, switchDriverContract } from './suite.ts';

const STATES = {
  ready: { state: 'ready' },
  lunch: { state: 'not-ready', reason: 'lunch' },
  'logged-off': { state: 'logged-off' },
} as const;

describe.each(AuthorityMode.options)('the driver of sim, %s', (authority) => {
  switchDriverContract(authority, async (mode) => {
    const driver = new SimDriver(mode, SUITE_AGENTS);
    const happens = async (input: SimInput): Promise<void> => driver.happens(input);
    return {
      driver,
      hand: {
        sets: (agent, state) => happens({ type: 'set', agent, state: STATES[state] }),
        calls: (call, entryPoint) => happens({ type: 'call', call, entryPoint }),
        callsAgent: (call, agent) => happens({ type: 'direct-call', call, agent }),
        hangsUp: (call) => happens({ type: 'hang-up', call }),
        losesPatience: (call) => happens({ type: 'give-up', call }),
        link: (up) => happens({ type: 'link', up }),
        settled: async () => {},
      },
    };
  });
});

const [ONE, TWO] = ['agent-1', 'agent-2'].map((id) => AgentId.parse(id)) as [AgentId, AgentId];
const FIRST = CallId.parse('call-1');
const SECOND = CallId.parse('call-2');
const HOTLINE = EntryPointId.parse('hotline');
const live = (inputs: readonly SimInput[], hasWrapUp = false) => {
  let sim = simSwitch('switch-acd', [ONE, TWO], { hasWrapUp });
  for (const input of inputs) ({ sim } = simStep(sim, input));
  return simSnapshot(sim);
};
const ready = (agent: AgentId): SimInput => ({ type: 'set', agent, state: STATES.ready });

test('calls wait in order, and each goes to whoever has been ready longest', () => {
  const seen = live([
    ready(TWO),
    ready(ONE),
    { type: 'call', call: FIRST, entryPoint: HOTLINE },
    { type: 'call', call: SECOND, entryPoint: HOTLINE },
  ]);
  expect(seen).toEqual([
    { agent: TWO, state: { state: 'on-call' }, calls: [FIRST] },
    { agent: ONE, state: { state: 'on-call' }, calls: [SECOND] },
  ]);
});

test('what an agent sets during a call holds when it ends; after wrap-up they say ready', () => {
  const call: SimInput = { type: 'call', call: FIRST, entryPoint: HOTLINE };
  const end: SimInput = { type: 'hang-up', call: FIRST };
  const lunch: SimInput = { type: 'set', agent: ONE, state: STATES.lunch };
  expect(live([ready(ONE), call, lunch, end])).toContainEqual(
    expect.objectContaining({ agent: ONE, state: STATES.lunch }),
  );
  expect(live([ready(ONE), call, end], true)).toContainEqual(
    expect.objectContaining({ agent: ONE, state: { state: 'wrap-up' } }),
  );
});
