/** Two-sided 5 %, and 80 of 100 chances to see a difference that is there. */
const Z_ALPHA = 1.959964;
const Z_POWER = 0.841621;

/** How far apart two shares must be for a test of two groups to see it: what is over of the difference. */
function spare(base: number, raised: number, [n, m]: [number, number]): number {
  const pooled = (n * base + m * raised) / (n + m);
  const noise = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  const scatter = Math.sqrt((base * (1 - base)) / n + (raised * (1 - raised)) / m);
  return raised - base - Z_ALPHA * noise - Z_POWER * scatter;
}

/**
 * The least rise over a share that two groups of this size show with 80 of 100 chances (CAM-10): normal approximation with pooled variance, as in
 * Fleiss's tables of sample sizes. Found by halving, to a millionth.
 * @param base the share without the campaign, 0–1
 * @returns a fraction; null when no rise up to 100 % would do
 */
export function leastDetectable(base: number, people: [number, number]): number | null {
  if (base >= 1 || Math.min(...people) < 1 || spare(base, 1, people) < 0) return null;
  let [low, high] = [base, 1];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (spare(base, middle, people) < 0) low = middle;
    else high = middle;
  }
  return high - base;
}
