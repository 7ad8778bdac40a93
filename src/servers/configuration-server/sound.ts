import { Refusal } from '#base/refusal.ts';
import type { Problem } from '#domain/configuration/problem.ts';

/** Refuses with all that is wrong in the data, and the first of it in the sentence. */
export function invalid(problems: readonly Problem[]): Refusal {
  const [first, ...others] = problems;
  const what = first?.path ? `"${first.path}": ${first.problem}` : first?.problem;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return new Refusal('invalid', `It cannot be stored: ${what}${more}`, { problems });
}

/**
 * What was planned or read, where it is sound.
 *
 * @throws {Refusal} `invalid` where it is not.
 */
export function soundOf<P extends { readonly type: string }>(
  plan: P,
): Exclude<P, { readonly type: 'invalid' }>;
export function soundOf(plan: {
  readonly type: string;
  readonly problems?: readonly Problem[];
}): unknown {
  if (plan.type === 'invalid') throw invalid(plan.problems ?? []);
  return plan;
}
