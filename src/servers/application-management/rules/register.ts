import { minutes } from '#base/time.ts';
import type { Instant, Milliseconds } from '#base/time.ts';
import { type Address, type Application, LEASE, type Publication } from '../contract.ts';
import { worstOf } from './roll-up.ts';

/** How long a lost application is still shown: long enough for somebody to see it. */
const REMEMBERED: Milliseconds = minutes(10);

/** More copies than any installation runs; a program that publishes without end is held here. */
export const MOST_APPLICATIONS = 1_000;

/** Wall clock for what people read, the other for leases: it cannot jump. */
export interface Moment {
  readonly now: Instant;
  readonly monotonic: Milliseconds;
}

interface Kept {
  application: Application;
  renewed: Milliseconds;
}

/** Who runs, by what they said last. Soft state: a lease that is not renewed ends. */
export class Register {
  readonly #kept = new Map<string, Kept>();

  /** Every application, in the order in which they came. */
  all(): Application[] {
    return [...this.#kept.values()].map(({ application }) => application);
  }

  get(instance: string): Application | undefined {
    return this.#kept.get(instance)?.application;
  }

  /**
   * Takes a publication in.
   *
   * @returns The application if others should hear of it, nothing if it is as it was; `full` if there are
   *   too many already.
   */
  publish(publication: Publication, at: Moment): Application | 'full' | undefined {
    const before = this.#kept.get(publication.instance)?.application;
    if (!before && this.#kept.size >= MOST_APPLICATIONS) return 'full';
    const application: Application = {
      ...publication,
      since: before?.since ?? at.now,
      renewedAt: at.now,
      state: worstOf(publication.parts.map(({ state }) => state)),
    };
    this.#kept.set(publication.instance, { application, renewed: at.monotonic });
    return before && isSame(before, application) ? undefined : application;
  }

  /** Takes a goodbye: it is not missed. @returns The application as it went, if it was known. */
  withdraw(instance: string): Application | undefined {
    const kept = this.#kept.get(instance);
    this.#kept.delete(instance);
    return kept && { ...kept.application, state: 'gone' };
  }

  /** Ends leases that were not renewed, forgets what is long gone. @returns Those just lost. */
  expire(at: Moment): Application[] {
    const lost: Application[] = [];
    for (const [instance, kept] of this.#kept) {
      const silence = at.monotonic - kept.renewed;
      if (silence > LEASE + REMEMBERED) this.#kept.delete(instance);
      if (silence <= LEASE || kept.application.state === 'gone') continue;
      kept.application = { ...kept.application, state: 'gone' };
      lost.push(kept.application);
    }
    return lost;
  }

  /** Where running copies of a component can be reached, first the copy that opened its addresses last. */
  find(component: string): Address[] {
    return this.all()
      .filter((one) => one.component === component && one.state !== 'gone')
      .toSorted((a, b) => openedAt(b) - openedAt(a) || b.since - a.since)
      .flatMap(({ addresses }) => addresses);
  }
}

const openedAt = ({ addresses }: Application): Instant =>
  Math.max(0, ...addresses.map(({ since = 0 }) => since));

function isSame(a: Application, b: Application): boolean {
  const told = (application: Application) => JSON.stringify({ ...application, renewedAt: 0 });
  return told(a) === told(b);
}
