import type { Problem } from '#domain/configuration/check.ts';

/**
 * The fields that a document was given and does not have. A program's extra fields are ignored, because
 * it may be newer; a person's are a slip of the pen, and ignoring one would lose what was meant.
 *
 * @param given As it was written.
 * @param read What was understood of it.
 */
export function unknownFields(
  given: unknown,
  read: unknown,
  path: readonly string[] = [],
): Problem[] {
  if (!isObject(given) || !isObject(read)) return [];
  return Object.entries(given).flatMap(([key, inner]) => {
    const here = [...path, key];
    return key in read
      ? unknownFields(inner, read[key], here)
      : [{ path: here.join('.'), problem: 'there is no such field' }];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
