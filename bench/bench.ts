/** What all benches share: rounds that take turns, medians, CPU time of whole process trees, and the report. */
import { readFileSync, readdirSync } from 'node:fs';

/** What one run of a bench found. `npm run bench -- NAME` prints it as its last line. */
export interface BenchResult {
  readonly bench: string;
  /** Ours against a reference, both measured in this run: more is better. */
  readonly ratios: Readonly<Record<string, number>>;
  /** What depends on the machine, the unit in the name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One way of doing the work that a bench compares. */
export interface Contender {
  readonly name: string;
  /** Works for about `milliseconds` and tells what it did. */
  round(milliseconds: number): Promise<Work>;
}

export interface Work {
  /** How many units (calls, events, messages) were done. */
  readonly units: number;
  /** How long each took, in milliseconds; may be a sample. */
  readonly latencies: readonly number[];
}

/** The medians over the rounds of one contender. */
export interface Standing {
  readonly name: string;
  readonly unitsPerSecond: number;
  /** CPU time of this process and `others`, in microseconds per unit. */
  readonly cpuPerUnit: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface CompareOptions {
  /** At least 5 (default 5). */
  readonly rounds?: number;
  /** How long one round lasts (default 2 s). */
  readonly milliseconds?: number;
  /** Processes whose CPU time counts too, with all their children. */
  readonly others?: () => readonly number[];
}

/**
 * Lets the contenders take turns, so that whatever else the machine does hits all of them, and prints a table.
 * The first round of each is thrown away: it warms up.
 */
export async function compare(
  contenders: readonly Contender[],
  { rounds = 5, milliseconds = 2_000, others = () => [] }: CompareOptions = {},
): Promise<Standing[]> {
  const measured = contenders.map((): Omit<Standing, 'name'>[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const cpu = cpuMicroseconds(others());
      const began = performance.now();
      const { units, latencies } = await contender.round(round === 0 ? 500 : milliseconds);
      const elapsed = performance.now() - began;
      if (round === 0) continue;
      const sorted = latencies.toSorted((a, b) => a - b);
      measured[index]?.push({
        unitsPerSecond: (units / elapsed) * 1_000,
        cpuPerUnit: (cpuMicroseconds(others()) - cpu) / units,
        p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
        p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      });
    }
  }
  const standings = contenders.map(({ name }, index): Standing => {
    const all = measured[index] ?? [];
    return {
      name,
      unitsPerSecond: Math.round(median(all.map((one) => one.unitsPerSecond))),
      cpuPerUnit: rounded(median(all.map((one) => one.cpuPerUnit))),
      p50Ms: rounded(median(all.map((one) => one.p50Ms))),
      p99Ms: rounded(median(all.map((one) => one.p99Ms))),
    };
  });
  console.table(Object.fromEntries(standings.map(({ name, ...figures }) => [name, figures])));
  return standings;
}

/** The middle of `values`; of an even number, the upper one of the two in the middle. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Two digits behind the point: more is noise. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Linux counts CPU time of other processes in hundredths of a second. */
const TICK_MICROSECONDS = 10_000;

/** CPU time so far of this process and of `others` with all their children, those that have ended included. */
export function cpuMicroseconds(others: readonly number[]): number {
  const { user, system } = process.cpuUsage();
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readStat);
  const counted = new Set(others);
  for (let before = -1; before !== counted.size;) {
    before = counted.size;
    for (const { pid, parent } of stats) if (counted.has(parent)) counted.add(pid);
  }
  const ticks = stats
    .filter(({ pid }) => counted.has(pid))
    .reduce((sum, one) => sum + one.ticks, 0);
  return user + system + ticks * TICK_MICROSECONDS;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** @see proc_pid_stat(5); nothing for a process that has just ended. */
function readStat(pid: string): Stat[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number); // the name may hold spaces
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    return [{ pid: Number(pid), parent: fields[1] ?? 0, ticks: utime + stime + cutime + cstime }];
  } catch {
    return [];
  }
}
