import type { Expression } from './requirement.ts';

/**
 * An expression as people write it: `french>=5 and (sales or billing) and site: berlin | paris`; at least so many
 * of a list is `2 of (french, sales, billing)`.
 */
export function printExpression(expression: Expression): string {
  return print(expression, false);
}

function print(expression: Expression, within: boolean): string {
  switch (expression.type) {
    case 'skill':
      return expression.level > 1
        ? `${named(expression.skill)}>=${expression.level}`
        : named(expression.skill);
    case 'attribute':
      return `${named(expression.attribute)}: ${expression.values.map(quote).join(' | ')}`;
    case 'at-least':
      return `${expression.count} of (${expression.of.map((part) => print(part, false)).join(', ')})`;
    case 'all':
    case 'any': {
      const joined = expression.of
        .map((part) => print(part, true))
        .join(expression.type === 'all' ? ' and ' : ' or ');
      return within && expression.of.length > 1 ? `(${joined})` : joined;
    }
  }
}

/** Skills may be called as the words that join are. */
const named = (id: string): string => (id === 'and' || id === 'or' ? JSON.stringify(id) : id);

const quote = (value: string): string =>
  /^[\p{L}\p{N}._-]+$/u.test(value) ? value : JSON.stringify(value);
