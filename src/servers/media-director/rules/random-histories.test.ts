import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Centre } from '#domain/work-item/centre.ts';
import { POLICY, RuleCentre } from '../testing/centre.ts';
import { DEEDS_CENTRE, someDeed } from '../testing/deeds.ts';
import { histories, LONGEST_HISTORY, PATIENCE } from '../testing/histories.ts';
import { live } from '../testing/live.ts';
import { DirectorState } from './director-state.ts';

const someHistory = fc.array(someDeed, { minLength: 1, maxLength: LONGEST_HISTORY, size: 'max' });

test(
  'R02, R03, R05, R07, R10, P08, P09, S03: every promise holds after every step of random histories',
  () => {
    let offers = 0;
    const property = fc.property(someHistory, (history) => {
      const centre = new RuleCentre(DEEDS_CENTRE);
      if (history.length % 2 === 0) centre.ready(...Object.keys(DEEDS_CENTRE.agent));
      expect(live(centre, history)).toEqual([]);
      offers += centre.types().filter((type) => type === 'work-item-offered').length;
    });
    fc.assert(property, { numRuns: histories(20), interruptAfterTimeLimit: PATIENCE });
    expect(offers).toBeGreaterThan(100); // or nothing was tested
  },
  2 * PATIENCE,
);

test(
  'The fold of the journal is the state: what recovery, data servers and browsers rely on',
  () => {
    const property = fc.property(someHistory, (history) => {
      const centre = new RuleCentre(DEEDS_CENTRE);
      live(centre, history);
      const fold = new Centre();
      for (const record of centre.journal) fold.apply(record);
      expect(sorted(fold)).toEqual(sorted(centre.state.centre));

      const again = new DirectorState(POLICY);
      for (const { at, body } of centre.journal) again.apply(at, body);
      expect(countsOf(again)).toEqual(countsOf(centre.state));
    });
    fc.assert(property, { numRuns: 5 });
  },
  PATIENCE,
);

const countsOf = ({ position, lastOffer, entered, ended, endings }: DirectorState) => ({
  position,
  lastOffer,
  entered,
  ended,
  endings,
});

const sorted = (centre: Centre) => {
  const { items, agents, position } = centre.snapshot();
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  return { position, items: items.toSorted(byId), agents: agents.toSorted(byId) };
};
