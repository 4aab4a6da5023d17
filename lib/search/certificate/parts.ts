/** What was trained as parts of a file, and back: each tensor as its quantised distance from where training began. */
import * as tf from "@tensorflow/tfjs-core";
import { dequantise, fitCodebook, quantise, type Codebook, type Quantised, type QuantiserName } from "../../bounds/codec/index.js";
import { UsageError } from "../../support/checks.js";
import type { NamedTensors } from "../../support/tensors.js";

/** Values by name in the order of the file: z, lambda, then a free head's tensors. */
export type HostValues = Record<string, Float32Array>;

/** A part too small for a codebook of its own has evenly spaced levels. */
const smallPart = 64;
const smallLevels = 16;

/** Values on the host, in the order of the tensors. */
export const hostValues = (tensors: NamedTensors): HostValues =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, Float32Array.from(tensor.dataSync<"float32">())]));

/** What training changed, by name. */
export const changes = (trained: HostValues, start: HostValues): HostValues =>
  Object.fromEntries(Object.entries(start).map(([name, from]) => [name, trained[name].map((value, i) => value - from[i])]));

/** A codebook for each part. */
export const codebooksFor = (moved: HostValues, { quantiser, levels }: { quantiser: QuantiserName; levels: number }): Record<string, Codebook> =>
  Object.fromEntries(Object.entries(moved).map(([name, values]) =>
    [name, fitCodebook(values, values.length < smallPart && name !== "z" ? { quantiser: "uniform", levels: smallLevels } : { quantiser, levels })]));

/** The parts of a file. */
export const partsFor = (moved: HostValues, codebooks: Record<string, Codebook>): Quantised[] =>
  Object.entries(moved).map(([name, values]) => quantise(values, codebooks[name]));

/**
 * What the parts stand for, as tensors of the shapes of `start`. Owned by the caller.
 * @throws {UsageError} if the parts are not those of the model.
 */
export function trainableOf(parts: readonly Quantised[], start: NamedTensors): NamedTensors {
  const names = Object.keys(start), expected = names.map((name) => `${name} ${start[name].size}`).join(", ");
  const got = parts.map(({ indices }, i) => `${names[i] ?? "?"} ${indices.length}`).join(", ");
  if (got !== expected) throw new UsageError(`model.d90: its parts must be ${expected} for this model, got ${got}.`);
  return tf.tidy(() => Object.fromEntries(names.map((name, i) =>
    [name, tf.add(start[name], tf.tensor(dequantise(parts[i]), start[name].shape, "float32"))])));
}
