import type { Instant } from '#base/time.ts';
import type { Customer, Fate } from './customers.ts';

/**
 * A queue in a few lines, to compare with: who comes first is served first, by whoever is free first; who
 * would wait longer than their patience leaves. Only tests and benches import this file.
 *
 * @see J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", 1955; F. Baccelli and
 * G. Hebuterne, "On queues with impatient customers", 1981.
 */
export class FirstComeFirstServed {
  /** When each agent is free: a binary heap, the first at 1. */
  readonly #free: Float64Array;
  readonly #agents: number;

  constructor(agents: number) {
    this.#agents = agents;
    this.#free = new Float64Array(agents + 1);
  }

  /** How a customer fares; they are told in the order in which they come. */
  serve({ arrivesAt, handling, patience }: Customer): Fate {
    const wouldWait = Math.max(0, (this.#free[1] ?? 0) - arrivesAt);
    if (patience < wouldWait) return { waited: patience, abandoned: true };
    this.#occupyFirst(arrivesAt + wouldWait + handling);
    return { waited: wouldWait, abandoned: false };
  }

  #occupyFirst(until: Instant): void {
    const free = this.#free;
    let at = 1;
    for (;;) {
      let child = at * 2;
      if (child > this.#agents) break;
      if (child < this.#agents && free[child + 1]! < free[child]!) child++;
      if (free[child]! >= until) break;
      free[at] = free[child]!;
      at = child;
    }
    free[at] = until;
  }
}
