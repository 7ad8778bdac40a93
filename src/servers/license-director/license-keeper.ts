import { type Clock, type Milliseconds } from '#base/time.ts';
import { CHECK_IN_EVERY, type Limit, type Seat, type SeatHolder } from './contract.ts';
import type { LicenseFile } from './license-file.ts';
import { type Grace, type LimitJudgement, judgeLimit, nextGrace } from './rules/judge-limit.ts';
import { limitNames } from './rules/limit-names.ts';
import { SeatRegister } from './rules/seat-register.ts';
import type { Remembered } from './tables.ts';

export type Taken =
  | { readonly type: 'seat'; readonly seat: Seat; readonly warning?: string }
  | {
      readonly type: 'no-seat';
      readonly name: string;
      readonly limit: number;
      readonly used: number;
    };

/** Knows seats, limits and graces together, and decides who may begin. */
export class LicenseKeeper {
  readonly seats = new SeatRegister();
  file: LicenseFile = { type: 'none' };
  readonly #clock: Clock;
  readonly #grace: Milliseconds;
  readonly #graces: Map<string, Grace>;
  #peaks: ReadonlyMap<string, number>;
  /** Of the present day. */
  #today = new Map<string, number>();
  /** Before this the register is not complete: holders from before a restart have not checked in yet. */
  readonly #completeAt: Milliseconds;

  constructor(clock: Clock, grace: Milliseconds, remembered: Remembered) {
    this.#clock = clock;
    this.#grace = grace;
    this.#graces = new Map(remembered.graces);
    this.#peaks = remembered.peaks;
    this.#completeAt = clock.monotonic() + CHECK_IN_EVERY;
  }

  get graces(): ReadonlyMap<string, Grace> {
    return this.#graces;
  }

  /** The most seats in use today, by limit. */
  get today(): ReadonlyMap<string, number> {
    return this.#today;
  }

  /** Takes a seat. Only an agent who begins is ever turned away, and never right behind a restart. */
  take(holder: SeatHolder, through: string): Taken {
    if (this.seats.has(holder)) return { type: 'seat', seat: this.hold(holder, through) };
    const mayRefuse = holder.type === 'agent' && this.#clock.monotonic() >= this.#completeAt;
    const judged = limitNames(holder).map((name) => ({ name, judgement: this.#judge(name, 1) }));
    const full = judged.find(({ judgement }) => judgement.state === 'full');
    const limit = full && this.#limitOf(full.name);
    if (mayRefuse && full && limit !== undefined) {
      return { type: 'no-seat', name: full.name, limit, used: this.seats.used(full.name) };
    }
    const seat = this.hold(holder, through);
    const warning = judged.flatMap((each) => this.#warn(each.name, each.judgement)).at(0);
    return { type: 'seat', seat, ...(warning ? { warning } : {}) };
  }

  /** Keeps a seat, or takes it without asking. */
  hold(holder: SeatHolder, through: string): Seat {
    const at = { now: this.#clock.now(), monotonic: this.#clock.monotonic() };
    const seat = this.seats.put(holder, through, at);
    for (const name of limitNames(holder)) this.#note(name);
    return seat;
  }

  /** Frees seats that lapsed and gives graces back that are over. @returns Whose seats lapsed. */
  sweep(): Seat[] {
    const lapsed = this.seats.lapse(this.#clock.monotonic());
    for (const name of this.#graces.keys()) this.#note(name);
    return lapsed;
  }

  /** A day began: its peaks start from what is in use; those stored are `peaks`. */
  beginDay(peaks: ReadonlyMap<string, number>): void {
    this.#peaks = peaks;
    this.#today = new Map(this.seats.names().map((name) => [name, this.seats.used(name)]));
  }

  /** Every limit of the file and every name that has seats. */
  limits(): Limit[] {
    const known = this.file.type === 'license' ? Object.keys(this.file.license.limits) : [];
    return [...new Set([...known, ...this.seats.names(), 'agents'])].toSorted().map((name) => {
      const next = this.#judge(name, 1);
      const { state, graceEnds } = next.state === 'full' ? next : this.#judge(name, 0);
      const limit = this.#limitOf(name);
      return {
        name,
        used: this.seats.used(name),
        ...(limit === undefined ? {} : { limit }),
        state,
        ...(graceEnds === undefined ? {} : { graceEnds }),
        peak: Math.max(this.#peaks.get(name) ?? 0, this.#today.get(name) ?? 0),
      };
    });
  }

  /** What an administrator should know of the limits, one sentence each. */
  warnings(): string[] {
    return this.limits().flatMap(({ name, ...judgement }) => this.#warn(name, judgement));
  }

  #limitOf(name: string): number | undefined {
    return this.file.type === 'license' ? this.file.license.limits[name] : undefined;
  }

  #judge(name: string, more: number): LimitJudgement {
    return judgeLimit({
      limit: this.#limitOf(name),
      used: this.seats.used(name) + more,
      expires: this.file.type === 'license' ? this.file.license.expires : undefined,
      graceSince: this.#graces.get(name)?.since,
      grace: this.#grace,
      now: this.#clock.now(),
    });
  }

  #note(name: string): void {
    const used = this.seats.used(name);
    if (used > (this.#today.get(name) ?? 0)) this.#today.set(name, used);
    const isOver = used > (this.#limitOf(name) ?? Infinity);
    const facts = { isOver, grace: this.#grace, now: this.#clock.now() };
    const grace = nextGrace(this.#graces.get(name), facts);
    if (grace) this.#graces.set(name, grace);
    else this.#graces.delete(name);
  }

  #warn(name: string, { state, graceEnds = 0 }: Pick<Limit, 'state' | 'graceEnds'>): string[] {
    const taken = `${this.seats.used(name)} of ${this.#limitOf(name) ?? 'any number of'} "${name}"`;
    const until = new Date(graceEnds).toISOString().slice(0, 10);
    if (state === 'warning') return [`${taken} are taken: order more, or renew the licence, soon`];
    if (state === 'grace')
      return [
        `${taken} are taken or the licence has expired: until ${until} new logins still come in`,
      ];
    if (state === 'full')
      return [
        `${taken} are taken or the licence has expired: since ${until} new logins are refused`,
      ];
    return [];
  }
}
