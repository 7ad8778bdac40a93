/**
 * What a work item asks of the agent who is to have it, as a value: an expression over skills and
 * attributes, and what is preferred beside it.
 */
import { z } from 'zod';
import { AttributeId, Duration, SkillId } from '../ids.ts';

/** Skill levels run from 1 to 10 and 10 is best. */
export const SkillLevel = z.int().min(1).max(10);

/** An expression may be so deep, and each of its lists so long: what a person can still read. */
const DEEPEST = 6;
const LONGEST = 30;

/** All its parts together: what costs nothing to look at for every agent. */
const MOST_PARTS = 200;

/** What an agent must be or be able to do. */
export type Expression =
  /** The skill, at this level or better. */
  | { type: 'skill'; skill: SkillId; level: number }
  /** The attribute has one of these values. */
  | { type: 'attribute'; attribute: AttributeId; values: string[] }
  | { type: 'all'; of: Expression[] }
  | { type: 'any'; of: Expression[] }
  /** At least so many of them. */
  | { type: 'at-least'; count: number; of: Expression[] };

export const AttributeValue = z.string().trim().min(1).max(64);

const LEAVES = [
  z.object({ type: z.literal('skill'), skill: SkillId, level: SkillLevel.default(1) }),
  z.object({
    type: z.literal('attribute'),
    attribute: AttributeId,
    values: z.array(AttributeValue).min(1).max(LONGEST),
  }),
] as const;

function around(inner: z.ZodType<Expression>): z.ZodType<Expression> {
  const of = z.array(inner).min(1).max(LONGEST);
  // told apart by `type`: a plain union would read each part once for every kind it is not
  return z.discriminatedUnion('type', [
    ...LEAVES,
    z.object({ type: z.literal('all'), of }),
    z.object({ type: z.literal('any'), of }),
    z.object({ type: z.literal('at-least'), count: z.int().min(1).max(LONGEST), of }),
  ]);
}

const TOO_DEEP = `so deep only a skill or an attribute may stand: an expression has at most ${DEEPEST} levels`;

const [outermost, ...levels] = expressionsUpTo(DEEPEST);

function expressionsUpTo(depth: number): [z.ZodType<Expression>, ...z.ZodType<Expression>[]] {
  if (depth === 1) return [z.discriminatedUnion('type', LEAVES, { error: TOO_DEEP })];
  const [outermost, ...inner] = expressionsUpTo(depth - 1);
  return [around(outermost), outermost, ...inner];
}

export const Expression = outermost.refine((expression) => partsOf(expression) <= MOST_PARTS, {
  error: `an expression has at most ${MOST_PARTS} parts in all`,
});

function partsOf(expression: Expression): number {
  if (expression.type === 'skill' || expression.type === 'attribute') return 1;
  return expression.of.reduce((sum, part) => sum + partsOf(part), 1);
}

/** What stands within expressions, by name: JSON Schema refers to them instead of repeating each at every place. */
export const NESTED_EXPRESSIONS: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  levels.map((level, n) => [`ExpressionWithin${n + 1}`, level]),
);

/** Who may have it, and of those whom first. Left out: everybody the queue is served by. */
export const Requirement = z.object({
  must: Expression.optional(),
  /** Never keeps anybody out: who meets it comes before who does not. */
  preferred: Expression.optional(),
});
export type Requirement = z.infer<typeof Requirement>;

/** From `after` a work item came into its queue, or back to it from whoever had it, it asks for this and no longer for the step before. */
export const RequirementStep = z.object({ requirement: Requirement, after: Duration });
export type RequirementStep = z.infer<typeof RequirementStep>;

/** Relaxation: what is asked for at first (`after` 0), and what later. In rising order; empty asks for nothing. */
export const RequirementSteps = z
  .array(RequirementStep)
  .max(10)
  .refine(
    (steps) =>
      steps.every((step, n) =>
        n === 0 ? step.after === 0 : step.after > (steps[n - 1]?.after ?? 0),
      ),
    {
      error: 'the first step begins after 0 ms, and each further step later than the one before',
    },
  );
export type RequirementSteps = z.infer<typeof RequirementSteps>;
