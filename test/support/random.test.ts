import assert from "node:assert/strict";
import { test } from "node:test";
import { sha256 } from "../../lib/support/files.js";
import {
  fillGaussians, fillSigns, gaussians, permutation, randomIndices, randomWord, sample, shuffle, signs, splitSeed, uniforms,
} from "../../lib/support/random.js";

const hashOf = (values: Float32Array | Uint32Array | Int8Array): string =>
  sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/** SHA-256 of the little-endian bytes for seed 90: they must never change, on any machine, in any version. */
const GOLDEN = {
  signs: "50923441fe671fcc41294bbe53f1a23c3e33fabca485ca8908d2f607a55790ca",
  gaussians: "709bba0c4873d97af1afaf023d7e90d9a9651f05f7b672ad801b771018a0fed3",
  uniforms: "81c97c6fc1d4e4ebdf7480449dc2e413a915aa70ef02236c9c671993fa54fb6b",
  permutation: "2cec2632dc63945c6fac78a21ad98cae2abc06e74ade8a9a2bcf90f368f7e7d0",
  sample: "c5b3f29844c4be4822d650fd55a11e1988595d0d352fb06aa15f5ca9db71fed3",
};

test("signs, Gaussians, uniforms, permutations and samples are the same bits on every machine", () => {
  assert.deepEqual({
    signs: hashOf(signs(100_000, 90)),
    gaussians: hashOf(gaussians(100_000, 90)),
    uniforms: hashOf(uniforms(100_000, 90)),
    permutation: hashOf(permutation(100_000, 90)),
    sample: hashOf(sample(100_000, 1_000, 90)),
  }, GOLDEN);
});

test("a seed splits by purpose into uint32 seeds that differ", () => {
  const seeds = ["head", "projection", "batches", "dropout"].map((purpose) => splitSeed(7, purpose));
  assert.equal(new Set(seeds).size, 4);
  assert.ok(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32));
  assert.equal(splitSeed(7, "head"), seeds[0]);
  assert.notEqual(splitSeed(8, "head"), seeds[0]);
});

test("a word is a function of seed, stream and counter", () => {
  const word = randomWord(1, "a");
  assert.equal(word(5), randomWord(1, "a")(5));
  assert.equal(new Set([word(5), word(6), randomWord(2, "a")(5), randomWord(1, "b")(5)]).size, 4);
});

test("any part of the signs and Gaussians can be made on its own", () => {
  const allSigns = signs(200, 3), allGaussians = gaussians(200, 3);
  for (const start of [0, 1, 31, 32, 63, 100]) {
    assert.deepEqual(fillSigns(new Float32Array(70), 3, start), allSigns.subarray(start, start + 70));
    assert.deepEqual(fillGaussians(new Float32Array(70), 3, start), allGaussians.subarray(start, start + 70));
  }
  assert.deepEqual(Float32Array.from(fillSigns(new Int8Array(200), 3)), allSigns);
});

test("signs, uniforms and Gaussians have the moments of their distributions", () => {
  const n = 400_000, error = 5 / Math.sqrt(n);
  assert.ok(Math.abs(mean(signs(n, 1))) < error);
  const u = uniforms(n, 1);
  assert.ok(u.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(mean(u) - 1 / 2) < error);
  const g = gaussians(n, 1);
  assert.ok(Math.abs(mean(g)) < error);
  assert.ok(Math.abs(mean(g.map((value) => value ** 2)) - 1) < 2 * error);
  assert.ok(Math.abs(mean(g.map((value) => value ** 4)) - 3) < 10 * error);
});

test("signs hold no correlation between neighbours, blocks or seeds", () => {
  const n = 400_000, a = signs(n, 1), b = signs(n, 2);
  const correlation = (lag: number): number => mean(a.subarray(lag).map((value, i) => value * a[i]!));
  for (const lag of [1, 2, 31, 32, 33, 128, 1024]) assert.ok(Math.abs(correlation(lag)) < 5 / Math.sqrt(n), `lag ${lag}`);
  assert.ok(Math.abs(mean(a.map((value, i) => value * b[i]!))) < 5 / Math.sqrt(n));
});

test("a permutation and a shuffle hold every item once; a sample holds different indices", () => {
  for (const n of [0, 1, 2, 3, 1000]) assert.deepEqual(permutation(n, 5).slice().sort(), Uint32Array.from({ length: n }, (_, i) => i));
  assert.deepEqual(shuffle(["a", "b", "c"], 1).sort(), ["a", "b", "c"]);
  assert.equal(new Set(sample(50, 50, 1)).size, 50);
  assert.equal(new Set(sample(1000, 100, 1)).size, 100);
});

test("each of the six orders of three items comes equally often", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = permutation(3, seed).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 150, String(count));
});

test("indices below a bound are uniform, whatever the bound", () => {
  for (const bound of [1, 2, 3, 7, 10]) {
    const index = randomIndices(1), counts = new Array<number>(bound).fill(0);
    for (let i = 0; i < 1000 * bound; i++) counts[index(bound)]!++;
    for (const count of counts) assert.ok(Math.abs(count - 1000) < 160, `bound ${bound}: ${counts}`);
  }
});

test("a seed that is no uint32 and a sample larger than its set are errors that say so", () => {
  assert.throws(() => signs(3, -1), /random: seed must be an integer in \[0, 4294967295\], got -1/);
  assert.throws(() => splitSeed(1.5, "x"), RangeError);
  assert.throws(() => sample(3, 4, 1), /sample: count must be an integer in \[0, 3\], got 4/);
});
