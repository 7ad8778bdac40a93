/** The longest id; see `ids.ts`. */
const LONGEST = 64;

/** Letters that do not come apart into a letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/**
 * An id that a person recognises the name in: `Müller & Co` becomes `muller-co`.
 *
 * @param isTaken Ids to keep clear of: a number is put behind the name.
 * @returns Nothing (an empty text) where the name has neither Latin letters nor digits.
 */
export function idOf(name: string, isTaken: (id: string) => boolean = () => false): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{ASCII}]/gu, (letter) => LETTERS[letter] ?? '-')
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
