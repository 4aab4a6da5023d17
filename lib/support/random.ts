/**
 * Seeded randomness, the same bits on every machine: a seed and a counter give a word (Philox4x32-10), from which signs,
 * uniforms, Gaussians, permutations and samples are made by integer and IEEE-exact operations alone.
 *
 * A seed is an integer in [0, 2^32). Split one seed by purpose (`splitSeed(seed, "batches")`) rather than adding to it.
 * Each kind of value reads a stream of its own, so the same seed may serve several kinds.
 */
import { requireInteger } from "./checks.js";
import { normalQuantile } from "./normal.js";
import { fillWords, type Key } from "./philox.js";

const TWO_32 = 2 ** 32;
const CHUNK = 4096;

/** The generator's key for (seed, stream): the stream's name is hashed by FNV-1a over its UTF-16 code units. */
function keyOf(seed: number, stream: string): Key {
  requireInteger("random", "seed", seed, 0, TWO_32 - 1);
  let hash = 0x811c9dc5;
  for (let i = 0; i < stream.length; i++) hash = Math.imul(hash ^ stream.charCodeAt(i), 0x01000193);
  return [seed | 0, hash];
}

/** Calls use(words, offset, count) for the words start ... start + length of (seed, stream), a chunk at a time. */
function forWords(key: Key, start: number, length: number, use: (words: Uint32Array, offset: number, count: number) => void): void {
  const chunk = new Uint32Array(Math.min(CHUNK, length));
  for (let offset = 0; offset < length; offset += CHUNK) {
    const words = length - offset < chunk.length ? chunk.subarray(0, length - offset) : chunk;
    fillWords(words, key, start + offset);
    use(words, offset, words.length);
  }
}

/** The words of (seed, stream): a function from a counter, an integer in [0, 2^53), to a uint32. */
export function randomWord(seed: number, stream: string): (counter: number) => number {
  const key = keyOf(seed, stream);
  const word = new Uint32Array(1);
  return (counter) => {
    fillWords(word, key, counter);
    return word[0]!;
  };
}

/** A seed (uint32) for `purpose`, independent of what `seed` gives for other purposes. */
export const splitSeed = (seed: number, purpose: string): number => randomWord(seed, `seed:${purpose}`)(0);

/** Fills `out` with the signs (+1 or -1) number start, start + 1, ... of `seed`: bit i % 32 of word i / 32, set for -1. */
export function fillSigns<T extends Float32Array | Int8Array>(out: T, seed: number, start = 0): T {
  requireInteger("fillSigns", "start", start, 0);
  const shift = start % 32;
  forWords(keyOf(seed, "signs"), Math.floor(start / 32), Math.ceil((out.length + shift) / 32), (words, offset, count) => {
    for (let w = 0; w < count; w++) {
      const word = words[w]!, base = (offset + w) * 32 - shift;
      const end = Math.min(32, out.length - base);
      for (let bit = base < 0 ? shift : 0; bit < end; bit++) out[base + bit] = 1 - (word >>> bit & 1) * 2;
    }
  });
  return out;
}

/** n signs, each +1 or -1 with probability 1/2. */
export const signs = (n: number, seed: number): Float32Array => fillSigns(new Float32Array(n), seed);

/** Fills `out` with the uniforms number start, start + 1, ... of `seed`: multiples of 2^-24 in [0, 1). */
export function fillUniforms(out: Float32Array, seed: number, start = 0): Float32Array {
  forWords(keyOf(seed, "uniforms"), start, out.length, (words, offset, count) => {
    for (let i = 0; i < count; i++) out[offset + i] = (words[i]! >>> 8) / 2 ** 24;
  });
  return out;
}

/** n uniforms in [0, 1), multiples of 2^-24. */
export const uniforms = (n: number, seed: number): Float32Array => fillUniforms(new Float32Array(n), seed);

/** Fills `out` with the standard Gaussians number start, start + 1, ... of `seed`: quantiles at (word + 1/2) / 2^32. */
export function fillGaussians<T extends Float32Array | Float64Array>(out: T, seed: number, start = 0): T {
  forWords(keyOf(seed, "gaussians"), start, out.length, (words, offset, count) => {
    for (let i = 0; i < count; i++) out[offset + i] = normalQuantile((words[i]! + 0.5) / TWO_32);
  });
  return out;
}

/** n standard Gaussians, |g| <= 6.34. */
export const gaussians = (n: number, seed: number): Float32Array => fillGaussians(new Float32Array(n), seed);

/** A function that returns, at each call, a fresh integer in [0, bound): exactly uniform, by rejecting what is too large. */
export function randomIndices(seed: number, stream = "indices"): (bound: number) => number {
  const key = keyOf(seed, stream);
  const words = new Uint32Array(256);
  let counter = 0;
  return (bound) => {
    if (bound <= 1) return 0;
    const excess = Math.clz32(bound - 1); // the top 32 - excess bits of a word are a candidate
    for (;;) {
      if (counter % 256 === 0) fillWords(words, key, counter);
      const candidate = words[counter++ % 256]! >>> excess;
      if (candidate < bound) return candidate;
    }
  };
}

/** 0 ... n - 1. */
function integers(n: number): Uint32Array {
  const all = new Uint32Array(n);
  for (let i = 0; i < n; i++) all[i] = i;
  return all;
}

/** Shuffles the first `count` places of `items` (all of them by default) in place, each order equally likely (Fisher-Yates). */
function shuffleInPlace<T>(
  items: { [index: number]: T; length: number }, index: (bound: number) => number, count = items.length,
): void {
  for (let i = 0; i < count; i++) {
    const j = i + index(items.length - i);
    const item = items[i]!;
    items[i] = items[j]!;
    items[j] = item;
  }
}

/** A uniformly random permutation of 0 ... n - 1. */
export function permutation(n: number, seed: number): Uint32Array {
  const order = integers(requireInteger("permutation", "n", n, 0, TWO_32 - 1));
  shuffleInPlace(order, randomIndices(seed, "permutation"));
  return order;
}

/** The items in a uniformly random order, as a new array. */
export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items];
  shuffleInPlace(shuffled, randomIndices(seed, "shuffle"));
  return shuffled;
}

/** `count` different integers in [0, n), in random order: each ordered sample equally likely; O(n) memory. */
export function sample(n: number, count: number, seed: number): Uint32Array {
  requireInteger("sample", "count", count, 0, n);
  const order = integers(n);
  shuffleInPlace(order, randomIndices(seed, "sample"), count);
  return order.slice(0, count);
}
