/**
 * The pieces of a text that the index is asked for: the same that `contact.pieces` of the first migration
 * makes of what is stored. A text of two characters that begins with a space is a piece itself.
 */
export function piecesOf(text: string): string[] {
  const characters = Array.from(text);
  if (characters.length === 2 && characters[0] === ' ') return [text];
  return characters.slice(2).map((_, at) => characters.slice(at, at + 3).join(''));
}

/** A text as a pattern of `like` in which no character is special. */
export const literally = (text: string): string => text.replaceAll(/[\\%_]/g, String.raw`\$&`);
