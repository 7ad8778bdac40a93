import { Customers, type Fate } from '#servers/media-director/testing/customers.ts';
import { FirstComeFirstServed } from '#servers/media-director/testing/first-come-first-served.ts';
import { ServedByTheRules } from '#servers/media-director/testing/served-by-the-rules.ts';
import { BatchSums, MEASURES, type Measure } from './batch-sums.ts';
import { estimateMean, type Batch, type Estimate } from './estimate.ts';
import { HANDLING_TIME, type Setting } from './settings.ts';

export interface Trial {
  readonly measures: ReadonlyMap<Measure, Estimate>;
  /** Decisions of the rules. */
  readonly decisions: number;
  /** Customers who fared otherwise by the rules than first come, first served. */
  readonly differences: number;
}

export interface TrialLength {
  /** How many customers the rules serve. */
  readonly byTheRules: number;
  /** How many customers come in all. */
  readonly customers: number;
}

/** Each is then thousands of times as long as a crowd lasts. */
const BATCHES = 120;
const BATCHES_OF_RULES = 40;

/** That the queue was empty at first is forgotten after so many handling times: twenty times what a crowd lasts. */
const WARM_UP = 200;

/**
 * Serves the same customers twice, by the rules and first come, first served; and very many more by the
 * latter, which is a hundred times as quick. The mean of the rules is that of the many plus that of the
 * difference. It has no bias, whatever the rules do; where they do the same, it is as exact as if they had
 * served all of the many, and where they do not, the difference shows in value and error.
 *
 * @see M. B. Giles, "Multilevel Monte Carlo path simulation", 2008.
 */
export function trySetting(setting: Setting, seed: number, length: TrialLength): Trial {
  const { agents, load, patience = Number.POSITIVE_INFINITY } = setting;
  const traffic = { load, agents, handlingTime: HANDLING_TIME };
  const customers = new Customers(seed, traffic, patience * HANDLING_TIME);
  const rules = new ServedByTheRules(agents);
  const inOrder = new FirstComeFirstServed(agents);
  const measures = (Object.keys(MEASURES) as Measure[]).filter(
    (name) => name !== 'abandons' || setting.patience !== undefined,
  );
  const expected: Fate[] = [];
  const sums = new BatchSums(setting);
  const serve = (count: number): Batch[] => {
    for (let n = 0; n < count; n++) {
      const customer = customers.next();
      const fate = inOrder.serve(customer);
      sums.add(customer, fate);
      if (expected.length === length.byTheRules) continue;
      expected.push(fate);
      rules.arrive(customer);
    }
    return sums.take(measures);
  };

  serve(Math.ceil(WARM_UP * load));
  const batches = Array.from({ length: BATCHES }, () =>
    serve(Math.ceil(length.customers / BATCHES)),
  );
  const found = rules.finish();
  const estimateOf = (name: Measure, index: number): Estimate => {
    const of = MEASURES[name];
    const gaps = found.map((fate, n) => of(fate) - of(expected[n]!));
    return sumOf(estimateMean(batches.map((each) => each[index]!)), estimateMean(inBatches(gaps)));
  };
  return {
    measures: new Map(measures.map((name, index) => [name, estimateOf(name, index)])),
    decisions: rules.decisions,
    differences: found.filter((fate, n) => !isSame(fate, expected[n]!)).length,
  };
}

/** The two may depend on each other: at worst their errors add up. */
const sumOf = (a: Estimate, b: Estimate): Estimate => ({
  value: a.value + b.value,
  standardError: a.standardError + b.standardError,
  freedom: Math.min(a.freedom, b.freedom),
});

const isSame = (a: Fate, b: Fate): boolean => a.waited === b.waited && a.abandoned === b.abandoned;

function inBatches(values: readonly number[]): Batch[] {
  const size = Math.floor(values.length / BATCHES_OF_RULES);
  return Array.from({ length: BATCHES_OF_RULES }, (_, n) => {
    const own = values.slice(n * size, (n + 1) * size);
    return { value: own.reduce((sum, value) => sum + value, 0) / size, misses: [] };
  });
}
