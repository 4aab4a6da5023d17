/** New weights for parameters that a checkpoint lacks. */
import { gaussians, splitSeed } from "../support/random.js";
import { sizeOf, type NamedShapes } from "../support/tensors.js";

/**
 * Values of new parameters as Transformers draws them for linear layers: normal(0, range) for a weight, 0 for a bias.
 * Each name has numbers of its own from the seed, so that they do not depend on what else is initialised.
 */
export function initialValues(shapes: NamedShapes, { seed, range }: { seed: number; range: number }): Record<string, Float32Array> {
  const normal = (name: string, size: number): Float32Array => gaussians(size, splitSeed(seed, name)).map((value) => value * range);
  const valuesOf = (name: string, shape: readonly number[]): Float32Array =>
    name.endsWith(".bias") ? new Float32Array(sizeOf(shape)) : normal(name, sizeOf(shape));
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, valuesOf(name, shape)]));
}
