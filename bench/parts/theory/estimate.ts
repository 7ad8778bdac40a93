/** Means of what is not independent, with an honest error: batch means, and controls whose mean is known. */

/** The mean of a batch, and by how much the means of its controls missed what they must be in the long run. */
export interface Batch {
  readonly value: number;
  readonly misses: readonly number[];
}

export interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** Degrees of freedom of the standard error. */
  readonly freedom: number;
}

/**
 * The long-run mean, from batches so long that they hardly depend on each other. A batch in which customers
 * came thicker or took longer than they must on average shows it in its value too: the straight line through
 * all batches says by how much, and its height where nothing is missed is the estimate.
 *
 * @param batches Many more than controls; each has the same controls.
 * @see S. S. Lavenberg and P. D. Welch, "A perspective on the use of control variables to increase the
 * efficiency of Monte Carlo simulations", 1981.
 */
export function estimateMean(batches: readonly Batch[]): Estimate {
  const rows = batches.map(({ misses }) => [1, ...misses]);
  const size = rows[0]?.length ?? 1;
  const freedom = batches.length - size;
  const all = Array.from({ length: size }, (_, n) => n);
  const products = all.map((i) => all.map((j) => sumOf(rows.map((row) => row[i]! * row[j]!))));
  const inverse = inverseOf(products);
  const sums = all.map((i) => sumOf(rows.map((row, n) => row[i]! * batches[n]!.value)));
  const line = inverse.map((row) => sumOf(row.map((each, n) => each * sums[n]!)));
  const residuals = rows.map(
    (row, n) => batches[n]!.value - sumOf(row.map((each, i) => each * line[i]!)),
  );
  const variance = sumOf(residuals.map((r) => r * r)) / freedom;
  return {
    value: line[0] ?? Number.NaN,
    standardError: Math.sqrt(variance * (inverse[0]?.[0] ?? Number.NaN)),
    freedom,
  };
}

/** By Gauss and Jordan; of a positive definite matrix, which needs no change of rows. */
function inverseOf(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let at = 0; at < size; at++) {
    const pivot = rows[at]!.map((each) => each / rows[at]![at]!);
    rows.forEach((row, n) => {
      rows[n] = n === at ? pivot : row.map((each, i) => each - row[at]! * pivot[i]!);
    });
  }
  return rows.map((row) => row.slice(size));
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0);
