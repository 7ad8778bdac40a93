import { isIPv6 } from 'node:net';
import type { Clock, Milliseconds } from '#base/time.ts';
import { type Bucket, type Rate, draw, fullBucket } from '../rules/token-bucket.ts';

/** More sources than this and the one unseen the longest is forgotten: about 2 MiB. */
const MOST_SOURCES = 10_000;

/** Keeps one bucket per source. */
export class Limiter {
  readonly #rate: Rate;
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, clock: Clock) {
    this.#rate = rate;
    this.#clock = clock;
  }

  /** Draws for `source`. @returns How long to wait; 0 when it may go on. */
  draw(source: string): Milliseconds {
    const now = this.#clock.monotonic();
    const before = this.#buckets.get(source) ?? fullBucket(this.#rate, now);
    const { bucket, wait } = draw(before, this.#rate, now);
    this.#buckets.delete(source); // so that the map's order is that of last use
    this.#buckets.set(source, bucket);
    if (this.#buckets.size > MOST_SOURCES) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return wait;
  }

  /** How long `source` would have to wait now. */
  waitOf(source: string): Milliseconds {
    const bucket = this.#buckets.get(source);
    return bucket ? draw(bucket, this.#rate, this.#clock.monotonic()).wait : 0;
  }

  /** Takes all back that `source` drew. */
  forgive(source: string): void {
    this.#buckets.delete(source);
  }
}

/** Whom an address stands for: one household or server has a whole /64 of IPv6 to write from. */
export function sourceOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing =
    tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array.from({ length: Math.max(0, missing) }, () => '0')];
  if (tail) all.push(...tail.split(':'));
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
