import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '#base/refusal.ts';
import { WORK_ITEM_STATES } from '#domain/work-item/state.ts';
import { agentId, RuleCentre } from '../../testing/centre.ts';
import { DEEDS_CENTRE, perform, someDeed, type Deed } from '../../testing/deeds.ts';
import { historyFaults } from '../../testing/history-faults.ts';
import { PEOPLE_DEEDS } from '../../testing/people-deeds.ts';
import { faultsOfPeople } from '../../testing/people-oracle.ts';

const HISTORIES = process.env['EMCEE_SOAK'] ? 1_000 : 25;
const SUPERVISOR = agentId('supervisor-1');

/** Every other deed is one of several people. */
const someHistory = fc.array(
  fc.oneof(
    someDeed,
    fc.record({
      name: fc.constantFrom(...Object.keys(PEOPLE_DEEDS), 'takeUp', 'takeUp', 'invite', 'invite'),
      which: fc.nat(999),
      who: fc.nat(3),
      how: fc.nat(999),
      wait: fc.constantFrom(0, 1, 10, 6_000),
    }),
  ),
  { minLength: 50, maxLength: 400, size: 'max' },
);

function live(history: readonly Deed[], after: (centre: RuleCentre) => void): RuleCentre {
  const centre = new RuleCentre(DEEDS_CENTRE);
  centre.ready(...Object.keys(DEEDS_CENTRE.agent));
  for (const deed of history) {
    try {
      perform(centre, deed, () => {});
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    after(centre);
  }
  return centre;
}

test('Contacts counted are segments open, and nobody takes part in what nobody owns, after any history', () => {
  let joined = 0;
  const property = fc.property(someHistory, (history) => {
    const centre = live(history, (now) => expect(faultsOfPeople(now)).toEqual([]));
    expect(historyFaults(centre.journal)).toEqual([]);
    joined += centre.types().filter((type) => type === 'participant-joined').length;
  });
  fc.assert(property, { numRuns: HISTORIES });
  expect(joined).toBeGreaterThan(HISTORIES); // or nothing was tested
});

test('S01: whatever became of a work item, a supervisor can requeue it and close it', () => {
  const seen = new Set<string>();
  const property = fc.property(someHistory, fc.nat(999), (history, which) => {
    const centre = live(history, () => {});
    const items = [...centre.state.centre.items.values()];
    const item = items[which % items.length];
    if (!item) return;
    seen.add(item.state);
    centre.run('pullBack', { item: item.id, by: SUPERVISOR }, false);
    expect(centre.item(item.id)).toMatchObject({ state: 'queued', enteredAt: item.enteredAt });
    centre.run('forceClose', { item: item.id, by: SUPERVISOR });
    expect(centre.state.item(item.id)).toBeUndefined();
    expect(faultsOfPeople(centre)).toEqual([]);
  });
  fc.assert(property, { numRuns: HISTORIES * 2 });
  expect(WORK_ITEM_STATES).toEqual(expect.arrayContaining([...seen]));
  expect(seen.size).toBeGreaterThan(2);
});
