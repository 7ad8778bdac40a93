import type { Agent } from '../configuration/documents.ts';
import type { Expression } from './requirement.ts';

/** What requirements look at of an agent. */
export type Profile = Pick<Agent, 'skills' | 'attributes'>;

/** Whether an agent is what an expression asks for. An attribute that the agent has not is none of its values. */
export function meets(profile: Profile, expression: Expression): boolean {
  switch (expression.type) {
    case 'skill':
      return (profile.skills[expression.skill] ?? 0) >= expression.level;
    case 'attribute': {
      const value = profile.attributes[expression.attribute];
      return value !== undefined && expression.values.includes(value);
    }
    case 'all':
      return expression.of.every((part) => meets(profile, part));
    case 'any':
      return expression.of.some((part) => meets(profile, part));
    case 'at-least':
      return expression.of.filter((part) => meets(profile, part)).length >= expression.count;
  }
}
