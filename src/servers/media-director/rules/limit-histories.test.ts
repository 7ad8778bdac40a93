import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleCentre } from '../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../testing/deeds.ts';
import { histories, LONGEST_HISTORY, PATIENCE } from '../testing/histories.ts';
import { live } from '../testing/live.ts';

/** The agents and queues of the deeds, under every limit that can be set. */
const centreWith = (budget: number | undefined, interrupts: object) => ({
  organisation: {
    organisation: {
      routing: {
        weights: { task: 60 },
        interrupts,
        mostPerAgent: { 'web-chat': 2 },
        idleContactReleases: 5_000,
      },
    },
  },
  agent: {
    'agent-1': { ...DEEDS_CENTRE.agent['agent-1'], budget },
    'agent-2': DEEDS_CENTRE.agent['agent-2'],
    'agent-3': { ...DEEDS_CENTRE.agent['agent-3'], budget },
    'agent-4': { capacity: { task: 1, email: 2, 'web-chat': 3 }, budget },
  },
  queue: {
    ...DEEDS_CENTRE.queue,
    sales: { mostPerAgent: 1, preferredWait: 3_000 },
    french: { ...DEEDS_CENTRE.queue.french, autoAcceptAfter: 500 },
    tasks: { ...DEEDS_CENTRE.queue.tasks, mostPerAgent: 2 },
  },
  code: DEEDS_CENTRE.code,
});

const someHistory = fc.record({
  deeds: fc.array(someDeed, { minLength: 100, maxLength: LONGEST_HISTORY, size: 'max' }),
  budget: fc.constantFrom(undefined, 50, 90, 130),
  interrupts: fc.constantFrom({}, { 'web-chat': ['email', 'task'] }, { task: ['web-chat'] }),
});

test(
  'R04, R05, R12, R15, P07, P08, P12: whatever limits are set, nobody is above them, and nobody below them idle',
  () => {
    const seen = new Set<string>();
    const property = fc.property(someHistory, ({ deeds, budget, interrupts }) => {
      const centre = new RuleCentre(centreWith(budget, interrupts));
      if (deeds.length % 2 === 0) centre.ready('agent-1', 'agent-2', 'agent-3', 'agent-4');
      expect(live(centre, deeds)).toEqual([]);
      for (const { body } of centre.journal) {
        seen.add(body.type === 'work-item-requeued' ? body.reason : body.type);
      }
    });
    fc.assert(property, { numRuns: histories(20), interruptAfterTimeLimit: PATIENCE });
    // Or nothing was tested.
    expect([...seen]).toEqual(expect.arrayContaining(['capacity-released', 'customer-replied']));
  },
  2 * PATIENCE,
);
