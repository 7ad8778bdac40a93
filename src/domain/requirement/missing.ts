import { meets, type Profile } from './meets.ts';
import type { Expression } from './requirement.ts';

/**
 * The smallest parts of an expression that keep somebody out: what they would have to be or learn. Of an
 * `any` or `at-least` all of what is missing, for some of it would do.
 *
 * @returns Nothing where they meet it.
 */
export function missingPart(profile: Profile, expression: Expression): Expression | undefined {
  if (meets(profile, expression)) return undefined;
  switch (expression.type) {
    case 'skill':
    case 'attribute':
      return expression;
    case 'all': {
      const parts = expression.of.flatMap((part) => missingPart(profile, part) ?? []);
      return parts.length === 1 ? parts[0] : { type: 'all', of: parts };
    }
    case 'any':
    case 'at-least': {
      const have = expression.of.filter((part) => meets(profile, part)).length;
      const parts = expression.of.flatMap((part) => missingPart(profile, part) ?? []);
      const count = expression.type === 'any' ? 1 : expression.count - have;
      if (parts.length < count) return expression; // it asks for more than it lists
      if (parts.length === 1 && parts[0]) return parts[0];
      return count === 1 ? { type: 'any', of: parts } : { type: 'at-least', count, of: parts };
    }
  }
}
