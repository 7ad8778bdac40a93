import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RuleCentre } from '../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../testing/deeds.ts';
import { historyFaults } from '../testing/history-faults.ts';
import { histories, LONGEST_HISTORY, PATIENCE } from '../testing/histories.ts';
import { live } from '../testing/live.ts';
import { someCentre } from '../testing/some-centre.ts';

const someLife = fc.record({
  documents: someCentre,
  deeds: fc.array(someDeed, { minLength: 150, maxLength: LONGEST_HISTORY, size: 'max' }),
});

/** Each of these must have come about, or nothing was tested. */
const WANTED = [
  'work-item-offered',
  'requirement-relaxed',
  'capacity-released',
  'work-item-reordered',
  'work-item-merged',
  'participant-joined',
  'customer-replied',
  'work-item-parked',
  'wrap-up-ended',
  'overflow',
  'callback',
];

test(
  'R02, R03, R05, R12, R14, R17, R20, P08, P09, S03, S05, S10, S11: every promise holds whatever is set and whatever happens',
  () => {
    const seen = new Set<string>();
    const property = fc.property(someLife, ({ documents, deeds }) => {
      const centre = new RuleCentre(documents);
      if (deeds.length % 2 === 0) centre.ready(...Object.keys(DEEDS_CENTRE.agent));
      expect(live(centre, deeds)).toEqual([]);
      expect(historyFaults(centre.journal)).toEqual([]);
      for (const { body } of centre.journal) {
        seen.add(body.type);
        if (body.type === 'work-item-transferred' && body.cause) seen.add(body.cause);
      }
    });
    fc.assert(property, { numRuns: histories(20), interruptAfterTimeLimit: PATIENCE });
    expect([...seen]).toEqual(expect.arrayContaining(WANTED));
  },
  2 * PATIENCE,
);
