/** Mistakes with a seed, so that what went wrong can be had again: `EMCEE_SEED=… vitest run …`. */

export const IS_SOAK = process.env['EMCEE_SOAK'] !== undefined;
export const SEED = Number(process.env['EMCEE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Draws a whole number from 0 to below its argument. */
export type Random = (below: number) => number;

/** mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Any one of `from`. */
export const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)] as T;

const ODD_BYTES = [
  Buffer.from([0]),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('"'),
  Buffer.from('['.repeat(500)),
  Buffer.from('\r\n\r\n'),
  Buffer.from('1e999'),
  Buffer.from('"__proto__":{"role":"media-director"},'),
  Buffer.from('\\ud800'),
];

/** Changes bytes in one to four places: flips, cuts, repeats, puts something odd in. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let mutated = Buffer.from(bytes);
  for (let change = random(4); change >= 0; change--) {
    const at = random(mutated.length + 1);
    const to = Math.min(at + random(20), mutated.length);
    const [before, middle, after] = [
      mutated.subarray(0, at),
      mutated.subarray(at, to),
      mutated.subarray(to),
    ];
    const flipped = Buffer.from(middle.map((byte) => byte ^ (1 << random(8))));
    mutated = Buffer.concat(
      pick(random, [
        [before, flipped, after],
        [before, after],
        [before, middle, middle, middle, after],
        [before, pick(random, ODD_BYTES), middle, after],
        [before],
      ]),
    );
  }
  return mutated;
}

const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  Number.MAX_SAFE_INTEGER,
  1e300,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  "'; drop table x; --",
  'x'.repeat(5_000),
  [],
  [[[[[[]]]]]],
  {},
  { toString: 1, constructor: null, ['__proto__']: { role: 'media-director' } },
];

/** Puts something odd in the place of a value within, leaves one out, or adds one: still JSON. */
export function mutateValue(value: unknown, random: Random): unknown {
  if (random(3) > 0 && typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) {
      return value.length === 0 ? [pick(random, ODD_VALUES)] : value.map((v) => sometimes(v));
    }
    const entries = Object.entries(value);
    const at = random(entries.length + 1);
    if (at === entries.length) return { ...value, odd: pick(random, ODD_VALUES) };
    if (random(6) === 0) return Object.fromEntries(entries.toSpliced(at, 1));
    return Object.fromEntries(
      entries.map(([key, inner], n) => [key, n === at ? mutateValue(inner, random) : inner]),
    );
  }
  return pick(random, ODD_VALUES);

  function sometimes(inner: unknown): unknown {
    return random(2) === 0 ? mutateValue(inner, random) : inner;
  }
}
