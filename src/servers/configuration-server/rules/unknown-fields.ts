import { z } from 'zod';
import type { Problem } from '#domain/configuration/problem.ts';
import { nearNames } from '#platform/settings/near-names.ts';

/**
 * The fields that a document was given and does not have, at any depth, each with what may have been meant.
 * Whoever follows ignores extra fields, because the writer may be a newer program; in what somebody writes
 * here they are slips of the pen, and ignoring one would lose what was meant.
 *
 * @param schema What a document of its kind has.
 * @param given As it was written.
 */
export function unknownFields(
  schema: z.core.$ZodType,
  given: unknown,
  path: readonly string[] = [],
): Problem[] {
  if (typeof given !== 'object' || given === null) return [];
  const inner = (of: z.core.$ZodType): Problem[] => unknownFields(of, given, path);
  const each = (of: z.core.$ZodType): Problem[] =>
    Object.entries(given).flatMap(([key, value]) => unknownFields(of, value, [...path, key]));

  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return inner(schema.unwrap());
  }
  if (schema instanceof z.ZodArray) return each(schema.element);
  if (schema instanceof z.ZodRecord) return each(schema.valueType);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const meant = optionFor(schema, given);
    return meant ? inner(meant) : [];
  }
  if (schema instanceof z.ZodUnion) {
    const meant = schema.options.find((option) => z.safeParse(option, given).success);
    return meant ? inner(meant) : [];
  }
  return schema instanceof z.ZodObject ? ofObject(schema.shape, given, path) : [];
}

function ofObject(
  shape: Readonly<Record<string, z.core.$ZodType>>,
  given: object,
  path: readonly string[],
): Problem[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const here = [...path, key];
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return field
      ? unknownFields(field, value, here)
      : [{ path: here.join('.'), problem: `there is no such field; ${hint(key, shape)}` }];
  });
}

function hint(key: string, shape: Readonly<Record<string, unknown>>): string {
  const near = nearNames(key, Object.keys(shape));
  return near.length > 0
    ? `perhaps ${near.map((name) => `"${name}"`).join(' or ')} is meant`
    : `there are ${Object.keys(shape).join(', ')}`;
}

/** The option that is named; where none is, the schema itself says so. */
function optionFor(
  { def: { discriminator, options } }: z.ZodDiscriminatedUnion,
  given: object,
): z.ZodObject | undefined {
  const name = (given as Readonly<Record<string, unknown>>)[discriminator];
  return options.find(
    (option): option is z.ZodObject =>
      option instanceof z.ZodObject &&
      z.safeParse(option.shape[discriminator] ?? z.never(), name).success,
  );
}
