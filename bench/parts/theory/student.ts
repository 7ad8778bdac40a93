/** How fine the integral is taken: to ten digits for 3 degrees of freedom or more. */
const STEPS = 20_000;

/**
 * How many standard errors to either side hold the truth with `confidence` (above 0, below 1): Student's t.
 *
 * With t = √ν · tan θ its density is that of cosᵛ⁻¹ θ, of which nothing grows out of hand.
 *
 * @param freedom Degrees of freedom, 3 or more.
 */
export function studentQuantile(confidence: number, freedom: number): number {
  const step = Math.PI / 2 / STEPS;
  const density = (theta: number): number => Math.cos(theta) ** (freedom - 1);
  const pieces = Array.from({ length: STEPS }, (_, n) => {
    const from = n * step;
    return density(from) + 4 * density(from + step / 2) + density(from + step); // Simpson
  });
  const wanted = confidence * pieces.reduce((sum, piece) => sum + piece, 0);
  let theta = 0;
  let sum = 0;
  for (const piece of pieces) {
    if (sum + piece >= wanted) {
      theta += (step * (wanted - sum)) / piece;
      break;
    }
    sum += piece;
    theta += step;
  }
  return Math.sqrt(freedom) * Math.tan(theta);
}
