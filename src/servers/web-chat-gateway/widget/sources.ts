import { isIPv6 } from 'node:net';
import type { Clock } from '#base/time.ts';
import { fullBucket, isFull } from '../rules/bucket.ts';
import type { Bucket, Rate } from '../rules/bucket.ts';

/** More addresses than this are never kept apart: the oldest idle one makes room. */
const MOST_SOURCES = 100_000;

/** What is limited per address. */
export interface SourceRates {
  readonly connects: Rate;
  readonly openings: Rate;
  readonly messages: Rate;
}

/** One address, and what it has used up. */
export interface Source {
  readonly name: string;
  connections: number;
  readonly connects: Bucket;
  readonly openings: Bucket;
  readonly messages: Bucket;
}

/** The addresses that widgets come from. */
export class Sources {
  readonly #clock: Clock;
  readonly #rates: SourceRates;
  readonly #sources = new Map<string, Source>();

  constructor(clock: Clock, rates: SourceRates) {
    this.#clock = clock;
    this.#rates = rates;
  }

  get size(): number {
    return this.#sources.size;
  }

  of(address: string): Source {
    const name = sourceName(address);
    const known = this.#sources.get(name);
    if (known) return known;
    if (this.#sources.size >= MOST_SOURCES) this.sweep();
    const now = this.#clock.monotonic();
    const { connects, openings, messages } = this.#rates;
    const source: Source = {
      name,
      connections: 0,
      connects: fullBucket(connects, now),
      openings: fullBucket(openings, now),
      messages: fullBucket(messages, now),
    };
    if (this.#sources.size < MOST_SOURCES) this.#sources.set(name, source);
    return source;
  }

  /** Forgets addresses that are neither connected nor limited. */
  sweep(): void {
    const now = this.#clock.monotonic();
    const { connects, openings, messages } = this.#rates;
    for (const [name, source] of this.#sources) {
      if (
        source.connections === 0 &&
        isFull(source.connects, connects, now) &&
        isFull(source.openings, openings, now) &&
        isFull(source.messages, messages, now)
      ) {
        this.#sources.delete(name);
      }
    }
  }
}

/** Of IPv6 the /64: a household or server writes from all of it. */
export function sourceName(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
