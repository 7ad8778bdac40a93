import { keepTrying, pause } from '#base/keep-trying.ts';
import { minutes, seconds, type Clock, type Instant, type Milliseconds } from '#base/time.ts';
import type { WorkItemId } from '#domain/ids.ts';
import {
  PROMISES,
  type PromiseName,
  type SeenViolation,
  type Standing,
  type Violation,
} from '#domain/work-item/standing.ts';
import type { WorkItemState } from '#domain/work-item/state.ts';
import type { Director } from './director.ts';
import { imbalance, isAboveLimit, overdue, ownershipViolations } from './rules/invariants.ts';

export interface PromisesOptions {
  readonly clock: Clock;
  /** Who decides at present. */
  readonly director: () => Director | undefined;
  /** Told of what is newly broken. */
  readonly broken: (violation: Violation) => void;
  /** Told of what is broken now, whenever that changes. */
  readonly changed: (violations: readonly SeenViolation[]) => void;
  readonly failed: (error: unknown) => void;
}

/** How often everything open is looked through. */
const LOOK_EVERY: Milliseconds = seconds(1);

/** Looked at in one go: below a millisecond, so that no decision waits for it. */
const SLICE = 1_000;
const BETWEEN_SLICES: Milliseconds = 2;

/** A step that broke a promise is shown for so long, whatever came after it. */
const SHOWN_FOR: Milliseconds = minutes(10);

/** Of one promise: who has read so many reads no more. */
const MOST_SHOWN = 100;

interface Seen {
  readonly violation: SeenViolation;
  /** Until when it is shown; nothing where it is looked for again and again. */
  readonly until?: Instant;
}

/**
 * Looks every second whether the director's promises are kept, in slices that hold up nothing, and knows
 * how it stands.
 */
export class Promises implements AsyncDisposable {
  readonly #options: PromisesOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #broken = new Map<PromiseName, number>();
  #seen = new Map<string, Seen>();
  /** Offers that were overdue when last looked at: one look may come before the timer that ends them. */
  #overdue = new Map<WorkItemId, number>();
  #counted: Pick<Standing, 'states' | 'agentsAboveLimit' | 'checkedAt'> = {
    states: {},
    agentsAboveLimit: 0,
  };

  constructor(options: PromisesOptions) {
    const { clock, failed } = options;
    this.#options = options;
    this.#running = keepTrying(
      async (signal) => {
        await this.look(signal);
      },
      {
        clock,
        signal: this.#stop.signal,
        failed,
        firstPause: LOOK_EVERY,
        longestPause: LOOK_EVERY,
      },
    );
  }

  /** A step broke these. */
  note(violations: readonly Violation[]): void {
    if (violations.length === 0) return;
    const until = this.#options.clock.now() + SHOWN_FOR;
    const seen = new Map(this.#seen);
    for (const violation of violations) this.#see(seen, violation, until);
    this.#replace(seen);
  }

  /** How it stands. */
  standing(): Standing {
    const { state } = this.#options.director() ?? {};
    return {
      entered: state?.entered ?? 0,
      ended: state?.ended ?? 0,
      open: state?.centre.items.size ?? 0,
      agents: state?.centre.agents.size ?? 0,
      ...this.#counted,
      promises: PROMISES.map((promise) => ({
        promise,
        broken: this.#broken.get(promise) ?? 0,
        violations: [...this.#seen.values()]
          .map(({ violation }) => violation)
          .filter((each) => each.promise === promise)
          .slice(0, MOST_SHOWN),
      })),
    };
  }

  /** Looks through everything once. */
  async look(signal: AbortSignal): Promise<void> {
    const { clock, director } = this.#options;
    const present = director();
    if (!present) return;
    const { state } = present;
    const found: Violation[] = [];
    const states: Partial<Record<WorkItemState, number>> = {};
    const late = new Map<WorkItemId, number>();
    let looked = 0;
    for (const item of state.centre.items.values()) {
      if (++looked % SLICE === 0) {
        await pause(clock, BETWEEN_SLICES, signal);
        if (signal.aborted || director() !== present) return; // another state is in force
        if (!state.centre.items.has(item.id)) continue; // it ended while we waited
      }
      states[item.state] = (states[item.state] ?? 0) + 1;
      found.push(...ownershipViolations(state, item));
      if (!present.keepsTime || item.offer === undefined) continue;
      const violations = overdue(item, clock.now());
      if (violations.length === 0) continue;
      late.set(item.id, item.offer);
      if (this.#overdue.get(item.id) === item.offer) found.push(...violations);
    }
    this.#overdue = late;
    found.push(...imbalance(state));
    const agentsAboveLimit = [...state.centre.agents.keys()].filter((agent) => {
      const facts = state.agent(agent);
      return facts && isAboveLimit(facts);
    }).length;
    this.#counted = { states, agentsAboveLimit, checkedAt: clock.now() };
    const now = clock.now();
    const seen = new Map([...this.#seen].filter(([, { until = 0 }]) => until > now));
    for (const violation of found) this.#see(seen, violation);
    this.#replace(seen);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  #see(seen: Map<string, Seen>, violation: Violation, until?: Instant): void {
    const key = `${violation.promise} ${violation.item ?? ''}`;
    const before = this.#seen.get(key);
    if (!before) {
      const { promise } = violation;
      this.#broken.set(promise, (this.#broken.get(promise) ?? 0) + 1);
      this.#options.broken(violation);
    }
    const since = before?.violation.since ?? this.#options.clock.now();
    const told = { ...violation, since };
    seen.set(key, { violation: told, ...(until !== undefined && { until }) });
  }

  #replace(seen: Map<string, Seen>): void {
    const isSame =
      seen.size === this.#seen.size && [...seen.keys()].every((k) => this.#seen.has(k));
    this.#seen = seen;
    if (!isSame || seen.size === 0)
      this.#options.changed([...seen.values()].map(({ violation }) => violation));
  }
}
