import { fillGaussians, splitSeed } from "../support/random.js";
import { checkedOptions, projection, type Projection, type ProjectionOptions } from "./projection.js";

/**
 * Kronecker projection: theta = A Z B^T / sqrt(D) read row by row, with Gaussian factors A [a, p] and B [b, q]; z fills Z [p, q]
 * row by row (its rest is zero), and the first D of the a b values are the weights. P = A (x) B / sqrt(D), so every weight
 * depends on every coordinate; columns have norm 1 in expectation. a and b are near sqrt(D), p and q near sqrt(d).
 * Cost: O(sqrt(D d) (sqrt(D) + sqrt(d))) time, O(sqrt(D d)) memory.
 * @throws {RangeError} if not 1 <= d <= D.
 */
export function kroneckerProjection(options: ProjectionOptions): Projection {
  const { D, d, seed } = checkedOptions("kroneckerProjection", options);
  const a = Math.ceil(Math.sqrt(D)), b = Math.ceil(D / a);
  const p = Math.ceil(Math.sqrt(d)), q = Math.ceil(d / p);
  const A = fillGaussians(new Float32Array(a * p), splitSeed(seed, "kronecker:A"));
  const B = fillGaussians(new Float32Array(b * q), splitSeed(seed, "kronecker:B"));
  const scale = 1 / Math.sqrt(D);
  return projection("kronecker", options, {
    apply(z, out) {
      const ZB = new Float64Array(p * b); // Z B^T [p, b]
      for (let k = 0; k < d; k++) addColumn(ZB, Math.floor(k / q) * b, k % q, z[k]! * scale);
      const row = new Float64Array(b);
      for (let i = 0; i * b < D; i++) {
        row.fill(0);
        for (let k = 0; k < p; k++) addRow(row, 0, ZB, k * b, A[i * p + k]!);
        out.set(row.subarray(0, Math.min(b, D - i * b)), i * b);
      }
    },
    adjoint(g, out) {
      const AG = new Float64Array(p * b); // A^T G [p, b]
      const row = new Float64Array(b);
      for (let i = 0; i * b < D; i++) {
        row.fill(0);
        row.set(g.subarray(i * b, Math.min(i * b + b, D)));
        for (let k = 0; k < p; k++) addRow(AG, k * b, row, 0, A[i * p + k]!);
      }
      for (let k = 0; k < d; k++) out[k] = dotColumn(AG, Math.floor(k / q) * b, k % q) * scale;
    },
  });

  /** to[at + j] += weight * from[start + j], j < b. */
  function addRow(to: Float64Array, at: number, from: Float64Array, start: number, weight: number): void {
    for (let j = 0; j < b; j++) to[at + j]! += weight * from[start + j]!;
  }
  /** to[at + j] += weight * B[j, column]. */
  function addColumn(to: Float64Array, at: number, column: number, weight: number): void {
    for (let j = 0; j < b; j++) to[at + j]! += weight * B[j * q + column]!;
  }
  /** The sum of from[at + j] * B[j, column], j < b. */
  function dotColumn(from: Float64Array, at: number, column: number): number {
    let sum = 0;
    for (let j = 0; j < b; j++) sum += from[at + j]! * B[j * q + column]!;
    return sum;
  }
}
