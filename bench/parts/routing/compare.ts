import { median } from '../../bench.ts';
import { chooseWork } from '#servers/media-director/rules/choose-work.ts';
import type { Churn } from './churn.ts';
import { listOfWaiting, scanForWork } from './linear-scan.ts';

/** So many decisions are made both ways. */
const SAMPLE = 300;

/**
 * Lets the scanning engine make a sample of the decisions too: what it chooses must be the same.
 *
 * @returns What one of its choices costs; keeping its arrays up to date and writing the journal cost it nothing here.
 * @throws {Error} If it chooses otherwise.
 */
export function measureLinearScan(churn: Churn): { microseconds: number; verified: number } {
  const { state, world } = churn;
  const entries = listOfWaiting(state);
  const times: number[] = [];
  for (const agent of world.agents) {
    if (times.length === SAMPLE) break;
    // Somebody whose contact has just ended: as if they had one more place.
    const began = performance.now();
    const scanned = scanForWork(state, entries, agent, churn.now);
    times.push((performance.now() - began) * 1_000);
    const chosen = chooseWork(state, agent, churn.now);
    if (chosen?.id !== scanned?.id) {
      throw new Error(`Cannot compare: for ${agent} it is ${chosen?.id}, scanning ${scanned?.id}`);
    }
  }
  return { microseconds: median(times), verified: times.length };
}
