import { messageOf } from '#base/failure.ts';
import { Latest } from '#base/latest.ts';
import { Serial } from '#base/serial.ts';
import { type Clock, type Instant, type Milliseconds, hours } from '#base/time.ts';
import type { Health } from '#platform/platform.ts';
import type { WireTraceEntry } from './contract.ts';
import type { TraceFiles } from './files/trace-files.ts';
import { RecentEntries } from './recent-entries.ts';
import type { KeptEntry } from './rules/kept-line.ts';

/** A minute of a very busy centre; whoever is further behind reads the files. */
const RECENT_BYTES = 8 * 1024 * 1024;

/** Programs on other machines may be so much ahead of this one's clock. */
const CLOCKS_DIFFER_BY: Milliseconds = hours(1);

/** Handed to a reader at once. */
const PAGE = 500;

/** Numbers entries, keeps them on disk and tells them to whoever follows. Without room on the disk it goes on telling. */
export class TraceStore {
  readonly #files: TraceFiles;
  readonly #clock: Clock;
  readonly #health: Health;
  readonly #serial = new Serial();
  readonly #recent = new RecentEntries(RECENT_BYTES);
  readonly #newest: Latest<number>;
  readonly #lost: (count: number) => void;

  /** @param options `lost` is told how many entries came and could not be kept. */
  constructor(
    files: TraceFiles,
    options: { clock: Clock; health: Health; lost: (count: number) => void },
  ) {
    this.#files = files;
    this.#clock = options.clock;
    this.#health = options.health;
    this.#lost = options.lost;
    this.#newest = new Latest(files.last);
  }

  /** The number of the newest entry. */
  get newest(): number {
    return this.#newest.value;
  }

  /** Takes entries in; resolves when they are kept, or could not be. */
  add(entries: readonly WireTraceEntry[]): Promise<void> {
    return this.#serial.run(async () => {
      if (entries.length === 0) return;
      const kept = entries.map((entry, index) => ({ n: this.newest + 1 + index, entry }));
      try {
        await this.#files.append(kept, this.#clock.now());
        this.#health.report('files', 'good');
      } catch (error) {
        this.#lost(kept.length);
        this.#health.report(
          'files',
          'bad',
          `Traces are shown but not kept: ${messageOf(error)}; free some space on the disk`,
        );
      }
      this.#recent.add(kept);
      this.#newest.set(this.newest + kept.length);
    });
  }

  /**
   * Follows what fits from behind `since`, kept entries first, until the signal. A reader that is slow reads
   * the files; one that asks for a number not given yet begins now.
   *
   * @yields Entries in order.
   */
  async *follow(
    since: number,
    fits: (entry: WireTraceEntry) => boolean,
    signal: AbortSignal,
  ): AsyncGenerator<KeptEntry, void> {
    let at = Math.min(since, this.newest);
    for await (const newest of this.#newest.follow(signal)) {
      while (at < newest && !signal.aborted) {
        const first = this.#recent.first ?? newest + 1;
        if (at + 1 < first) {
          for await (const kept of this.#files.read(at)) {
            if (kept.n >= first || signal.aborted) break;
            at = kept.n;
            if (fits(kept.entry)) yield kept;
          }
          at = Math.max(at, first - 1); // what is missing between was never kept
        }
        for (const kept of this.#recent.behind(at, PAGE)) {
          at = kept.n;
          if (fits(kept.entry)) yield kept;
        }
      }
    }
  }

  /** The number behind which the newest `count` entries that fit begin. */
  async before(count: number, fits: (entry: WireTraceEntry) => boolean): Promise<number> {
    const newest = this.newest;
    const recent = this.#recent.behind(0, Infinity).filter(({ entry }) => fits(entry));
    const first = recent.at(-count);
    if (count === 0) return newest;
    if (first) return first.n - 1;
    const numbers: number[] = [];
    for await (const { n } of this.range(0, Infinity, fits)) {
      numbers.push(n);
      if (numbers.length > count) numbers.shift();
    }
    return (numbers[0] ?? newest + 1) - 1;
  }

  /**
   * All that was kept of a time range and fits.
   *
   * @yields Entries in the order in which they came.
   */
  async *range(
    from: Instant,
    to: Instant,
    fits: (entry: WireTraceEntry) => boolean,
  ): AsyncGenerator<KeptEntry, void> {
    const isWithin = ({ entry }: KeptEntry): boolean =>
      entry.at >= from && entry.at < to && fits(entry);
    let last = 0;
    for await (const kept of this.#files.readSince(from - CLOCKS_DIFFER_BY)) {
      last = kept.n;
      if (isWithin(kept)) yield kept;
    }
    yield* this.#recent.behind(last, Infinity).filter(isWithin);
  }
}
