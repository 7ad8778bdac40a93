import type { Milliseconds } from '#base/time.ts';
import { checkMeanTime, checkTraffic, type Traffic } from './traffic.ts';

/** What customers meet some of whom give up. */
export interface ImpatientWait {
  /** The chance that a contact finds every agent busy, from 0 to 1. */
  readonly waits: number;
  /** The chance that a contact leaves before it is answered, from 0 to 1. */
  readonly abandons: number;
  /** The mean wait of all contacts: answered at once, answered later or abandoned. */
  readonly meanWait: Milliseconds;
}

/** Beyond this the sums are made smaller, all alike: under great load they leave what a number can hold. */
const TOO_LARGE = 1e200;

/**
 * Waiting by Erlang A: as Erlang C, but who waits gives up after an exponential time of their own. It
 * settles under every load. Good for thousands of agents, and for patience of thousands of handling times.
 *
 * The number of contacts present is a birth-and-death process. With every agent busy and j more waiting,
 * one leaves at the rate agents + j × handlingTime / patience per handling time: all terms are positive, so
 * that nothing cancels out. What stands for fewer contacts than agents is known from Erlang B.
 *
 * @param patience How long a customer waits before giving up, on average.
 * @throws {RangeError} If the load is negative, the agents no whole number or a time not above 0.
 * @see C. Palm, "Research on telephone traffic carried by full availability groups", 1957.
 * @see A. Mandelbaum and S. Zeltyn, "The Palm/Erlang-A queue, with applications to call centers", 2005, §3.
 */
export function erlangA(traffic: Traffic, patience: Milliseconds): ImpatientWait {
  checkTraffic(traffic);
  checkMeanTime('patience', patience);
  const { load, agents, handlingTime } = traffic;
  if (load === 0) return { waits: 0, abandons: 0, meanWait: 0 };
  let toBlocked = 1; // 1 / Erlang B
  for (let n = 1; n <= agents; n++) toBlocked = 1 + (toBlocked * n) / load;

  // All relative to the chance that every agent is busy and nobody waits.
  let someFree = toBlocked - 1;
  let allBusy = 0;
  let waiting = 0;
  let chance = 1;
  for (let j = 0; ; j++) {
    allBusy += chance;
    waiting += chance * j;
    const leaving = agents + ((j + 1) * handlingTime) / patience;
    chance *= load / leaving;
    if (leaving > load && chance * (j + 1) <= waiting * Number.EPSILON ** 2) break;
    if (chance < TOO_LARGE) continue;
    someFree /= TOO_LARGE;
    allBusy /= TOO_LARGE;
    waiting /= TOO_LARGE;
    chance /= TOO_LARGE;
  }
  const all = someFree + allBusy;
  const meanWait = ((waiting / all) * handlingTime) / load; // Little
  return { waits: allBusy / all, abandons: meanWait / patience, meanWait };
}
