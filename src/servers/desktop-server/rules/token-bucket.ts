import type { Milliseconds } from '#base/time.ts';

/** How often something may be done: `burst` times at once, then once every `every`. */
export interface Rate {
  readonly burst: number;
  readonly every: Milliseconds;
}

/** What a bucket holds: `left` as of `at`. */
export interface Bucket {
  readonly left: number;
  readonly at: Milliseconds;
}

/** A bucket nobody has drawn from. */
export const fullBucket = (rate: Rate, now: Milliseconds): Bucket => ({
  left: rate.burst,
  at: now,
});

/** Draws one token. `wait` says how long until there is one; 0 when it was drawn. */
export function draw(
  bucket: Bucket,
  rate: Rate,
  now: Milliseconds,
): { readonly bucket: Bucket; readonly wait: Milliseconds } {
  const left = Math.min(rate.burst, bucket.left + Math.max(0, now - bucket.at) / rate.every);
  if (left < 1) return { bucket: { left, at: now }, wait: Math.ceil((1 - left) * rate.every) };
  return { bucket: { left: left - 1, at: now }, wait: 0 };
}
