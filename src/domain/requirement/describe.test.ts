import { expect, test } from 'vitest';
import { describeExpression } from './describe.ts';
import { parseExpression } from './parse.ts';

const capital = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

test.each([
  ['french', 'French'],
  ['french>=5', 'French at level 5 or better'],
  ['french>=10', 'French at level 10'],
  ['site: berlin | paris | "New York"', 'site is berlin, paris or New York'],
  [
    'french>=5 and (sales or billing) and site: berlin',
    'French at level 5 or better, (Sales or Billing) and site is berlin',
  ],
  ['2 of (french, sales and billing)', 'at least 2 of: French, (Sales and Billing)'],
])('describeExpression() of %s', (text, words) => {
  const parsed = parseExpression(text);
  if (parsed.type === 'refused') throw new Error(parsed.message);
  const names = { skill: capital, attribute: (id: string) => id };
  expect(describeExpression(parsed.expression, names)).toBe(words);
});
