/** What is wrong with how a document wants work to be routed. */
import type { QueueId } from '../ids.ts';
import { MOST_HOPS } from '../queue/admission.ts';
import type { Expression, RequirementSteps } from '../requirement/requirement.ts';
import type { Configuration } from './configuration.ts';
import type { Organisation, Queue } from './documents.ts';
import type { Problem } from './problem.ts';

/** Lists that hold fewer than are asked for of them, and work that would go round in circles. */
export function queueProblems(body: Queue, id: string, among: Configuration): Problem[] {
  const { serves, requirements, overflow } = body;
  return [
    ...(serves.type === 'matching' ? expressionProblems(serves.must, 'serves.must') : []),
    ...stepProblems(requirements),
    ...(overflow === undefined ? [] : overflowProblems(overflow, id, among)),
  ];
}

/** Requirement steps that nobody could ever meet as they are written. */
export const stepProblems = (steps: RequirementSteps): Problem[] =>
  steps.flatMap(({ requirement: { must, preferred } }, at) => [
    ...(must ? expressionProblems(must, `requirements.${at}.requirement.must`) : []),
    ...(preferred ? expressionProblems(preferred, `requirements.${at}.requirement.preferred`) : []),
  ]);

/** Channels that would interrupt themselves: their own contacts would never count. */
export const interruptProblems = ({ routing: { interrupts } }: Organisation): Problem[] =>
  Object.entries(interrupts)
    .filter(([channel, interrupted]) => interrupted.some((other) => other === channel))
    .map(([channel]) => ({
      path: `routing.interrupts.${channel}`,
      problem: 'a channel cannot interrupt itself',
    }));

function expressionProblems(expression: Expression, path: string): Problem[] {
  if (expression.type === 'skill' || expression.type === 'attribute') return [];
  const { of } = expression;
  const within = of.flatMap((part, at) => expressionProblems(part, `${path}.of.${at}`));
  return expression.type === 'at-least' && expression.count > of.length
    ? [{ path, problem: `nobody meets ${expression.count} of ${of.length}` }, ...within]
    : within;
}

function overflowProblems(first: QueueId, id: string, among: Configuration): Problem[] {
  const way = [id];
  const passed = new Set<string>(way);
  for (let next: QueueId | undefined = first; next; next = among.get('queue', next)?.overflow) {
    if (next === id) {
      return way.length === 1
        ? overflowProblem('a queue cannot overflow to itself')
        : overflowProblem(`work would go round in circles: ${[...way, id].join(' → ')}`);
    }
    if (passed.has(next)) return []; // a circle of others: theirs to mend
    if (way.length > MOST_HOPS) {
      return overflowProblem(`work would pass through more than ${MOST_HOPS} other queues`);
    }
    way.push(next);
    passed.add(next);
  }
  return [];
}

const overflowProblem = (problem: string): Problem[] => [{ path: 'overflow', problem }];
