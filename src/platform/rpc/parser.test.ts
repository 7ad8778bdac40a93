import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { REFUSED, parserOf, validatorOf } from './parser.ts';

/** Schemas of what contracts are made of, and of what only zod knows. */
const { schema } = fc.letrec<{ schema: z.ZodType; leaf: z.ZodType }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .record({ a: tie('schema'), b: tie('schema'), c: tie('schema') })
      .map((shape) => z.object(shape)),
    tie('schema').map((inner) => inner.optional()),
    tie('schema').map((inner) => inner.nullable()),
    tie('schema').map((inner) => z.array(inner).min(1).max(3)),
    tie('schema').map((inner) => z.record(z.string().max(2), inner)),
    tie('schema').map((inner) => z.partialRecord(z.enum(['a', 'b']), inner)),
    tie('schema').map((inner) => z.strictObject({ a: inner })),
    tie('schema').map((inner) => z.looseObject({ a: inner })),
    tie('schema').map((inner) => z.tuple([inner])),
    tie('schema').map((inner) => z.lazy(() => inner)),
    tie('schema').map((inner) => inner.readonly()),
    tie('schema').map((inner) => inner.brand('Branded')),
    tie('schema').map((inner) => inner.refine((value) => value !== 1)),
    fc.tuple(tie('schema'), tie('schema')).map(([one, two]) => z.union([one, two])),
    fc
      .tuple(tie('schema'), tie('schema'))
      .map(([one, two]) =>
        z.discriminatedUnion('a', [
          z.object({ a: z.literal('x'), b: one }),
          z.object({ a: z.enum(['y', 'z']), b: two.optional() }),
        ]),
      ),
    tie('schema').map((inner) => z.object({ a: z.int().default(7), b: inner }).partial()),
  ),
  leaf: fc.constantFrom<z.ZodType[]>(
    z.string(),
    z.string().min(1).max(2),
    z.string().regex(/^x/),
    z.string().regex(/x/g),
    z.string().trim().min(1),
    z.string().startsWith('x'),
    z.string().default('x'),
    z.uuid(),
    z.email(),
    z.iso.date(),
    z.templateLiteral(['x', z.int()]),
    z.number(),
    z.number().min(0).lt(2),
    z.number().gt(-1).max(1),
    z.number().multipleOf(2),
    z.int(),
    z.number().int().positive(),
    z.coerce.number(),
    z.coerce.string(),
    z.boolean(),
    z.null(),
    z.undefined(),
    z.void(),
    z.unknown(),
    z.any(),
    z.never(),
    z.bigint(),
    z.literal(['x', 1, null]),
    z.enum(['x', 'y']),
    z.object({}),
    z.array(z.unknown()).default([]),
    z.string().optional().default('y'),
    z.string().default('z').optional(),
    z.string().catch('caught'),
    z.string().prefault('xy'),
    z.string().transform((text) => text.length),
  ),
}));

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** Values near to what those schemas accept, and others. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown[]>(
      '',
      'x',
      'xy',
      'xyz',
      'y',
      ' ',
      'x1',
      ID,
      'a@b.example',
      '2026-02-28',
    ),
    fc.constantFrom<unknown[]>(0, 1, -1, 1.5, 2, -0, Number.NaN, Infinity, 2 ** 53, 1n),
    fc.constantFrom<unknown[]>(true, null, undefined, new Date(0), Symbol.iterator, () => 1),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '1', 'abc'), tie('value'), { maxKeys: 4 }),
    fc.record({ a: fc.constantFrom('x', 'y', 'z', 'w'), b: tie('value') }, { requiredKeys: ['a'] }),
    fc.constant(JSON.parse('{"__proto__":"x","a":"x"}')),
    tie('value').map((inner) => Object.create({ a: inner })),
  ),
}));

test('parserOf() accepts nothing that zod refuses, and gives what zod gives', () => {
  expect.hasAssertions();
  fc.assert(
    fc.property(schema, value, (made, given) => {
      const ours = parserOf(made)(given);
      const theirs = made.safeParse(given);
      const agreed = ours === REFUSED ? theirs : { success: true, data: ours };
      expect(agreed).toStrictEqual(theirs);
    }),
    { numRuns: process.env['EMCEE_SOAK'] ? 100_000 : 1_500 },
  );
});

test('parserOf() refuses nothing that zod accepts, of what it knows', () => {
  const known = z.object({
    id: z.uuid(),
    name: z.string().min(1).max(9).regex(/^\w+$/),
    rank: z.int().min(0).max(9),
    share: z.number().gt(0).lt(1),
    kind: z.enum(['a', 'b']),
    tags: z.array(z.literal(['x', 'y'])).max(3),
    note: z.string().nullable(),
    extra: z.record(z.string(), z.boolean()),
    more: z.unknown(),
    which: z.discriminatedUnion('type', [z.object({ type: z.literal('one') })]),
    late: z.int().optional(),
    times: z.int().default(1),
  });
  const given = {
    id: ID,
    name: 'Agent_1',
    rank: 9,
    share: 0.5,
    kind: 'b',
    tags: ['x', 'y', 'x'],
    note: null,
    extra: { a: true },
    more: [1],
    which: { type: 'one', unknown: 1 },
    unknown: 2,
  };
  const { unknown: _left, ...kept } = given;
  expect(parserOf(known)(given)).toStrictEqual({ ...kept, which: { type: 'one' }, times: 1 });
});

test('validatorOf() throws what zod has against a value', () => {
  const validate = validatorOf(z.object({ who: z.string().max(3) }));
  expect(validate({ who: 'abc', more: 1 })).toEqual({ who: 'abc' });
  expect(() => validate({ who: 'abcd' })).toThrow(z.ZodError);
});
