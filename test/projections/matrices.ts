/** Small projections as matrices, in float64. */
import type { Projection } from "../../lib/projections/index.js";

/** P as columns [d][D]. */
export function columnsOf(P: Projection): Float64Array[] {
  return Array.from({ length: P.intrinsicDimension }, (_, j) => {
    const unit = new Float32Array(P.intrinsicDimension);
    unit[j] = 1;
    return Float64Array.from(P.apply(unit));
  });
}

export const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
};

/** The largest absolute entry of P^T P - I. */
export function distanceFromOrthonormal(P: Projection): number {
  const columns = columnsOf(P);
  let distance = 0;
  columns.forEach((x, j) => columns.forEach((y, k) => { distance = Math.max(distance, Math.abs(dot(x, y) - (j === k ? 1 : 0))); }));
  return distance;
}

/** Eigenvalues of the symmetric matrix A [n][n], descending: cyclic Jacobi rotations. */
export function eigenvalues(A: Float64Array[]): number[] {
  const n = A.length, a = A.map((row) => row.slice());
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, p, q);
  }
  return a.map((row, i) => row[i]!).sort((x, y) => y - x);
}

/** One Jacobi rotation that makes a[p][q] zero. */
function rotate(a: Float64Array[], p: number, q: number): void {
  if (Math.abs(a[p]![q]!) < 1e-300) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * a[p]![q]!);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1)), c = 1 / Math.sqrt(t * t + 1), s = t * c;
  for (const row of a) [row[p], row[q]] = [c * row[p]! - s * row[q]!, s * row[p]! + c * row[q]!];
  const x = a[p]!.slice(), y = a[q]!.slice();
  for (let k = 0; k < a.length; k++) {
    a[p]![k] = c * x[k]! - s * y[k]!;
    a[q]![k] = s * x[k]! + c * y[k]!;
  }
}

/** P^T P [d][d]. */
export function gramOf(P: Projection): Float64Array[] {
  const columns = columnsOf(P);
  return columns.map((x) => Float64Array.from(columns, (y) => dot(x, y)));
}
