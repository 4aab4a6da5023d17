import { randomIndices } from "../support/random.js";

/**
 * Deals the integers 0 ... n - 1 to consecutive rows: each run of n rows gets a fresh random permutation of them, so that
 * over any number of rows the counts of two integers differ by at most one. Calls use(dealt, firstRow, rows) for each run;
 * `dealt` is reused. O(n) memory.
 */
export function dealInRuns(
  options: { n: number; rows: number; seed: number }, use: (dealt: Uint32Array, firstRow: number, rows: number) => void,
): void {
  const { n, rows, seed } = options;
  const index = randomIndices(seed, "deal");
  const dealt = new Uint32Array(n);
  for (let j = 0; j < n; j++) dealt[j] = j;
  for (let first = 0; first < rows; first += n) {
    const count = Math.min(n, rows - first);
    for (let i = 0; i < count; i++) {
      const j = i + index(n - i), other = dealt[j]!;
      dealt[j] = dealt[i]!;
      dealt[i] = other;
    }
    use(dealt, first, count);
  }
}
