import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttributeId, SkillId } from '../ids.ts';
import { meets, type Profile } from './meets.ts';
import { missingPart } from './missing.ts';
import { printExpression } from './print.ts';
import type { Expression } from './requirement.ts';

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
const somebody: Profile = {
  skills: { [SkillId.parse('french')]: 3, [SkillId.parse('sales')]: 8 },
  attributes: { [AttributeId.parse('site')]: 'berlin' },
};

test.each<[string, Expression, string | undefined]>([
  ['what is met', skill('french', 3), undefined],
  ['a level', skill('french', 5), 'french>=5'],
  ['one of all', { type: 'all', of: [skill('sales'), skill('french', 5)] }, 'french>=5'],
  ['several of all', { type: 'all', of: [site('paris'), skill('law')] }, 'site: paris and law'],
  ['any', { type: 'any', of: [skill('law'), site('paris')] }, 'law or site: paris'],
  [
    'what is left of at least',
    { type: 'at-least', count: 2, of: [skill('sales'), skill('law'), skill('french', 9)] },
    'law or french>=9',
  ],
  [
    'one within another',
    { type: 'all', of: [skill('sales'), { type: 'any', of: [skill('law'), skill('tax')] }] },
    'law or tax',
  ],
])('missingPart() names %s', (_, expression, missing) => {
  const part = missingPart(somebody, expression);
  expect(part && printExpression(part)).toEqual(missing);
});

test('missingPart() names something exactly where the expression is not met', () => {
  const leaf = fc.constantFrom(skill('french', 5), skill('sales'), site('paris'), site('berlin'));
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.record({
        type: fc.constantFrom('all' as const, 'any' as const),
        of: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        type: fc.constant('at-least' as const),
        count: fc.integer({ min: 1, max: 4 }),
        of: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
      }),
    ),
  }));
  fc.assert(
    fc.property(expression, (asked) => {
      const part = missingPart(somebody, asked);
      expect(part === undefined).toBe(meets(somebody, asked));
      expect(part !== undefined && meets(somebody, part)).toBe(false);
    }),
  );
});
