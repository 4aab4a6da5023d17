/** The fast Walsh-Hadamard transform: H_1 = [1], H_2n = [H_n H_n; H_n -H_n], so H[i, j] = (-1)^popcount(i & j); H H = n I. */

/** The smallest power of two that is at least n, an integer in [1, 2^31]. */
export const powerOfTwo = (n: number): number => 2 ** (32 - Math.clz32(n - 1));

/** Half a level-1 cache in floats: parts up to this size are transformed level by level, larger ones half by half. */
const IN_CACHE = 4096;

/** Replaces x[start .. start + size) by H times it, unnormalised; size is a power of two. O(size log size). */
export function hadamard(x: Float32Array, start = 0, size = x.length): void {
  if (size <= IN_CACHE) {
    for (let half = size >> 1; half >= 1; half >>= 1) {
      for (let block = start; block < start + size; block += half << 1) butterflies(x, block, half);
    }
    return;
  }
  const half = size / 2;
  butterflies(x, start, half);
  hadamard(x, start, half);
  hadamard(x, start + half, half);
}

/** (a, b) becomes (a + b, a - b) for the two halves of x[start .. start + 2 half). */
function butterflies(x: Float32Array, start: number, half: number): void {
  for (let i = start, j = start + half; i < start + half; i++, j++) {
    const a = x[i]!, b = x[j]!;
    x[i] = a + b;
    x[j] = a - b;
  }
}
