/** What a waiting work item asks for at present, and whether it is time to ask for less. */
import type { Instant } from '#base/time.ts';
import type { SkillId } from '#domain/ids.ts';
import type { Expression, Requirement } from '#domain/requirement/requirement.ts';
import { waitsSince, type OpenWorkItem } from '#domain/work-item/open-work-item.ts';

const NOTHING: Requirement = {};

/** What it asks for in its present step, or in another. */
export function requirementOf(item: OpenWorkItem, step = item.step ?? 0): Requirement {
  const { requirements } = item;
  return requirements?.[Math.min(step, requirements.length - 1)]?.requirement ?? NOTHING;
}

/** The step that its time in the queue has brought it to; never one before its present step. */
export function stepByTime(item: OpenWorkItem, at: Instant): number {
  const { requirements = [], step = 0 } = item;
  const since = waitsSince(item);
  const last = requirements.findLastIndex(({ after }) => since + after <= at);
  return Math.max(step, last);
}

/** When time alone brings a waiting item to another step; nothing if it is in its last. */
export function nextStepAt(item: OpenWorkItem): Instant | undefined {
  const { state, onlyAgent, requirements, step = 0 } = item;
  if (state !== 'queued' || onlyAgent !== undefined) return undefined;
  const next = requirements?.[step + 1];
  return next && waitsSince(item) + next.after;
}

/** The skills that an expression names. */
export function skillsIn(expression: Expression): SkillId[] {
  switch (expression.type) {
    case 'skill':
      return [expression.skill];
    case 'attribute':
      return [];
    case 'all':
    case 'any':
    case 'at-least':
      return expression.of.flatMap(skillsIn);
  }
}
