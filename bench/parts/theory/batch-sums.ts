import type { Instant } from '#base/time.ts';
import type { Customer, Fate } from '#servers/media-director/testing/customers.ts';
import type { Batch } from './estimate.ts';
import { HANDLING_TIME, type Setting } from './settings.ts';

/** What is compared with theory; the mean wait in handling times. */
export type Measure = 'waits' | 'mean wait' | 'abandons';

/** The value of one customer, of which a measure is the mean. */
export const MEASURES: Readonly<Record<Measure, (fate: Fate) => number>> = {
  waits: ({ waited }) => (waited > 0 ? 1 : 0),
  'mean wait': ({ waited }) => waited / HANDLING_TIME,
  abandons: ({ abandoned }) => (abandoned ? 1 : 0),
};

/** The pressure forgets within so many handling times: about as long as a crowd lasts. */
const PRESSURE_LASTS = 4;

/**
 * Adds customers up to batches. The controls of a batch are what is known of customers as such, however they
 * are served: how thick they come, what they take, how patient they are; and the pressure of the last while,
 * as work that came in less work that could be done, squared and cubed: crowds come of it.
 */
export class BatchSums {
  readonly #setting: Setting;
  /** How much of the pressure is left at the next customer. */
  readonly #left: number;
  /** What the square of the pressure is on average: a customer adds two exponential times, one less the other. */
  readonly #square: number;
  #pressure = 0;
  #last: Instant = 0;
  #count = 0;
  #gaps = 0;
  #handling = 0;
  #patience = 0;
  #squares = 0;
  #cubes = 0;
  #waits = 0;
  #waited = 0;
  #abandons = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#left = 1 - 1 / (PRESSURE_LASTS * setting.load);
    this.#square = 2 / (1 - this.#left ** 2);
  }

  /** @returns How many the batch has. */
  add({ arrivesAt, handling, patience }: Customer, { waited, abandoned }: Fate): number {
    const gap = arrivesAt - this.#last;
    this.#last = arrivesAt;
    const pressure =
      this.#pressure * this.#left + (handling - gap * this.#setting.load) / HANDLING_TIME;
    this.#pressure = pressure;
    this.#gaps += gap;
    this.#handling += handling;
    this.#patience += patience;
    this.#squares += pressure * pressure;
    this.#cubes += pressure * pressure * pressure;
    this.#waited += waited;
    if (waited > 0) this.#waits++;
    if (abandoned) this.#abandons++;
    return ++this.#count;
  }

  /** The batch as it is, measure by measure, and a new one begins. */
  take(measures: readonly Measure[]): Batch[] {
    const { load, patience } = this.#setting;
    const miss = (sum: number, mean: number): number => sum / this.#count / mean - 1;
    const misses = [
      miss(this.#gaps, HANDLING_TIME / load),
      miss(this.#handling, HANDLING_TIME),
      miss(this.#squares, this.#square),
      this.#cubes / this.#count / this.#square ** 1.5, // which is 0 on average
    ];
    if (patience !== undefined) misses.push(miss(this.#patience, patience * HANDLING_TIME));
    const sums: Readonly<Record<Measure, number>> = {
      waits: this.#waits,
      'mean wait': this.#waited / HANDLING_TIME,
      abandons: this.#abandons,
    };
    const batches = measures.map((name) => ({ value: sums[name] / this.#count, misses }));
    this.#count = this.#gaps = this.#handling = this.#patience = 0;
    this.#squares = this.#cubes = this.#waits = this.#waited = this.#abandons = 0;
    return batches;
  }
}
