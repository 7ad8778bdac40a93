import { expect, test } from 'vitest';
import { Expression } from './requirement.ts';

const leaf = { type: 'skill', skill: 'french' };

/** `all` of so many, so deep. */
const nested = (depth: number, width: number): object =>
  depth === 0
    ? leaf
    : { type: 'all', of: Array.from({ length: width }, () => nested(depth - 1, width)) };

const faultOf = (expression: object): string | undefined =>
  Expression.safeParse(expression).error?.issues[0]?.message;

test.each([
  ['a skill', leaf, undefined],
  ['five levels within the outermost', nested(5, 1), undefined],
  [
    'six',
    nested(6, 1),
    'so deep only a skill or an attribute may stand: an expression has at most 6 levels',
  ],
  ['200 parts', nested(2, 13), undefined],
  ['more of them', nested(5, 3), 'an expression has at most 200 parts in all'],
])('Expression takes or refuses %s', (_, expression, fault) => {
  expect(faultOf(expression)).toBe(fault);
});
