import type { Milliseconds } from '#base/time.ts';
import { checkTraffic, type Traffic } from './traffic.ts';

/** What customers meet who never give up. */
export interface PatientWait {
  /** The chance that a contact must wait because every agent is busy, from 0 to 1. */
  readonly waits: number;
  /** The mean wait of all contacts, those that do not wait included; infinite under too much load. */
  readonly meanWait: Milliseconds;
}

/**
 * Waiting by Erlang C: contacts come in at random (Poisson), take agents an exponential time, and are
 * served in the order in which they came. Waiting contacts never give up, so it overstates the wait of
 * an impatient crowd. Good for thousands of agents.
 *
 * @returns With a load of `agents` or more, everybody waits without end.
 * @throws {RangeError} If the load is negative, the agents no whole number or the time not above 0.
 * @see A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in
 * automatic telephone exchanges", 1917.
 */
export function erlangC(traffic: Traffic): PatientWait {
  checkTraffic(traffic);
  const { load, agents, handlingTime } = traffic;
  if (load >= agents) return { waits: 1, meanWait: Number.POSITIVE_INFINITY };
  let blocked = 1; // Erlang B, by its recurrence on agents: the factorials would overflow
  for (let n = 1; n <= agents; n++) blocked = (load * blocked) / (n + load * blocked);
  const waits = (agents * blocked) / (agents - load * (1 - blocked));
  return { waits, meanWait: (waits * handlingTime) / (agents - load) };
}
