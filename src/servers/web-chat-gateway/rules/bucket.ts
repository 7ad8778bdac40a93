import type { Milliseconds } from '#base/time.ts';
import { minutes } from '#base/time.ts';

/** How much may be done: `perMinute` in the long run, `burst` at once. */
export interface Rate {
  readonly perMinute: number;
  readonly burst: number;
}

/** A fifth of a minute's worth may come at once, but never less than one. */
export const rateOf = (perMinute: number): Rate => ({
  perMinute,
  burst: Math.max(1, Math.ceil(perMinute / 5)),
});

/** How much is left, and when that was. Kept by whoever is limited. */
export interface Bucket {
  tokens: number;
  at: Milliseconds;
}

export const fullBucket = ({ burst }: Rate, now: Milliseconds): Bucket => ({
  tokens: burst,
  at: now,
});

/** Whether nothing has been taken lately: the bucket may be forgotten. */
export const isFull = (bucket: Bucket, rate: Rate, now: Milliseconds): boolean =>
  bucket.tokens + refill(bucket, rate, now) >= rate.burst;

/**
 * Takes one token.
 *
 * @returns 0, or how long to wait for the next; then nothing was taken.
 */
export function take(bucket: Bucket, rate: Rate, now: Milliseconds): Milliseconds {
  bucket.tokens = Math.min(rate.burst, bucket.tokens + refill(bucket, rate, now));
  bucket.at = now;
  if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * minutes(1)) / rate.perMinute);
  bucket.tokens -= 1;
  return 0;
}

const refill = (bucket: Bucket, rate: Rate, now: Milliseconds): number =>
  (Math.max(0, now - bucket.at) * rate.perMinute) / minutes(1);
