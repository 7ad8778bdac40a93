/** A history lived through, with every promise looked at after each step. Only tests import this file. */
import { Refusal } from '#base/refusal.ts';
import type { RuleCentre } from './centre.ts';
import { perform, type Deed } from './deeds.ts';
import { faultsAfter, momentOf } from './oracle.ts';

/** Lives through a history and tells the first thing that was wrong. */
export function live(centre: RuleCentre, history: readonly Deed[]): string[] {
  for (const deed of history) {
    let before = momentOf(centre);
    let from = centre.state.position;
    const faults: string[] = [];
    const check = (): void => {
      faults.push(...faultsAfter(centre, before, from));
      before = momentOf(centre);
      from = centre.state.position;
    };
    try {
      perform(centre, deed, check);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
    check();
    if (faults.length > 0) return faults.map((fault) => `after ${JSON.stringify(deed)}: ${fault}`);
  }
  return [];
}
