import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttributeId, SkillId } from '../ids.ts';
import { parseExpression } from './parse.ts';
import { printExpression } from './print.ts';
import { Expression } from './requirement.ts';

const skill = (id: string, level = 1): Expression => ({
  type: 'skill',
  skill: SkillId.parse(id),
  level,
});
const site = (...values: string[]): Expression => ({
  type: 'attribute',
  attribute: AttributeId.parse('site'),
  values,
});

test.each<[string, Expression]>([
  ['french', skill('french')],
  ['French>=5', skill('french', 5)],
  ['  french ≥ 10 ', skill('french', 10)],
  ['(((french)))', skill('french')],
  ['site: berlin | "New York" | and', site('berlin', 'New York', 'and')],
  [
    'french>=5 and (sales or billing) and site: berlin | paris',
    {
      type: 'all',
      of: [
        skill('french', 5),
        { type: 'any', of: [skill('sales'), skill('billing')] },
        site('berlin', 'paris'),
      ],
    },
  ],
  [
    '2 of (french, sales and billing, 2)',
    {
      type: 'at-least',
      count: 2,
      of: [skill('french'), { type: 'all', of: [skill('sales'), skill('billing')] }, skill('2')],
    },
  ],
  ['"or" OR "and">=2', { type: 'any', of: [skill('or'), skill('and', 2)] }],
])('parseExpression() reads %s', (text, expression) => {
  expect(parseExpression(text)).toEqual({ type: 'parsed', expression });
});

test.each([
  ['', 'A skill or an attribute is missing before the end', 0],
  ['french and', 'A skill or an attribute is missing before the end', 10],
  ['and french', 'A skill or an attribute is missing before “and”', 0],
  ['french and or sales', 'A skill or an attribute is missing before “or”', 11],
  ['french sales', '“and” or “or” is missing before sales', 7],
  ['french and sales or billing', '“and” and “or” stand side by side: put parentheses', 17],
  ['french>=11', 'A level is a whole number from 1 to 10', 8],
  ['french>=', 'A level is a whole number from 1 to 10', 8],
  ['french>=5.5', 'A level is a whole number from 1 to 10', 8],
  ['french>5', 'Levels are compared with >= alone: french>=5', 6],
  ['french = 5', 'Levels are compared with >= alone: french>=5', 7],
  ['(french', '“)” is missing', 7],
  ['french)', '“)” closes nothing', 6],
  ['site:', 'A value is missing, as in site: berlin | paris', 5],
  ['site: a | | b', 'A value is missing, as in site: berlin | paris', 10],
  ['site: "  "', 'A value has 1 to 64 characters', 6],
  ['site: "a', 'This quotation mark is never closed', 6],
  [String.raw`site: "\q"`, 'What stands in these quotation marks cannot be read', 6],
  ['3 of (a, b)', 'At least 3 of 2 cannot be asked for', 0],
  ['0 of (a, b)', 'At least 0 of 2 cannot be asked for', 0],
  ['2 of a', '“(” is missing', 5],
  ['french & sales', '“&” means nothing here', 7],
  ['-french', '“-french” is no id of a skill or an attribute', 0],
  [Array.from({ length: 31 }, () => 'a').join(' and '), 'A list has at most 30 parts', 176],
  [`${'('.repeat(5_000)}a`, 'There are too many parentheses within each other', 21],
  [
    'a or (a and (a or (a and (a or (a and (a or a))))))',
    'There are too many groups within each other',
    0,
  ],
  ['a'.repeat(10_001), 'This is too long to be read', 10_000],
])('parseExpression() refuses %s', (text, message, at) => {
  expect(parseExpression(text)).toEqual({ type: 'refused', message, at });
});

const someId = fc.oneof(
  fc.constantFrom('french', 'and', 'or', 'of', '2', '10', 'a.b_c-d'),
  fc.stringMatching(/^[a-z0-9](?:[a-z0-9._-]{0,6}[a-z0-9])?$/),
);
const someValue = fc
  .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
  .map((value) => value.trim())
  .filter((value) => value.length > 0 && value.length <= 64);
const { someExpression } = fc.letrec<{ someExpression: Expression; leaf: Expression }>((tie) => {
  const of = fc.array(tie('someExpression'), { minLength: 1, maxLength: 4 });
  return {
    leaf: fc.oneof(
      fc.record({
        type: fc.constant('skill' as const),
        skill: someId.map((id) => SkillId.parse(id)),
        level: fc.integer({ min: 1, max: 10 }),
      }),
      fc.record({
        type: fc.constant('attribute' as const),
        attribute: someId.map((id) => AttributeId.parse(id)),
        values: fc.array(someValue, { minLength: 1, maxLength: 3 }),
      }),
    ),
    someExpression: fc.oneof(
      { maxDepth: 5 },
      tie('leaf'),
      of.map((parts): Expression => ({ type: 'all', of: parts })),
      of.map((parts): Expression => ({ type: 'any', of: parts })),
      fc.tuple(of, fc.nat()).map(([parts, n]): Expression => ({
        type: 'at-least',
        count: (n % parts.length) + 1,
        of: parts,
      })),
    ),
  };
});

/** Groups of one are what they hold: nobody writes them. */
function plain(expression: Expression): Expression {
  if (expression.type === 'skill' || expression.type === 'attribute') return expression;
  const of = expression.of.map(plain);
  const [only] = of;
  return of.length === 1 && only && expression.type !== 'at-least' ? only : { ...expression, of };
}

test('parseExpression() reads what printExpression() prints', () => {
  fc.assert(
    fc.property(someExpression, (expression) => {
      fc.pre(Expression.safeParse(expression).success);
      const read = parseExpression(printExpression(expression));
      expect(read).toEqual({ type: 'parsed', expression: plain(expression) });
    }),
  );
});

test('parseExpression() answers any text, and names a place in it', () => {
  const scrap = fc.constantFrom(
    'and',
    ' or ',
    '(',
    ')',
    '2 of',
    ',',
    'a',
    '>=',
    '5',
    ':',
    '|',
    '"',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(scrap).map((scraps) => scraps.join('')),
  );
  fc.assert(
    fc.property(text, (wild) => {
      const read = parseExpression(wild);
      const isSound =
        read.type === 'refused'
          ? read.at <= wild.length && read.message.length > 0
          : Expression.safeParse(read.expression).success;
      expect(isSound).toBe(true);
    }),
  );
});
