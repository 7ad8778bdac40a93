import type { Milliseconds } from '#base/time.ts';
import type { Estimate } from './estimate.ts';

/** How well estimates have held: sums, so that shares and means of any stretch can be had of them. */
export interface Score {
  /** Customers who were told and then answered. */
  readonly answers: number;
  /** Of them, those who waited as they were told. */
  readonly kept: number;
  /** How far the middle of the interval was off, of all together. */
  readonly error: Milliseconds;
}

export const NO_SCORE: Score = { answers: 0, kept: 0, error: 0 };

/** The score after one more answer. */
export function scoreAfter(before: Score, { least, most }: Estimate, waited: Milliseconds): Score {
  return {
    answers: before.answers + 1,
    kept: before.kept + (least <= waited && waited <= most ? 1 : 0),
    error: before.error + Math.abs(waited - (least + most) / 2),
  };
}
