import { fold } from '#base/fold.ts';

/** The longest id; see `ids.ts`. */
const LONGEST = 64;

/**
 * An id that a person recognises the name in: `Müller & Co` becomes `muller-co`.
 *
 * @param isTaken Ids to keep clear of: a number is put behind the name.
 * @returns Nothing (an empty text) where the name has neither Latin letters nor digits.
 */
export function idOf(name: string, isTaken: (id: string) => boolean = () => false): string {
  const id = fold(name)
    .replaceAll(/[^a-z0-9._]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  if (id === '' || !isTaken(id)) return id;
  for (let number = 2; ; number++) {
    const end = `-${number}`;
    const numbered = id.slice(0, LONGEST - end.length) + end;
    if (!isTaken(numbered)) return numbered;
  }
}
