import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleCentre } from '../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../testing/deeds.ts';
import { histories, LONGEST_HISTORY, PATIENCE } from '../testing/histories.ts';
import { live } from '../testing/live.ts';

const FRENCH = { type: 'skill', skill: 'french', level: 8 };
const SOME_FRENCH = { type: 'skill', skill: 'french', level: 2 };
const BERLIN = { type: 'attribute', attribute: 'site', values: ['berlin'] };

/** The agents and queues of the deeds, under everything that an administrator may set of who comes first. */
const centreWith = (order: string, ageing: number, reset: string) => ({
  organisation: {
    organisation: { routing: { ageing, hysteresis: 20, idle: { resetBy: reset } } },
  },
  agent: {
    'agent-1': { ...DEEDS_CENTRE.agent['agent-1'], attributes: { site: 'berlin' } },
    'agent-2': { ...DEEDS_CENTRE.agent['agent-2'], skills: { french: 2, sales: 9 } },
    'agent-3': DEEDS_CENTRE.agent['agent-3'],
    'agent-4': { capacity: { task: 1, email: 2, 'web-chat': 2 }, attributes: { site: 'rome' } },
  },
  queue: {
    ...DEEDS_CENTRE.queue,
    sales: {
      agentOrder: order,
      serviceObjective: 20_000,
      preferredWait: 12_000,
      requirements: [
        { after: 0, requirement: { must: FRENCH, preferred: BERLIN } },
        { after: 8_000, requirement: { must: { type: 'any', of: [SOME_FRENCH, BERLIN] } } },
        { after: 30_000, requirement: { preferred: SOME_FRENCH } },
      ],
    },
    french: {
      agentOrder: order,
      serviceObjective: 45_000,
      serves: { type: 'skilled', skills: { french: 2 } },
      preferredWait: 12_000,
    },
    tasks: { ...DEEDS_CENTRE.queue.tasks, tier: 4, agentOrder: 'round-robin' },
  },
  code: DEEDS_CENTRE.code,
});

const someHistory = fc.record({
  deeds: fc.array(someDeed, { minLength: 100, maxLength: LONGEST_HISTORY, size: 'max' }),
  order: fc.constantFrom(
    'longest-idle',
    'least-occupied',
    'most-skilled',
    'most-spare-capacity',
    'round-robin',
  ),
  ageing: fc.constantFrom(0, 0, 5_000),
});

test(
  'R01, R03, R17, R22: whatever orders, steps and preferences are set, the first has it after every step',
  () => {
    const seen = new Set<string>();
    const property = fc.property(someHistory, ({ deeds, order, ageing }) => {
      const centre = new RuleCentre(centreWith(order, ageing, 'any-channel'));
      if (deeds.length % 2 === 0) centre.ready('agent-1', 'agent-2', 'agent-3', 'agent-4');
      expect(live(centre, deeds)).toEqual([]);
      for (const { body } of centre.journal) {
        seen.add(body.type === 'work-item-offered' ? body.choice.rule : body.type);
      }
    });
    fc.assert(property, { numRuns: histories(15), interruptAfterTimeLimit: PATIENCE });
    // Or nothing was tested.
    expect([...seen]).toEqual(expect.arrayContaining(['requirement-relaxed', 'preferred-agent']));
    const orders = ['least-occupied', 'most-skilled', 'most-spare-capacity', 'round-robin'];
    expect(orders.some((rule) => seen.has(rule))).toBe(true);
  },
  2 * PATIENCE,
);
