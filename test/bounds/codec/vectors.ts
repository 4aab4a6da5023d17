/** Vectors that a codec must survive, and files made of them. */
import { fitCodebook, quantise, type ModelFile, type Quantised, type QuantiserName } from "../../../lib/bounds/codec/index.js";
import { gaussians, splitSeed, uniforms } from "../../../lib/support/random.js";

/** Shapes of vectors by number: random ones of all scales, and those that break arithmetic. */
const kinds: ((n: number, seed: number) => Float32Array)[] = [
  (n, seed) => gaussians(n, seed),
  (n, seed) => gaussians(n, seed).map((value) => value * 1e-38),
  (n, seed) => gaussians(n, seed).map((value) => value * 1e37),
  (n, seed) => uniforms(n, seed),
  (n) => new Float32Array(n),
  (n) => new Float32Array(n).fill(-0),
  (n) => new Float32Array(n).fill(3.4028234663852886e38),
  (n) => Float32Array.from({ length: n }, (_unused, i) => (i % 2 === 0 ? 3.4e38 : -3.4e38)),
  (n) => Float32Array.from({ length: n }, (_unused, i) => (i + 1) * 1.4e-45),
  (n) => Float32Array.from({ length: n }, (_unused, i) => (i === n - 1 ? 1 : 0)),
  (n, seed) => uniforms(n, seed).map((value) => Math.sign(value - 0.5)),
  (n, seed) => gaussians(n, seed).map((value) => value ** 9),
];

const lengths = [1, 2, 3, 7, 16, 33, 100, 257];
const levelCounts = [2, 3, 4, 5, 8, 16, 31, 256];

/** Vector `i` of any number of them, quantised: kind, length, levels and quantiser all take turns. */
export function quantisedVector(i: number): Quantised {
  const seed = splitSeed(8, `vector ${i}`), values = kinds[i % kinds.length](lengths[Math.floor(i / 3) % lengths.length], seed);
  const quantiser: QuantiserName = i % 2 === 0 ? "uniform" : "codebook";
  return quantise(values, fitCodebook(values, { quantiser, levels: levelCounts[Math.floor(i / 5) % levelCounts.length] }));
}

/** A file of those parts. */
export const fileOf = (...parts: Quantised[]): ModelFile => ({
  header: {
    method: "did", head: "projected", labels: 2, seeds: { projection: 1, head: 4294967295 }, baseSha256: "ab".repeat(32), maxLength: 48,
    architecture: "bert", projection: "srht-blocked", task: "sst2",
  },
  parts,
});
