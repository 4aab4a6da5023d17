/** Bounds on the true error of a classifier that a small file describes: one a file, each cited, all behind one interface. */
import { catoni } from "./catoni.js";
import { evaluateBound, type BoundDefinition } from "./define.js";
import { finiteClass } from "./finite-class.js";
import { mcallester } from "./mcallester.js";
import { norm } from "./norm.js";
import { occam } from "./occam.js";
import { parameterCount } from "./parameter-count.js";
import type { Bound, Situation } from "./situation.js";
import { splitPrior } from "./split-prior.js";
import { subsampled } from "./subsampled.js";

export { evaluateBound, type BoundDefinition } from "./define.js";
export type { Bound, Charge, Choice, Norms, Situation, Term } from "./situation.js";

/** Every bound, the certificate's first, those for contrast last. */
export const boundDefinitions: readonly BoundDefinition[] =
  [occam, catoni, mcallester, finiteClass, subsampled, splitPrior, parameterCount, norm];

/** The bound that a certificate quotes, named before any data is seen. */
export const certificateBound = occam;

/**
 * All bounds that the situation has the numbers for. Each holds with probability 1 - delta by itself; to quote the smallest of k, ask
 * with delta / k.
 * @example
 * const [occam] = bounds({ rows: 67349, error: 0.15, dimension: 300, levels: 8, codebookBits: 128, codeBits: 1100, choices: [],
 *   chance: 0.442, parameters: 22_714_370 });
 * @throws {RangeError} for a situation out of range.
 */
export const bounds = (situation: Situation): Bound[] =>
  boundDefinitions.map((definition) => evaluateBound(definition, situation)).filter((bound) => bound !== null);
