/** A few tensors that are called as a transformer's are, a loss of them with an exact gradient, and every method over them. */
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { projectionNames } from "../../lib/projections/index.js";
import { headPoliciesOf, METHODS, type HeadPolicy, type Method } from "../../lib/records/methods.js";
import { makeReparameterisation, type Reparameterisation, type ReparameterisationOptions } from "../../lib/reparameterisations/index.js";
import { gaussians } from "../../lib/support/random.js";
import { shapesOf, sizeOf, type NamedShapes, type NamedTensors } from "../../lib/support/tensors.js";

await startEngine();

export const shapes: NamedShapes = {
  "embeddings.table": [9, 4],
  "layer.0.attention.self.query.weight": [4, 4], "layer.0.attention.self.query.bias": [4],
  "layer.0.attention.self.value.weight": [3, 4], "layer.0.attention.self.value.bias": [3],
  "layer.0.output.dense.weight": [4, 5], "layer.0.output.dense.bias": [4],
  "h.0.attn.c_attn.weight": [4, 6], "h.0.attn.c_attn.bias": [6],
  "head.weight": [2, 4], "head.bias": [2],
};
export const headNames = ["head.weight", "head.bias"];
export const groupOf = (name: string): string => name.replace(/\.\w+$/, "").replace(/^layer\.0\..*/, "layer.0");

export const named = (of: NamedShapes, seed: number): NamedTensors => Object.fromEntries(Object.entries(of)
  .map(([name, shape], i) => [name, tf.tensor(gaussians(sizeOf(shape), seed + i), [...shape])]));
export const theta0 = named(shapes, 10);
const slope = named(shapes, 50);

export const values = (tensors: NamedTensors): number[] => Object.values(tensors).flatMap((tensor) => [...tensor.dataSync()]);
const slopes = values(slope);

/** A quadratic loss of theta: the sum of slope o theta + theta^2 / 2. */
export const lossAt = (theta: NamedTensors): number => values(theta).reduce((sum, value, i) => sum + value * (slopes[i]! + value / 2), 0);
/** Its gradient. */
export const gradientAt = (theta: NamedTensors): NamedTensors =>
  Object.fromEntries(Object.entries(theta).map(([name, value]) => [name, tf.add(slope[name]!, value)]));

export interface Case {
  method: Method;
  projection: string;
  headPolicy: HeadPolicy;
  seed?: number;
}

/** Every method with every projection and head policy. */
export const CASES: readonly Case[] = METHODS.flatMap((method) =>
  (["did", "said", "uni-lora"].includes(method) ? projectionNames : ["srht-blocked"]).flatMap((projection) =>
    headPoliciesOf(method).map((headPolicy) => ({ method, projection, headPolicy }))));

/** Ten orthonormal directions over all of theta, as tensors. */
const directions: NamedTensors = tf.tidy(() => {
  const size = values(theta0).length;
  const rows = tf.linalg.gramSchmidt(tf.tensor2d(gaussians(10 * size, 7), [10, size])) as tf.Tensor2D;
  let offset = 0;
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => {
    const part = tf.slice(rows, [0, offset], [10, sizeOf(shape)]);
    offset += sizeOf(shape);
    return [name, tf.reshape(part, [10, ...shape])];
  }));
});

/** The options of a case. */
export const reparameterisationOptions = ({ seed = 3, ...options }: Case): ReparameterisationOptions => ({
  ...options, parameters: theta0, d: 8, seed, headNames, groupOf, rank: 2, alpha: 3, directions,
  targets: options.method === "ia3" ? ["query", "value", "down"] : ["query", "value"],
});

export const make = (options: Case): Reparameterisation => makeReparameterisation(reparameterisationOptions(options));

/** Somewhere away from the start. */
export const elsewhere = (start: NamedTensors, seed = 90): NamedTensors => {
  const moves = named(shapesOf(start), seed);
  return Object.fromEntries(Object.entries(start).map(([name, value]) => [name, tf.add(value, moves[name]!)]));
};
