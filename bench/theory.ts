/**
 * Queues served by the director's rules meet theory: Erlang C where nobody gives up, Erlang A where some do.
 * Every check must hold at once with a confidence of 99 %, each within 2 % of the theoretical value, for each
 * seed by itself.
 */
import { erlangA } from '#domain/erlang/erlang-a.ts';
import { erlangC } from '#domain/erlang/erlang-c.ts';
import type { BenchResult } from './bench.ts';
import { rounded } from './bench.ts';
import type { Measure } from './parts/theory/batch-sums.ts';
import { HANDLING_TIME, SETTINGS, type Setting } from './parts/theory/settings.ts';
import { studentQuantile } from './parts/theory/student.ts';
import { trySetting, type Trial } from './parts/theory/try-setting.ts';

const SEEDS = [1, 2, 3];
const CONFIDENCE = 0.99;

/** The widest interval that is allowed to either side, in percent of the theoretical value. */
const WIDEST = 2;

/** How many customers of each setting and seed the rules serve: seconds of work. */
const BY_THE_RULES = 100_000;

interface Check {
  /** How far the found value is from theory, and how wide the interval is to either side, in percent of theory. */
  readonly off: number;
  readonly halfWidth: number;
}

const holds = ({ off, halfWidth }: Check): boolean =>
  Math.abs(off) <= halfWidth && halfWidth <= WIDEST;

export function run(): Promise<BenchResult> {
  const began = performance.now();
  const theories = SETTINGS.map(theoryOf);
  const checksInAll = theories.reduce((sum, theory) => sum + theory.size, 0) * SEEDS.length;
  const each = CONFIDENCE ** (1 / checksInAll); // Šidák: all of them together

  const rows: Record<string, Record<string, string>> = {};
  const checks: Check[] = [];
  const trials: Trial[] = [];
  SETTINGS.forEach((setting, index) => {
    const theory = theories[index]!;
    const length = { byTheRules: BY_THE_RULES, customers: setting.millions * 1_000_000 };
    const own = SEEDS.map((seed) => trySetting(setting, seed, length));
    trials.push(...own);
    for (const [measure, value] of theory) {
      const found = own.map((trial) => compare(trial, measure, value, each));
      checks.push(...found);
      rows[`${nameOf(setting)}: ${measure}`] = {
        theory: value.toPrecision(5),
        ...Object.fromEntries(found.map((check, n) => [`seed ${SEEDS[n]}`, tell(check)])),
      };
    }
    const seconds = Math.round((performance.now() - began) / 1_000);
    console.log(`${seconds} s: ${index + 1} of ${SETTINGS.length}, ${nameOf(setting)}`);
  });
  console.table(rows);
  console.log(`Off theory ± half-width, in percent of it; ${checksInAll} checks, 99 % over all.`);

  return Promise.resolve({
    bench: 'theory',
    ratios: {},
    figures: {
      settings: SETTINGS.length,
      checks: checks.length,
      failures: checks.filter((check) => !holds(check)).length,
      confidencePercent: CONFIDENCE * 100,
      worstHalfWidthPercent: rounded(Math.max(...checks.map((check) => check.halfWidth))),
      worstOffPercent: rounded(Math.max(...checks.map((check) => Math.abs(check.off)))),
      decisions: trials.reduce((sum, trial) => sum + trial.decisions, 0),
      customersByTheRules: trials.length * BY_THE_RULES,
      customersOtherwise: trials.reduce((sum, trial) => sum + trial.differences, 0),
      seconds: Math.round((performance.now() - began) / 1_000),
    },
  });
}

function theoryOf({ agents, load, patience }: Setting): ReadonlyMap<Measure, number> {
  const traffic = { agents, load, handlingTime: HANDLING_TIME };
  if (patience === undefined) {
    const { waits, meanWait } = erlangC(traffic);
    return new Map<Measure, number>([
      ['waits', waits],
      ['mean wait', meanWait / HANDLING_TIME],
    ]);
  }
  const { waits, meanWait, abandons } = erlangA(traffic, patience * HANDLING_TIME);
  return new Map<Measure, number>([
    ['waits', waits],
    ['mean wait', meanWait / HANDLING_TIME],
    ['abandons', abandons],
  ]);
}

function compare(trial: Trial, measure: Measure, theory: number, confidence: number): Check {
  const found = trial.measures.get(measure);
  if (!found) throw new Error(`Cannot compare "${measure}": it was not measured`);
  const halfWidth = studentQuantile(confidence, found.freedom) * found.standardError;
  return {
    off: (100 * (found.value - theory)) / theory,
    halfWidth: (100 * halfWidth) / theory,
  };
}

const tell = (check: Check): string => {
  const sign = check.off < 0 ? '' : '+';
  return `${sign}${check.off.toFixed(2)} ± ${check.halfWidth.toFixed(2)}${holds(check) ? '' : ' !'}`;
};

const nameOf = ({ agents, load, patience }: Setting): string =>
  `${agents} agents, ${load} erlangs${patience === undefined ? '' : `, patience ${patience}`}`;
