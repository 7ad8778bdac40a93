import type { Instant } from '#base/time.ts';
import type { Schedule } from '../configuration/documents.ts';
import { isOpen, nextOpening } from './schedule.ts';

/** Whether a schedule is open, and if not, when it opens again where that can be foreseen. */
export type Opening =
  | { readonly open: true }
  | { readonly open: false; readonly opensAt?: Instant | undefined };

const MINUTE = 60_000;

/** What was last worked out: hours begin and end on whole minutes, so it holds for one. */
const known = new WeakMap<Schedule, { readonly minute: number; readonly opening: Opening }>();

/**
 * As `isOpen` and `nextOpening`, for whoever asks with every contact: worked out once a minute for each
 * schedule, which must not be altered. One that is not to be had is open: better a customer too early
 * than one turned away by somebody's mistake.
 */
export function openingAt(schedule: Schedule | undefined, at: Instant): Opening {
  if (!schedule) return { open: true };
  const minute = Math.floor(at / MINUTE);
  const before = known.get(schedule);
  if (before?.minute === minute) return before.opening;
  const opening: Opening = isOpen(schedule, at)
    ? { open: true }
    : { open: false, opensAt: nextOpening(schedule, at) };
  known.set(schedule, { minute, opening });
  return opening;
}
