import type { Instant, Milliseconds } from '#base/time.ts';
import type { EntryPoint, Schedule } from '../configuration/documents.ts';
import type { QueueId } from '../ids.ts';
import type { RequirementSteps } from '../requirement/requirement.ts';
import { isOpen, nextOpening } from './schedule.ts';

/** What awaits a customer who comes in by an entry point: the same for every medium. */
export interface EntryDecision {
  /** False: show `closed`, and let the customer leave a message where the medium can. */
  readonly open: boolean;
  /** When it opens again; left out where it is open, or does not open in the foreseeable future. */
  readonly opensAt?: Instant;
  readonly queue: QueueId;
  /** Left out: the queue's own. */
  readonly priority?: number;
  /** What its work asks for; left out: what the queue says. */
  readonly requirements?: RequirementSteps;
  /** Within which time its work is meant to be served; left out: what the queue says. */
  readonly serviceObjective?: Milliseconds;
  /** What to show first; '' shows nothing. */
  readonly greeting: string;
  /** What to show while it is closed, or while nobody is there; '' leaves it to the medium. */
  readonly closed: string;
  /** What the customer must agree to first; '' asks nothing. */
  readonly consent: string;
}

/**
 * Decides where a customer goes who comes in now. An entry point without a schedule is always open;
 * so is one whose `schedule` is not to be had: better a message too early than a customer turned away
 * by somebody's mistake.
 */
export function decideEntry(facts: {
  readonly entryPoint: EntryPoint;
  readonly schedule: Schedule | undefined;
  readonly at: Instant;
}): EntryDecision {
  const { entryPoint, schedule, at } = facts;
  const open = !schedule || isOpen(schedule, at);
  const opensAt = open ? undefined : nextOpening(schedule, at);
  const { greeting = '', closed = '', consent = '' } = entryPoint.treatment;
  return {
    open,
    ...(opensAt !== undefined && { opensAt }),
    queue: entryPoint.queue,
    ...(entryPoint.priority !== undefined && { priority: entryPoint.priority }),
    ...(entryPoint.requirements && { requirements: entryPoint.requirements }),
    ...(entryPoint.serviceObjective !== undefined && {
      serviceObjective: entryPoint.serviceObjective,
    }),
    greeting,
    closed,
    consent,
  };
}
