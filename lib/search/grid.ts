/** The paper's grid of d: floor(100 * 10^(4k/63)), neighbours a factor 1.157 apart. */
import { requireInteger } from "../support/checks.js";

/** log10 of the ratio between neighbours. */
const STEP = 4 / 63;

/**
 * The value of the grid at k; k = 0 ... 63 gives 100 ... 1,000,000, and 5 ... 31 hold the d90 of the paper's Table 1.
 * k may be negative or above 63. The small addend keeps whole powers of ten from falling to their predecessor.
 */
export const gridValue = (k: number): number => Math.floor(100 * 10 ** (STEP * k) * (1 + 1e-12));

/**
 * All values of the grid in [lowest, highest], ascending and without repeats.
 * @throws {RangeError} if the bounds are no positive integers or hold no value.
 */
export function gridBetween(lowest: number, highest: number): number[] {
  requireInteger("gridBetween", "lowest", lowest, 1);
  requireInteger("gridBetween", "highest", highest, lowest);
  const values: number[] = [];
  for (let k = Math.floor(Math.log10(lowest / 100) / STEP) - 1, d = 0; (d = gridValue(k)) <= highest; k++) {
    if (d >= lowest && d !== values.at(-1)) values.push(d);
  }
  if (values.length > 0) return values;
  throw new RangeError(`gridBetween: no value of the grid lies in [${lowest}, ${highest}]: widen it to a factor of 1.16.`);
}

/** Position in `grid` of the value nearest to `d` by ratio. */
export function nearestPosition(grid: readonly number[], d: number): number {
  const distance = (value: number) => Math.abs(Math.log(value / d));
  return grid.reduce((best, value, position) => (distance(value) < distance(grid[best]!) ? position : best), 0);
}
