/** Places in a tree, as `Returns/Broken`. */

/** The names on the way to a place; spaces around them and empty ones do not count. */
export const partsOf = (path: string): string[] =>
  path
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean);

/** What stands in a place comes before what stands below it. */
export function comparePlaces(one: readonly string[], other: readonly string[]): number {
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    const order = (one[at] ?? '').localeCompare(other[at] ?? '');
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** The places on the way to one that were not on the way to the one listed before it. */
export function newPlaces(before: readonly string[], place: readonly string[]): string[][] {
  const firstOther = place.findIndex((part, at) => part !== before[at]);
  if (firstOther < 0) return [];
  return place.slice(firstOther).map((_, at) => place.slice(0, firstOther + at + 1));
}
