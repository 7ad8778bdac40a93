/** Letters that do not come apart into a letter and a mark, and forms of one letter. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ð: 'd',
  đ: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
};

/**
 * The text as one compares it who does not care about case, accents and widths: `Ærøskøbing` is
 * `aeroskobing`. Marks of other scripts than Latin, Greek and Cyrillic stay: there they are letters.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase() // by way of the capital, which some small letters share
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[ßæœøðđþłħıς]/g, (letter) => LETTERS[letter] ?? letter);
}
