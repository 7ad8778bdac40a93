/**
 * Parsers for what contracts are mostly made of, several times as fast as asking zod, which stays the
 * authority: what is refused here is asked of zod again, and whatever is not known here is zod's alone.
 * So this may only accept what zod accepts, with the same result; a property test holds it to that.
 */
import { z } from 'zod';

/** What a parser returns for a value that is not to be had without asking zod. */
export const REFUSED: unique symbol = Symbol('refused');

/** Gives the parsed value, or `REFUSED`. */
export type Parser = (value: unknown) => unknown;

/**
 * Makes what validates with a schema: gives the parsed value.
 *
 * @throws {z.ZodError} What zod has against the value.
 */
export function validatorOf(schema: z.ZodType): (value: unknown) => unknown {
  const parse = parserOf(schema);
  return (value) => {
    const parsed = parse(value);
    return parsed === REFUSED ? schema.parse(value) : parsed;
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** Makes a parser of a schema. */
export function parserOf(schema: z.ZodType): Parser {
  return known(schema) ?? asking(schema);
}

/** What zod knows of a check or schema; it gives it to libraries by this name. */
const defOf = <D>({ _zod: internals }: { readonly _zod: { readonly def: D } }): D => internals.def;

/** Whether a field with this schema may be absent, and in what way; undefined: it may not. */
const absenceOf = ({ _zod: internals }: z.ZodType): string | undefined => internals.optin;

/** Leaves it to zod. */
const asking =
  (schema: z.ZodType): Parser =>
  (value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : REFUSED;
  };

function known(schema: z.ZodType): Parser | undefined {
  if (schema instanceof z.ZodObject) return objectParser(schema);
  if (schema instanceof z.ZodString || schema instanceof z.ZodUUID) return stringParser(schema);
  if (schema instanceof z.ZodNumber) return numberParser(schema);
  if (schema instanceof z.ZodArray) return arrayParser(schema);
  if (hasChecks(schema)) return undefined;
  if (schema instanceof z.ZodEnum) return oneOf(Object.values(schema.enum));
  if (schema instanceof z.ZodLiteral) return oneOf(schema.values);
  if (schema instanceof z.ZodBoolean)
    return (value) => (typeof value === 'boolean' ? value : REFUSED);
  if (schema instanceof z.ZodNull) return (value) => (value === null ? value : REFUSED);
  if (schema instanceof z.ZodUnknown) return (value) => value;
  if (schema instanceof z.ZodOptional) return optionalParser(schema);
  if (schema instanceof z.ZodNullable) return nullableParser(schema);
  if (schema instanceof z.ZodDefault) return defaultParser(schema);
  if (schema instanceof z.ZodRecord) return recordParser(schema);
  if (schema instanceof z.ZodDiscriminatedUnion) return discriminatedParser(schema);
  return undefined;
}

const hasChecks = (schema: z.ZodType): boolean => (schema.def.checks ?? []).length > 0;

type Test<T> = (value: T) => boolean;

/** The tests of a schema's checks; undefined if there is one that only zod knows. */
function testsOf<T>(
  schema: z.ZodType,
  testOf: (check: z.core.$ZodCheck) => Test<T> | undefined,
  ...own: readonly (Test<T> | undefined)[]
): readonly Test<T>[] | undefined {
  const tests = [...own, ...(schema.def.checks ?? []).map(testOf)];
  return tests.every((test) => test !== undefined) ? tests : undefined;
}

function passes<T>(tests: readonly Test<T>[], value: T): boolean {
  for (const test of tests) if (!test(value)) return false;
  return true;
}

function stringParser(schema: z.ZodString | z.ZodUUID): Parser | undefined {
  const isUuid = schema instanceof z.ZodUUID;
  if (!isUuid && schema.def.coerce) return undefined;
  const own = isUuid ? [patternTest(schema.def.pattern)] : [];
  const tests = testsOf(schema, stringTest, ...own);
  return (
    tests && ((value) => (typeof value === 'string' && passes(tests, value) ? value : REFUSED))
  );
}

function stringTest(check: z.core.$ZodCheck): Test<string> | undefined {
  if (check instanceof z.core.$ZodCheckRegex) return patternTest(defOf(check).pattern);
  return lengthTest(check);
}

/** A pattern with a memory of its last match (`g`, `y`) is not for us. */
function patternTest(pattern: RegExp | undefined): Test<string> | undefined {
  if (!pattern || pattern.global || pattern.sticky) return undefined;
  return (text) => pattern.test(text);
}

function lengthTest(check: z.core.$ZodCheck): Test<{ readonly length: number }> | undefined {
  if (check instanceof z.core.$ZodCheckMinLength) {
    const { minimum } = defOf(check);
    return ({ length }) => length >= minimum;
  }
  if (check instanceof z.core.$ZodCheckMaxLength) {
    const { maximum } = defOf(check);
    return ({ length }) => length <= maximum;
  }
  return undefined;
}

function numberParser(schema: z.ZodNumber): Parser | undefined {
  const format = schema instanceof z.ZodNumberFormat ? defOf(schema).format : undefined;
  const { coerce } = schema.def;
  if ((format !== undefined && format !== 'safeint') || coerce) return undefined;
  const tests = testsOf(schema, numberTest);
  const isSound = format === 'safeint' ? Number.isSafeInteger : Number.isFinite;
  return (
    tests &&
    ((value) =>
      typeof value === 'number' && isSound(value) && passes(tests, value) ? value : REFUSED)
  );
}

function numberTest(check: z.core.$ZodCheck): Test<number> | undefined {
  if (check instanceof z.core.$ZodCheckGreaterThan) {
    const { value: bound, inclusive } = defOf(check);
    const least = Number(bound);
    return inclusive ? (value) => value >= least : (value) => value > least;
  }
  if (check instanceof z.core.$ZodCheckLessThan) {
    const { value: bound, inclusive } = defOf(check);
    const most = Number(bound);
    return inclusive ? (value) => value <= most : (value) => value < most;
  }
  if (check instanceof z.core.$ZodCheckNumberFormat && defOf(check).format === 'safeint') {
    return Number.isSafeInteger;
  }
  return undefined;
}

function oneOf(values: Iterable<unknown>): Parser {
  const allowed = new Set(values);
  return (value) => (allowed.has(value) ? value : REFUSED);
}

function optionalParser(schema: z.ZodOptional): Parser {
  const inner = schema.def.innerType;
  // what an absent value becomes is then said further inside
  if (!(inner instanceof z.ZodType) || absenceOf(inner) !== undefined) return asking(schema);
  const parse = parserOf(inner);
  return (value) => (value === undefined ? undefined : parse(value));
}

function nullableParser(schema: z.ZodNullable): Parser {
  const inner = schema.def.innerType;
  if (!(inner instanceof z.ZodType)) return asking(schema);
  const parse = parserOf(inner);
  return (value) => (value === null ? null : parse(value));
}

function defaultParser(schema: z.ZodDefault): Parser {
  const inner = schema.def.innerType;
  if (!(inner instanceof z.ZodType)) return asking(schema);
  const parse = parserOf(inner);
  return (value) => (value === undefined ? schema.def.defaultValue : parse(value));
}

function arrayParser(schema: z.ZodArray): Parser | undefined {
  const { element } = schema.def;
  const tests = testsOf(schema, lengthTest);
  if (!tests || !(element instanceof z.ZodType)) return undefined;
  const parse = parserOf(element);
  return (value) => {
    if (!Array.isArray(value) || !passes(tests, value)) return REFUSED;
    const parsed: unknown[] = [];
    for (const each of value) {
      const one = parse(each);
      if (one === REFUSED) return REFUSED;
      parsed.push(one);
    }
    return parsed;
  };
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Plain objects, whose unknown fields are left out. */
function objectParser(schema: z.ZodObject): Parser | undefined {
  const { shape, catchall } = schema.def;
  if (catchall || hasChecks(schema) || Object.hasOwn(shape, '__proto__')) return undefined;
  const fields: { readonly name: string; readonly parse: Parser; readonly mayMiss: boolean }[] = [];
  for (const [name, field] of Object.entries(shape)) {
    if (!(field instanceof z.ZodType)) return undefined;
    const mayMiss = field instanceof z.ZodOptional || field instanceof z.ZodDefault;
    if (!mayMiss && absenceOf(field) !== undefined) return undefined;
    fields.push({ name, parse: parserOf(field), mayMiss });
  }
  return (value) => {
    if (!isFields(value)) return REFUSED;
    const parsed: Record<string, unknown> = {};
    for (const { name, parse, mayMiss } of fields) {
      const given = value[name];
      const isAbsent = given === undefined && !(name in value);
      if (isAbsent && !mayMiss) return REFUSED;
      const one = parse(given);
      if (one === REFUSED) return REFUSED;
      if (!isAbsent || one !== undefined) parsed[name] = one;
    }
    return parsed;
  };
}

function recordParser(schema: z.ZodRecord): Parser | undefined {
  const { keyType, valueType } = schema.def;
  if (!(keyType instanceof z.ZodString) || !(valueType instanceof z.ZodType)) return undefined;
  const parseKey = stringParser(keyType);
  if (!parseKey) return undefined;
  const parseValue = parserOf(valueType);
  const ask = asking(schema);
  return (value) => {
    if (!isFields(value)) return REFUSED;
    if (Object.getPrototypeOf(value) !== Object.prototype) return ask(value);
    const parsed: Record<string, unknown> = {};
    for (const name of Object.keys(value)) {
      if (name === '__proto__') return ask(value);
      const one = parseKey(name) === REFUSED ? REFUSED : parseValue(value[name]);
      if (one === REFUSED) return REFUSED;
      parsed[name] = one;
    }
    return parsed;
  };
}

/** Objects told apart by a field with a fixed text in each of them. */
function discriminatedParser(schema: z.ZodDiscriminatedUnion): Parser | undefined {
  const { discriminator, options } = schema.def;
  const parsers = new Map<unknown, Parser>();
  for (const option of options) {
    if (!(option instanceof z.ZodObject)) return undefined;
    const field: unknown = option.shape[discriminator];
    if (!(field instanceof z.ZodLiteral) && !(field instanceof z.ZodEnum)) return undefined;
    const parse = parserOf(option);
    for (const value of field instanceof z.ZodLiteral ? field.values : field.options) {
      parsers.set(value, parse);
    }
  }
  return (value) =>
    isFields(value) ? (parsers.get(value[discriminator])?.(value) ?? REFUSED) : REFUSED;
}
