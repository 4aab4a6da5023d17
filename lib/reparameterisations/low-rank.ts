/** LoRA's space: for each target W a move alpha / r B A, and the gradients of A and B from that of W. */
import * as tf from "@tensorflow/tfjs-core";
import { requireInteger, requireNumber } from "../support/checks.js";
import { splitSeed, uniforms } from "../support/random.js";
import { shapesOf, type NamedShapes, type NamedTensors } from "../support/tensors.js";
import { targetsOf, type Target } from "./targets.js";
import type { ReparameterisationOptions } from "./types.js";

/** The matrices that LoRA changes unless others are named: Hu et al. 2021, section 4.2. */
export const LORA_TARGETS: readonly string[] = ["query", "value"];
/** Defaults of rank and alpha. */
export const LORA_RANK = 8, LORA_ALPHA = 16;

/** Names of A and B of a module, as PEFT calls them. */
export const nameOfA = (module: string): string => `${module}.lora_A`;
export const nameOfB = (module: string): string => `${module}.lora_B`;

export interface LowRank {
  targets: readonly Target[];
  /** A [r, in] and B [out, r] of every target, in the order of theta. */
  shapes: NamedShapes;
  /** A as it is at the start: uniform in +-1 / sqrt(in), as PEFT draws it; from the seed and the module's name. */
  start(): NamedTensors;
  /** alpha / r B A by the target's name, in the target's own layout. */
  moves(factors: NamedTensors): NamedTensors;
  /** Gradients of all A and B from those of the targets: s B^T G and s G A^T, s = alpha / r. */
  gradients(factors: NamedTensors, gradients: NamedTensors): NamedTensors;
}

/** A [r, in] and B [out, r] of `targets`. */
export const lowRankShapes = (targets: readonly Target[], rank: number): NamedShapes => Object.fromEntries(targets.flatMap(
  ({ module, inputs, outputs }) => [[nameOfA(module), [rank, inputs]], [nameOfB(module), [outputs, rank]]]));

/**
 * LoRA's space over the targets (Hu et al. 2021, arXiv 2106.09685, equation 3).
 * @throws {RangeError} for a rank that is no positive integer or an alpha that is not above 0; {UsageError} for unknown targets.
 */
export function lowRankSpace(options: ReparameterisationOptions): LowRank {
  const { method, parameters, headNames = [], targets: wanted = LORA_TARGETS } = options;
  const seed = requireInteger(method, "seed", options.seed, 0, 2 ** 32 - 1);
  const rank = requireInteger(method, "rank", options.rank ?? LORA_RANK, 1);
  const scale = requireNumber(method, "alpha", options.alpha ?? LORA_ALPHA, Number.MIN_VALUE) / rank;
  const targets = targetsOf(shapesOf(parameters), headNames, wanted);
  const initial = ({ module, inputs }: Target): tf.Tensor => {
    const bound = 1 / Math.sqrt(inputs), draws = uniforms(rank * inputs, splitSeed(seed, `lora A of ${module}`));
    return tf.tensor2d(draws.map((draw) => (2 * draw - 1) * bound), [rank, inputs]);
  };
  return {
    targets, shapes: lowRankShapes(targets, rank),
    start: () => Object.fromEntries(targets.map((target) => [nameOfA(target.module), initial(target)])),
    moves: (factors) => tf.tidy(() => Object.fromEntries(targets.map((target) => [target.name, moveOf(target, factors, scale)]))),
    gradients: (factors, gradients) => tf.tidy(() => Object.fromEntries(targets.flatMap((target) => {
      const { a, b } = factorGradients(target, factors, required(gradients, target.name));
      return [[nameOfA(target.module), tf.mul(a, scale)], [nameOfB(target.module), tf.mul(b, scale)]];
    }))),
  };
}

/** A and B of a target. */
const factorsOf = ({ module }: Target, factors: NamedTensors): { A: tf.Tensor2D; B: tf.Tensor2D } =>
  ({ A: required(factors, nameOfA(module)) as tf.Tensor2D, B: required(factors, nameOfB(module)) as tf.Tensor2D });

function moveOf(target: Target, factors: NamedTensors, scale: number): tf.Tensor {
  const { A, B } = factorsOf(target, factors);
  return tf.mul(target.flipped ? tf.matMul(A, B, true, true) : tf.matMul(B, A), scale);
}

/** B^T G and G A^T, for G [out, in] or, flipped, [in, out]. */
function factorGradients(target: Target, factors: NamedTensors, G: tf.Tensor): { a: tf.Tensor; b: tf.Tensor } {
  const { A, B } = factorsOf(target, factors);
  return { a: tf.matMul(B, G, true, target.flipped), b: tf.matMul(G, A, target.flipped, true) };
}

/** The tensor of that name. @throws {RangeError} if it is not there. */
export function required(tensors: NamedTensors, name: string): tf.Tensor {
  const found = tensors[name];
  if (found !== undefined) return found;
  throw new RangeError(`reparameterisation: gradients must hold ${name}, got ${Object.keys(tensors).length} others.`);
}
