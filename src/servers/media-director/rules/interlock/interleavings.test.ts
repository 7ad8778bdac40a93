import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explore } from '../../testing/explore.ts';
import { keyOf } from '../../testing/interlock-faults.ts';
import { InterlockModel, type Budget } from '../../testing/interlock-model.ts';

const NOTHING: Readonly<Record<keyof Budget, number>> = {
  texts: 0,
  calls: 0,
  directCalls: 0,
  sets: 0,
  linkLosses: 0,
  refusals: 0,
  silences: 0,
  declines: 0,
  abandons: 0,
  logOuts: 0,
  restarts: 0,
};

/** `npm run soak` looks at all that can happen, `npm test` at what can happen soonest. */
const IS_SOAK = process.env['EMCEE_SOAK'] !== undefined;
const MOST = IS_SOAK ? 20_000 : 150;
const PATIENCE = { timeout: IS_SOAK ? 900_000 : 30_000 };

const KINDS = (Object.keys(NOTHING) as (keyof Budget)[]).slice(2);

/** One thing more that may happen; in a soak any two. */
const some: Partial<Budget>[] = KINDS.flatMap((one, n) =>
  IS_SOAK
    ? KINDS.slice(n).map((other) => (one === other ? { [one]: 2 } : { [one]: 1, [other]: 1 }))
    : [{ [one]: 1 }],
);

describe('whatever happens around the interlock, in every order', () => {
  test('one text and one call: nothing else can be', PATIENCE, () => {
    const { faults, isComplete } = explore(new InterlockModel(1), {
      ...NOTHING,
      texts: 1,
      calls: 1,
    });
    expect({ faults, isComplete }).toEqual({ faults: [], isComplete: true });
  });

  test.each(some)('one text, one call and %j', PATIENCE, (more) => {
    const budget = { ...NOTHING, texts: 1, calls: 1, ...more };
    expect(explore(new InterlockModel(1), budget, MOST).faults).toEqual([]);
  });

  test.each<Partial<Budget>>([
    { texts: 2, calls: 1 },
    { texts: 1, directCalls: 1, refusals: 1 },
    { texts: 1, sets: 1, linkLosses: 1 },
  ])('two agents, %j', PATIENCE, (budget) => {
    expect(explore(new InterlockModel(2), { ...NOTHING, ...budget }, MOST).faults).toEqual([]);
  });
});

test(
  'a director that begins anew after every step decides as one that never does',
  PATIENCE,
  () => {
    const model = new InterlockModel(2);
    const all: Record<keyof Budget, number> = { ...NOTHING };
    for (const kind of Object.keys(all) as (keyof Budget)[]) all[kind] = 3;
    const choices = fc.array(fc.nat(10_000), { minLength: 20, maxLength: 80 });
    const property = fc.property(choices, (walk) => {
      let state = model.begin(all);
      const lasting = model.at(state);
      for (const choice of walk) {
        const deeds = model.deeds(state);
        const deed = deeds[choice % deeds.length];
        if (!deed) return;
        const lasted = model.after(state, deed, lasting);
        state = model.after(state, deed);
        expect(keyOf(state)).toBe(keyOf(lasted));
      }
    });
    fc.assert(property, { numRuns: IS_SOAK ? 500 : 10 });
  },
);
