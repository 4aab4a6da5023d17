import * as tf from "@tensorflow/tfjs-core";
import { shapesOf, sizeOf, type NamedShapes, type NamedTensors } from "../support/tensors.js";
import { required } from "./low-rank.js";
import { budgetOf, handles, partsOf } from "./parts.js";
import { targetsOf, type Target } from "./targets.js";
import type { Reparameterisation, ReparameterisationOptions } from "./types.js";

/** What IA3 rescales unless others are named. */
export const IA3_TARGETS: readonly string[] = ["key", "value", "down"];

/** Name of a module's scale. */
export const nameOfScale = (module: string): string => `${module}.ia3`;

/** Whether the scale multiplies what goes into the module (the inner activations of the feed-forward part), not what comes out. */
const scalesInputs = ({ roles }: Target): boolean => roles.includes("down");

/** Shapes of the scales. */
export const ia3Shapes = (targets: readonly Target[]): NamedShapes =>
  Object.fromEntries(targets.map((target) => [nameOfScale(target.module), [scalesInputs(target) ? target.inputs : target.outputs]]));

/**
 * IA3: keys, values and the inner activations of the feed-forward part are multiplied by learned vectors l, which start at 1.
 * Liu, Tam, Muqeeth et al. 2022 (arXiv 2205.05638), section 3.3. As a change of theta it is exact: l (W x + b) has the weights
 * diag(l) W and l b, and W (l x) + b has W diag(l) and b. Linear in l; the gradient of l is the sum over the row (or column) of
 * the gradient times theta0.
 * @throws {UsageError} for targets that the model does not have.
 */
export function ia3Reparameterisation(options: ReparameterisationOptions): Reparameterisation {
  const { parameters: theta0, headNames = [], headPolicy = "free", targets: wanted = IA3_TARGETS } = options;
  const parts = partsOf(theta0, headNames, headPolicy), free = Object.keys(parts.free);
  const targets = targetsOf(shapesOf(theta0), headNames, wanted), shapes = ia3Shapes(targets);
  const scaled = targets.flatMap((target) => scaledBy(target, theta0));
  const budget = budgetOf(Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0), parts);
  return {
    method: "ia3", inGraph: true, budget, groups: [], gradientNames: [...scaled.map(({ name }) => name), ...free],
    init: () => ({ ...Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.ones([...shape])])), ...handles(theta0, free) }),
    parameters: (trainable) => tf.tidy(() => {
      const moved = new Map(scaled.map(({ name, scale, along }) => [name, tf.mul(theta0[name]!, along(required(trainable, scale)))]));
      return Object.fromEntries(Object.entries(theta0).map(([name, value]) => [name, moved.get(name) ?? tf.clone((free.includes(name) ? trainable[name] : value)!)]));
    }),
    gradients: (_trainable, gradients) => tf.tidy(() => ({
      ...Object.fromEntries(Object.keys(shapes).map((scale) => [scale, scaleGradient(scaled.filter((one) => one.scale === scale), { theta0, gradients })])),
      ...handles(gradients, free),
    })),
    dispose() {},
  };
}

/** A parameter that a scale multiplies. */
interface Scaled {
  name: string;
  scale: string;
  /** The scale as a factor of the parameter. */
  along(scale: tf.Tensor): tf.Tensor;
  /** The other axis, over which its gradient sums; null for a bias. */
  over: number | null;
}

/** The parameters that a target's scale multiplies: its weight, and its bias where the scale is of what comes out. */
function scaledBy(target: Target, theta0: NamedTensors): Scaled[] {
  const { name, module, flipped } = target, scale = nameOfScale(module), bias = `${module}.bias`;
  const rows = scalesInputs(target) === flipped; // whether each row has a factor, or each column
  const weight: Scaled = { name, scale, along: (factor) => (rows ? tf.expandDims(factor, 1) : factor), over: rows ? 1 : 0 };
  if (scalesInputs(target) || theta0[bias] === undefined) return [weight];
  return [weight, { name: bias, scale, along: (factor) => factor, over: null }];
}

function scaleGradient(scaled: readonly Scaled[], { theta0, gradients }: { theta0: NamedTensors; gradients: NamedTensors }): tf.Tensor {
  const shares = scaled.map(({ name, over }) => {
    const product = tf.mul(required(gradients, name), theta0[name]!);
    return over === null ? product : tf.sum(product, over);
  });
  return tf.addN(shares);
}
