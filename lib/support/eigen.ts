/** Eigenvalues and eigenvectors of small symmetric matrices. */

/** Eigenvalues, largest first, and the eigenvector of each as a row. */
export interface Eigen {
  values: number[];
  vectors: number[][];
}

/** Sweeps at most; a matrix of a hundred rows needs about ten. */
const SWEEPS = 60;

/**
 * The eigendecomposition of a symmetric matrix by cyclic Jacobi rotations: exact to rounding for small ones. O(n^3) a sweep.
 * Golub and Van Loan, Matrix Computations, section 8.5 (4th edition).
 * @param matrix n rows of n numbers; only the upper triangle is believed.
 */
export function symmetricEigen(matrix: readonly (readonly number[])[]): Eigen {
  const n = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row)), v = matrix.map((_row, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
  const total = Math.sqrt(a.reduce((sum, row) => sum + row.reduce((inner, x) => inner + x * x, 0), 0));
  for (let sweep = 0; sweep < SWEEPS && offDiagonal(a) > 1e-15 * total; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q);
  }
  const order = a.map((_row, i) => i).sort((i, j) => a[j]![j]! - a[i]![i]!);
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => [...v[i]!]) };
}

/** Root of the sum of squares above the diagonal. */
function offDiagonal(a: readonly Float64Array[]): number {
  let sum = 0;
  a.forEach((row, i) => row.forEach((x, j) => { if (j > i) sum += x * x; }));
  return Math.sqrt(sum);
}

/** Makes a[p][q] zero; the rows of v follow. */
function rotate(a: Float64Array[], v: Float64Array[], p: number, q: number): void {
  const apq = a[p]![q]!;
  if (apq === 0) return;
  const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1), s = t * c, n = a.length;
  for (let k = 0; k < n; k++) { // columns
    const akp = a[k]![p]!, akq = a[k]![q]!;
    a[k]![p] = c * akp - s * akq;
    a[k]![q] = s * akp + c * akq;
  }
  for (const rows of [a, v]) { // rows
    for (let k = 0; k < n; k++) {
      const pk = rows[p]![k]!, qk = rows[q]![k]!;
      rows[p]![k] = c * pk - s * qk;
      rows[q]![k] = s * pk + c * qk;
    }
  }
}
