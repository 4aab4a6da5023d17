/** The best point of a subspace on a quadratic loss, exactly: no optimiser, whose stopping could be mistaken for the answer. */

/**
 * The z that minimises ||A z - b||^2, A given by its columns: modified Gram-Schmidt, twice for accuracy,
 * in float64. Columns that depend on the others get 0.
 * @returns the remaining ||A z - b||^2 / ||b||^2.
 */
export function remainingShare(columns: ArrayLike<number>[], b: ArrayLike<number>): number {
  const residual = Float64Array.from(b), basis: Float64Array[] = [];
  for (const column of columns) {
    const q = Float64Array.from(column), before = Math.sqrt(dot(q, q));
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtract(q, other, dot(q, other));
    const norm = Math.sqrt(dot(q, q));
    if (norm <= 1e-6 * before) continue; // P's entries are float32
    for (let i = 0; i < q.length; i++) q[i]! /= norm;
    basis.push(q);
  }
  for (const q of basis) subtract(residual, q, dot(residual, q));
  return dot(residual, residual) / dot(b, b);
}

function subtract(x: Float64Array, y: ArrayLike<number>, weight: number): void {
  for (let i = 0; i < x.length; i++) x[i]! -= weight * y[i]!;
}

function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
