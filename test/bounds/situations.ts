/** Situations for the tests of bounds. */
import type { Situation } from "../../lib/bounds/index.js";

/** All numbers that any bound asks for. */
export const situation = (given: Partial<Situation> = {}): Situation => ({
  rows: 67_349, error: 0.15, delta: 0.05, dimension: 300, levels: 8, codebookBits: 128, codeBits: 1064, chance: 0.442, parameters: 22_714_370,
  choices: [{ name: "d", candidates: 6 }, { name: "learning rate", candidates: 3 }],
  subsample: { rows: 2000, error: 0.16 }, split: { rows: 30_000, error: 0.14, codeBits: 300 },
  norms: { logProduct: 6, layers: 38, inputNorm: 20, margin: 0.5, marginError: 0.3 }, ...given,
});

/** The same with `factor` times as many rows everywhere. */
export const moreRows = (factor: number): Situation => situation({
  rows: 67_349 * factor, subsample: { rows: 2000 * factor, error: 0.16 }, split: { rows: 30_000 * factor, error: 0.14, codeBits: 300 },
});

/** The same with z of `factor` times as many numbers. */
export const moreDimensions = (factor: number): Situation => situation({
  dimension: 300 * factor, codeBits: 128 + 936 * factor, split: { rows: 30_000, error: 0.14, codeBits: 300 * factor },
});
