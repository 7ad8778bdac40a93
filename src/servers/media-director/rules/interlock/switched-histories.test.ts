import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { AgentId, CallId, EntryPointId } from '#domain/ids.ts';
import { isInterlocked } from '#domain/switch/at-switch.ts';
import type { SimInput } from '#domain/switch/sim.ts';
import { DEEDS_CENTRE, perform, someDeed, type Deed } from '../../testing/deeds.ts';
import { SwitchedCentre, THE_SWITCH } from '../../testing/switched-centre.ts';
import { violationsOf } from '../invariants.ts';
import { obstacleAtSwitch } from './at-the-switch.ts';

const HISTORIES = process.env['EMCEE_SOAK'] ? 1_000 : 25;
const PATIENCE = { timeout: process.env['EMCEE_SOAK'] ? 600_000 : 30_000 };

/** The centre of all histories, in which a switch gives three of the four agents their calls. */
const DOCUMENTS = {
  ...DEEDS_CENTRE,
  agent: Object.fromEntries(
    Object.entries(DEEDS_CENTRE.agent).map(([id, agent]) =>
      id === 'agent-4'
        ? [id, agent]
        : [id, { ...agent, switch: { id: THE_SWITCH, mode: 'switch-acd' } }],
    ),
  ),
};
const AGENTS = ['agent-1', 'agent-2', 'agent-3'].map((id) => AgentId.parse(id));

/** Something at the switch or between it and the director; the number chooses among what there is. */
interface AtSwitch {
  readonly at: 'obeys' | 'refuses' | 'silent' | 'hears' | 'settles' | 'world';
  readonly which: number;
}

const someAtSwitch: fc.Arbitrary<AtSwitch> = fc.record({
  at: fc.constantFrom(
    'obeys',
    'obeys',
    'refuses',
    'silent',
    'hears',
    'hears',
    'settles',
    'world',
    'world',
  ),
  which: fc.nat(999),
});
const someHistory = fc.array(
  fc.oneof({ arbitrary: someDeed, weight: 1 }, { arbitrary: someAtSwitch, weight: 1 }),
  { minLength: 1, maxLength: 400, size: 'max' },
);

function worldOf(centre: SwitchedCentre, which: number): SimInput {
  const agent = AGENTS[which % AGENTS.length] ?? AGENTS[0]!;
  const call = CallId.parse(`call-${which}`);
  const open = centre.sim.calls[which % Math.max(centre.sim.calls.length, 1)];
  const inputs: SimInput[] = [
    { type: 'set', agent, state: { state: 'ready' } },
    { type: 'set', agent, state: { state: 'ready' } },
    { type: 'set', agent, state: { state: 'not-ready', reason: 'lunch' } },
    { type: 'set', agent, state: { state: 'logged-off' } },
    { type: 'call', call, entryPoint: EntryPointId.parse('hotline') },
    { type: 'direct-call', call, agent },
    { type: 'hang-up', call: open?.id ?? call },
    { type: 'hang-up', call: open?.id ?? call },
    { type: 'link', up: which % 3 > 0 },
  ];
  return inputs[which % inputs.length]!;
}

function happen(centre: SwitchedCentre, step: Deed | AtSwitch): void {
  if (!('at' in step)) return centre.does((rules) => perform(rules, step, () => {}));
  if (step.at === 'hears') return centre.hear();
  if (step.at === 'settles') return void centre.settle();
  if (step.at === 'world') return centre.happens(worldOf(centre, step.which));
  centre.happens({ type: 'answers', answers: step.at });
  centre.carryOut();
  centre.happens({ type: 'answers', answers: 'obeys' });
}

/** What must hold whatever else is going on in the centre. */
function faultsOf({ rules: { state } }: SwitchedCentre): string[] {
  const faults = violationsOf(state).map(({ what }) => what);
  for (const { id, state: now, agent, channel } of state.centre.items.values()) {
    const facts = agent === undefined || now !== 'offered' ? undefined : state.agent(agent);
    const obstacle = facts && obstacleAtSwitch(channel, facts);
    if (obstacle) faults.push(`${id} is offered to ${agent}: ${obstacle}`);
  }
  for (const { id, atSwitch, wrapUps } of state.centre.agents.values()) {
    const isFree = state.workOf(id).length + state.partsOf(id).length + wrapUps.length === 0;
    if (!atSwitch || !isFree || atSwitch.calls.length > 0 || !isInterlocked(atSwitch)) continue;
    if (!atSwitch.restore) faults.push(`${id} is held with nothing at hand`);
  }
  return faults;
}

test(
  'P08: among everything else that happens, no offer rings beside a call and nobody is held for nothing',
  PATIENCE,
  () => {
    let held = 0;
    const property = fc.property(someHistory, (history) => {
      const centre = SwitchedCentre.begin('switch-acd', AGENTS, DOCUMENTS);
      centre.does((rules) => rules.ready(...Object.keys(DOCUMENTS.agent)));
      for (const agent of AGENTS) centre.happens({ type: 'set', agent, state: { state: 'ready' } });
      centre.settle();
      for (const step of history) {
        try {
          happen(centre, step);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
        const faults = faultsOf(centre);
        expect({ step, faults }).toEqual({ step, faults: [] });
      }
      held += centre.rules.types().filter((type) => type === 'interlock-confirmed').length;
    });
    fc.assert(property, { numRuns: HISTORIES });
    expect(held).toBeGreaterThan(HISTORIES); // or nothing was tested
  },
);
