import { type Instant, type Milliseconds, hours, minutes, seconds } from '#base/time.ts';

/** What came of one try to deliver. */
export type TryOutcome =
  | { readonly type: 'answered'; readonly status: number; readonly retryAfter?: Milliseconds }
  | { readonly type: 'failed'; readonly reason: string };

/** What becomes of the delivery. */
export type AfterTry =
  | { readonly type: 'delivered' }
  | { readonly type: 'again'; readonly at: Instant }
  | { readonly type: 'failed' }
  /** The receiver says that it is gone for good. */
  | { readonly type: 'gone' };

/** Pauses between tries of one delivery; the last repeats. */
const PAUSES: readonly Milliseconds[] = [
  seconds(5),
  seconds(30),
  minutes(2),
  minutes(10),
  minutes(30),
  hours(1),
  hours(3),
];

/** A receiver may ask for patience, up to this. */
const LONGEST_PATIENCE = hours(3);

/** A receiver that fails is asked again this seldom, whatever waits for it. */
const LONGEST_REST = minutes(1);

/**
 * Decides after a try. 2xx is delivered; 410 ends the webhook; everything else, redirects too, is tried
 * again until the delivery is older than `giveUpAfter`. `chance`, from 0 to 1, spreads the tries.
 *
 * @see Standard Webhooks, "Deliverability and reliability"
 */
export function afterTry(
  outcome: TryOutcome,
  delivery: { readonly tries: number; readonly queuedAt: Instant },
  giveUpAfter: Milliseconds,
  now: Instant,
  chance: number,
): AfterTry {
  if (outcome.type === 'answered') {
    if (outcome.status >= 200 && outcome.status < 300) return { type: 'delivered' };
    if (outcome.status === 410) return { type: 'gone' };
  }
  const asked = outcome.type === 'answered' ? (outcome.retryAfter ?? 0) : 0;
  const own =
    (PAUSES[Math.min(delivery.tries, PAUSES.length) - 1] ?? seconds(5)) * (0.9 + chance / 5);
  const at = Math.round(now + Math.max(own, Math.min(asked, LONGEST_PATIENCE)));
  return at > delivery.queuedAt + giveUpAfter ? { type: 'failed' } : { type: 'again', at };
}

/** How long to leave a receiver alone that has failed `failures` times in a row. */
export function restAfter(failures: number): Milliseconds {
  return failures === 0 ? 0 : Math.min(LONGEST_REST, seconds(1) * 2 ** Math.min(failures - 1, 10));
}

/** One line for people about what came of a try. */
export function describeOutcome(outcome: TryOutcome): string {
  return (outcome.type === 'answered' ? `HTTP ${outcome.status}` : outcome.reason).slice(0, 200);
}
