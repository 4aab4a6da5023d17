/** A straight line through points by least squares, with its uncertainty. */
import { requireLength } from "./checks.js";

export interface Line {
  slope: number;
  intercept: number;
  /** Pearson's r of the points. */
  correlation: number;
  /** Ends of the 95 % interval of the slope by Student's t with n - 2 degrees; null with fewer than three points. */
  slopeInterval: [number, number] | null;
}

/** y = intercept + slope x; null with fewer than two different x. @throws {RangeError} where lengths differ. */
export function fitLine(x: readonly number[], y: readonly number[]): Line | null {
  requireLength("fitLine", "y", y, x.length);
  const n = x.length, mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  const sum = (of: (i: number) => number): number => x.reduce((total, _value, i) => total + of(i), 0);
  const xx = sum((i) => (x[i]! - mx) ** 2), yy = sum((i) => (y[i]! - my) ** 2), xy = sum((i) => (x[i]! - mx) * (y[i]! - my));
  if (n < 2 || xx === 0) return null;
  const slope = xy / xx, intercept = my - slope * mx;
  const residual = sum((i) => (y[i]! - intercept - slope * x[i]!) ** 2);
  const half = n < 3 ? null : studentQuantile(n - 2) * Math.sqrt(residual / (n - 2) / xx);
  return { slope, intercept, correlation: yy === 0 ? 0 : xy / Math.sqrt(xx * yy), slopeInterval: half === null ? null : [slope - half, slope + half] };
}

/** Student's t at 97.5 % for `degrees`, from the table; above 30 by Cornish and Fisher's expansion, exact to four digits. */
export function studentQuantile(degrees: number): number {
  const table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281, 2.201, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098,
    2.1009, 2.093, 2.086, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423];
  const z = 1.959964;
  return table[degrees - 1] ?? z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}
