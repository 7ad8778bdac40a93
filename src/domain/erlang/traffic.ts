import type { Milliseconds } from '#base/time.ts';

/** Contacts of one queue and the agents who serve it, at a time when neither changes. */
export interface Traffic {
  /** The offered load in erlangs: contacts that come in during the mean handling time. */
  readonly load: number;
  readonly agents: number;
  /** How long a contact takes an agent, on average, wrap-up included. */
  readonly handlingTime: Milliseconds;
}

/** @throws {RangeError} If the load is negative, the agents no whole number or a mean time not above 0. */
export function checkTraffic({ load, agents, handlingTime }: Traffic): void {
  if (!(load >= 0 && load < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`The load must be 0 erlangs or more: it is ${load}`);
  }
  if (!Number.isSafeInteger(agents) || agents < 1) {
    throw new RangeError(`Agents must be a whole number, 1 or more: it is ${agents}`);
  }
  checkMeanTime('handling time', handlingTime);
}

/** @throws {RangeError} If `time` is not a time above 0 that ends. */
export function checkMeanTime(name: string, time: Milliseconds): void {
  if (!(time > 0 && time < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`The mean ${name} must be above 0 ms: it is ${time}`);
  }
}
