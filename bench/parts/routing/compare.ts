import { chooseAgent } from '#servers/media-director/rules/choose-agent.ts';
import { chooseWork } from '#servers/media-director/rules/choose-work.ts';
import { median } from '../../bench.ts';
import type { Churn } from './churn.ts';
import { arraysOf, scanForAgent, scanForWork, type Arrays } from './linear-scan.ts';

/** So many hand-overs are decided both ways. */
const SAMPLE = 100;

/**
 * Lets the scanning engine decide a sample of hand-overs too: what it chooses must be the same. Whoever gives
 * work out has to look four times for each: for the work of an agent who has become free and for the agent
 * for that work, once more for the agent if they have room left, and for an agent for what comes in instead.
 *
 * @returns What that costs it for one hand-over. Keeping its arrays up to date, the state and the journal cost
 *   it nothing here.
 * @throws {Error} If it chooses otherwise.
 */
export function measureLinearScan(churn: Churn): { microseconds: number; verified: number } {
  const { state } = churn;
  const times: number[] = [];
  while (times.length < SAMPLE) {
    const agent = churn.endOne();
    const work = agent && chooseWork(state, agent, churn.now);
    if (work) {
      const toThem = time(
        churn,
        (arrays, at) => scanForWork(state, arrays, agent, at)?.id,
        work.id,
      );
      const taker = chooseAgent(state, work, churn.now)?.agent;
      const toWhom = time(churn, (arrays, at) => scanForAgent(state, arrays, work, at), taker);
      churn.goOn();
      const more = chooseWork(state, agent, churn.now)?.id;
      const again = time(churn, (arrays, at) => scanForWork(state, arrays, agent, at)?.id, more);
      const item = state.item(churn.submitOne());
      const next = item && chooseAgent(state, item, churn.now)?.agent;
      const instead = item
        ? time(churn, (arrays, at) => scanForAgent(state, arrays, item, at), next)
        : 0;
      times.push(toThem + toWhom + again + instead);
    }
    churn.goOn();
  }
  return { microseconds: median(times), verified: times.length * 4 };
}

/** How long a scan takes. @throws {Error} If it does not find what is expected. */
function time(
  churn: Churn,
  scan: (arrays: Arrays, at: number) => string | undefined,
  expected: string | undefined,
): number {
  const arrays = arraysOf(churn.state);
  const began = performance.now();
  const found = scan(arrays, churn.now);
  const elapsed = performance.now() - began;
  if (found === expected) return elapsed * 1_000;
  throw new Error(`Cannot compare: the director chooses ${expected}, scanning ${found}`);
}
