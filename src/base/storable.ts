/**
 * Whether a text can be stored: PostgreSQL takes neither the character NUL nor half of a surrogate pair,
 * and no person writes either.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Finds the first text in a plain value, keys included, that cannot be stored.
 *
 * @returns Its path as `fields.0.value`, or nothing where all can be stored.
 */
export function findUnstorable(value: unknown, path: readonly string[] = []): string | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path.join('.');
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? findUnstorable(inner, [...path, key]) : path.join('.');
    if (found !== undefined) return found;
  }
  return undefined;
}
