const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const RANDOM_BYTES = 10;

/** Chance is asked for in bulk: each asking costs more than all the rest of making an id. */
const stock = new Uint8Array(400 * RANDOM_BYTES);
let taken = stock.length;

/**
 * A new UUID, version 7: its first 48 bits are `now`, so that ids sort by the time they were made.
 *
 * @see RFC 9562 §5.7
 */
export function newId(now: number = Date.now()): string {
  if (taken === stock.length) {
    crypto.getRandomValues(stock);
    taken = 0;
  }
  const time = Math.trunc(now).toString(16).padStart(12, '0');
  const random = (): number => stock[taken++] ?? 0;
  const hex = (): string => HEX[random()] ?? '';
  const version = HEX[0x70 | (random() & 0x0f)];
  const variant = HEX[0x80 | (random() & 0x3f)];
  const node = hex() + hex() + hex() + hex() + hex() + hex();
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}${hex()}-${variant}${hex()}-${node}`;
}
