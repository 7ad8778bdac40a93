/** Goes through every moment that the interlock model can come to, the nearest first. Only tests import this file. */
import { faultsInTheEnd, faultsNow, keyOf } from './interlock-faults.ts';
import type { Budget, InterlockModel, ModelState } from './interlock-model.ts';

export interface Explored {
  /** How many different moments were looked at, of those that there are. */
  readonly moments: number;
  readonly isComplete: boolean;
  /** What is wrong at the nearest moment at which anything is: how it came about, then what. */
  readonly faults: readonly string[];
}

interface Met {
  readonly key: string;
  readonly state: ModelState;
  readonly before: Met | undefined;
  readonly by: string;
}

/** @param most Looks at so many moments at most. */
export function explore(model: InterlockModel, budget: Budget, most = Infinity): Explored {
  const known = new Set<string>();
  const met: Met[] = [];
  const meet = (state: ModelState, by: string, before?: Met): void => {
    const key = keyOf(state);
    if (known.has(key)) return;
    known.add(key);
    met.push({ key, state, before, by });
  };
  meet(model.begin(budget), 'it begins');
  let moments = 0;
  for (const each of met) {
    if (moments === most) break;
    moments++;
    const { state } = each;
    const faults = [...faultsNow(model.at(state)), ...faultsInTheEnd(model, state)];
    if (faults.length > 0)
      return { moments, isComplete: false, faults: [storyOf(each), ...faults] };
    for (const deed of model.deeds(state)) meet(model.after(state, deed), deed.name, each);
  }
  return { moments, isComplete: moments === met.length, faults: [] };
}

function storyOf(met: Met): string {
  const deeds: string[] = [];
  for (let each: Met | undefined = met; each; each = each.before) deeds.unshift(each.by);
  return deeds.join('; ');
}
