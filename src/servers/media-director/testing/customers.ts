/** Customers at random, the same ones again for the same seed. Only tests and benches import this file. */
import type { Traffic } from '#domain/erlang/traffic.ts';
import type { Instant, Milliseconds } from '#base/time.ts';

/** One who comes, what handling them takes, and when they give up waiting. */
export interface Customer {
  readonly arrivesAt: Instant;
  readonly handling: Milliseconds;
  /** Infinite where nobody gives up. */
  readonly patience: Milliseconds;
}

/** How one fared. */
export interface Fate {
  readonly waited: Milliseconds;
  readonly abandoned: boolean;
}

/**
 * Poisson arrivals of exponential handling and patience, in whole milliseconds and never two at once. Each
 * of the three has a stream of chance of its own, so that a change of one leaves the others as they are.
 */
export class Customers {
  readonly #between: () => Milliseconds;
  readonly #handling: () => Milliseconds;
  readonly #patience: () => Milliseconds;
  #last = 0;

  constructor(seed: number, { load, handlingTime }: Traffic, patience = Number.POSITIVE_INFINITY) {
    this.#between = exponential(seed * 3, handlingTime / load);
    this.#handling = exponential(seed * 3 + 1, handlingTime);
    this.#patience = exponential(seed * 3 + 2, patience);
  }

  next(): Customer {
    this.#last += Math.max(1, this.#between());
    return { arrivesAt: this.#last, handling: this.#handling(), patience: this.#patience() };
  }
}

function exponential(seed: number, mean: Milliseconds): () => Milliseconds {
  if (mean === Number.POSITIVE_INFINITY) return () => mean;
  const chance = chanceFrom(seed);
  return () => Math.round(-Math.log(chance()) * mean);
}

/**
 * Numbers above 0 and below 1, the same for the same seed.
 *
 * @see C. Doty-Humphrey, PractRand: sfc32.
 */
function chanceFrom(seed: number): () => number {
  let a = seed | 0;
  let b = 0x2545f491;
  let c = 0x9e3779b9 | 0;
  let count = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + count++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return ((sum >>> 0) + 0.5) / 2 ** 32;
  };
  for (let n = 0; n < 16; n++) next(); // or near seeds begin alike
  return next;
}
