import type { Expression } from './requirement.ts';

/** What people call skills and attributes; their ids where they have no name. */
export interface RequirementNames {
  skill(id: string): string;
  attribute(id: string): string;
}

/** An expression in a sentence: "French at level 5 or better, and either Sales or Billing". */
export function describeExpression(expression: Expression, names: RequirementNames): string {
  return describe(expression, names, true);
}

function describe(expression: Expression, names: RequirementNames, outermost: boolean): string {
  const within = (of: readonly Expression[]): string[] =>
    of.map((part) => describe(part, names, false));
  const bracketed = (text: string): string => (outermost ? text : `(${text})`);
  switch (expression.type) {
    case 'skill': {
      const { skill, level } = expression;
      if (level === 1) return names.skill(skill);
      return `${names.skill(skill)} at level ${level}${level < 10 ? ' or better' : ''}`;
    }
    case 'attribute':
      return `${names.attribute(expression.attribute)} is ${listed(expression.values, 'or')}`;
    case 'all':
      if (expression.of.length === 1) return within(expression.of).join('');
      return bracketed(listed(within(expression.of), 'and'));
    case 'any':
      if (expression.of.length === 1) return within(expression.of).join('');
      return bracketed(listed(within(expression.of), 'or'));
    case 'at-least':
      return bracketed(`at least ${expression.count} of: ${within(expression.of).join(', ')}`);
  }
}

function listed(parts: readonly string[], joint: 'and' | 'or'): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} ${joint} ${parts.at(-1)}`;
}
