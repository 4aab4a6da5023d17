/**
 * Philox4x32-10, a counter-based generator: word k of a stream is a pure function of the key and k, so that any part of a
 * random matrix can be made again anywhere, in any order, without keeping it. Integer operations only: the same everywhere.
 * Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3" (SC'11), section 4.2.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9; // golden ratio
const WEYL_1 = 0xbb67ae85; // sqrt(3) - 1
const ROUNDS = 10;
const TWO_32 = 2 ** 32;

/** The two words that select a stream. */
export type Key = readonly [number, number];

/** The upper 32 bits of the 64-bit product of two 32-bit words, as int32 (by 16-bit halves: a double has 53 bits). */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff, aHigh = a >>> 16, bLow = b & 0xffff, bHigh = b >>> 16;
  const low = Math.imul(aLow, bLow);
  const middle = Math.imul(aHigh, bLow) + (low >>> 16) | 0;
  const other = Math.imul(aLow, bHigh) + (middle & 0xffff) | 0;
  return Math.imul(aHigh, bHigh) + (middle >>> 16) + (other >>> 16) | 0;
}

/** Replaces the counter in words[at .. at + 3] by its four random words under the key (k0, k1). */
export function philox(words: Uint32Array, at: number, k0: number, k1: number): void {
  let x0 = words[at]! | 0, x1 = words[at + 1]! | 0, x2 = words[at + 2]! | 0, x3 = words[at + 3]! | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, x0), low0 = Math.imul(MULTIPLIER_0, x0);
    const high1 = multiplyHigh(MULTIPLIER_1, x2), low1 = Math.imul(MULTIPLIER_1, x2);
    x0 = high1 ^ x1 ^ k0;
    x1 = low1;
    x2 = high0 ^ x3 ^ k1;
    x3 = low0;
    k0 = k0 + WEYL_0 | 0;
    k1 = k1 + WEYL_1 | 0;
  }
  words[at] = x0;
  words[at + 1] = x1;
  words[at + 2] = x2;
  words[at + 3] = x3;
}

/** Writes the words of block `index` (an integer in [0, 2^51)) to words[at .. at + 3]. */
function writeBlock(words: Uint32Array, at: number, key: Key, index: number): void {
  words[at] = index;
  words[at + 1] = index / TWO_32;
  words[at + 2] = words[at + 3] = 0;
  philox(words, at, key[0], key[1]);
}

/** Fills `out` with the words start, start + 1, ... of the stream of `key`; start is an integer in [0, 2^53). */
export function fillWords(out: Uint32Array, key: Key, start = 0): void {
  const lead = Math.min((4 - start % 4) % 4, out.length);
  const whole = lead + Math.floor((out.length - lead) / 4) * 4;
  const first = Math.ceil(start / 4);
  for (let at = lead; at < whole; at += 4) writeBlock(out, at, key, first + (at - lead) / 4);
  const scratch = new Uint32Array(4);
  if (lead > 0) {
    writeBlock(scratch, 0, key, Math.floor(start / 4));
    out.set(scratch.subarray(start % 4, start % 4 + lead), 0);
  }
  if (whole < out.length) {
    writeBlock(scratch, 0, key, first + (whole - lead) / 4);
    out.set(scratch.subarray(0, out.length - whole), whole);
  }
}
