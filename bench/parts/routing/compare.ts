import { chooseAgent } from '#servers/media-director/rules/choose-agent.ts';
import { chooseWork } from '#servers/media-director/rules/choose-work.ts';
import { median } from '../../bench.ts';
import type { Churn } from './churn.ts';
import { arraysOf, scanForAgent, scanForWork } from './linear-scan.ts';

/** So many decisions are made both ways. */
const SAMPLE = 100;

/**
 * Lets the scanning engine make a sample of the decisions too: what it chooses must be the same.
 *
 * @returns What one of its decisions costs: the work for an agent, and the agent for that work. Keeping its
 *   arrays up to date, the state and the journal cost it nothing here.
 * @throws {Error} If it chooses otherwise.
 */
export function measureLinearScan(churn: Churn): { microseconds: number; verified: number } {
  const { state } = churn;
  const times: number[] = [];
  while (times.length < SAMPLE) {
    const agent = churn.endOne();
    const at = churn.now;
    const work = agent && chooseWork(state, agent, at);
    if (work) {
      const arrays = arraysOf(state);
      const began = performance.now();
      const scanned = scanForWork(state, arrays, agent, at);
      const taker = scanForAgent(state, arrays, work, at);
      times.push((performance.now() - began) * 1_000);
      const chosen = chooseAgent(state, work, at)?.agent;
      if (scanned?.id !== work.id || taker !== chosen) {
        const [ours, theirs] = [`${work.id} to ${chosen}`, `${scanned?.id} to ${taker}`];
        throw new Error(`Cannot compare: ours is ${ours}, scanning chooses ${theirs}`);
      }
    }
    churn.goOn();
  }
  return { microseconds: median(times), verified: times.length };
}
