import { expect, test } from 'vitest';
import { faultsInTheEnd, faultsNow, keyOf } from '../../testing/interlock-faults.ts';
import { InterlockModel, type Budget, type ModelState } from '../../testing/interlock-model.ts';

const NOTHING: Budget = {
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

interface Explored {
  readonly states: number;
  readonly isComplete: boolean;
  readonly faults: readonly string[];
}

function explore(agents: number, some: Partial<Budget>, most: number): Explored {
  const model = new InterlockModel(agents);
  const known = new Map<string, { from: string | undefined; by: string }>();
  const open: { state: ModelState; key: string }[] = [];
  const meet = (state: ModelState, from: string | undefined, by: string): void => {
    const key = keyOf(state);
    if (known.has(key)) return;
    known.set(key, { from, by });
    open.push({ state, key });
  };
  const story = (key: string): string => {
    const deeds: string[] = [];
    for (let k: string | undefined = key; k !== undefined; k = known.get(k)?.from) {
      deeds.unshift(known.get(k)?.by ?? '');
    }
    return deeds.join('; ');
  };
  meet(model.begin({ ...NOTHING, ...some }), undefined, 'it begins');
  let done = 0;
  for (; done < open.length && done < most; done++) {
    const { state, key } = open[done]!;
    const faults = [...faultsNow(model.at(state)), ...faultsInTheEnd(model, state)];
    if (faults.length > 0) {
      return { states: done, isComplete: false, faults: [story(key), ...faults] };
    }
    for (const deed of model.deeds(state)) meet(model.after(state, deed), key, deed.name);
  }
  return { states: done, isComplete: done === open.length, faults: [] };
}

test.each<[number, Partial<Budget>]>([
  [1, { texts: 1, calls: 1 }],
  [1, { texts: 1, calls: 1, sets: 1 }],
  [1, { texts: 1, calls: 1, linkLosses: 1 }],
  [1, { texts: 1, directCalls: 1, silences: 1 }],
  [1, { texts: 2, calls: 1, declines: 1 }],
  [2, { texts: 1, calls: 1, refusals: 1 }],
])(
  '%i agents, %j',
  (agents, some) => {
    const t = performance.now();
    const { faults, states, isComplete } = explore(agents, some, 30000);
    console.log(agents, some, states, isComplete, performance.now() - t);
    expect(faults).toEqual([]);
  },
  60_000,
);
