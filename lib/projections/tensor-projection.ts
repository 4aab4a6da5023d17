/** P over named tensors: theta is their concatenation in the order of their names (layout.ts). */
import type * as tf from "@tensorflow/tfjs-core";
import type { NamedShapes, NamedTensors } from "../support/tensors.js";
import type { Layout } from "./layout.js";
import type { ProjectionName, ProjectionOptions } from "./projection.js";

/** A matrix of theta of which a step needs the rows `ids` [n] alone: a table of embeddings. */
export interface TableRows { name: string; ids: tf.Tensor1D }

/**
 * P divided where a compiled step begins and ends: outside what depends on d and the seed, inside what is of theta's size. All
 * P of one `key` have the same inside, so that a step is compiled once for all of them. Arguments are borrowed, results the
 * caller's; to be called within tf.tidy.
 */
export interface SplitProjection {
  readonly key: string;
  /** What the inside needs and no step changes. P's own until dispose(). */
  readonly constants: NamedTensors;
  /** Outside, before a step: what the inside needs of z [d] and the groups' scales [m]. */
  before(z: tf.Tensor1D, scales?: tf.Tensor1D): NamedTensors;
  /** Inside: every weight's change by name, from `constants` and what `before` gave; of `table` its rows alone, [n, width]. Added to `start`'s, where that is given. */
  change(inputs: NamedTensors, table?: TableRows, start?: NamedTensors): NamedTensors;
  /** Inside: what of theta's gradients is left for `after`, [m, Q]. Those of `table` are its rows', [n, width]. */
  fold(constants: NamedTensors, gradients: NamedTensors, table?: TableRows): tf.Tensor2D;
  /** Outside, after it: the gradients of z [d], and of the scales [m] where they are given. */
  after(folds: tf.Tensor2D, z: tf.Tensor1D, scales?: tf.Tensor1D): { z: tf.Tensor1D; scales?: tf.Tensor1D };
}

/**
 * The same P as the projection's on typed arrays, applied to tensors in groups, each group with a scale: the weights of group
 * i are scales_i (P z)_i. Arguments are borrowed, results are the caller's.
 */
export interface TensorProjection {
  readonly name: ProjectionName;
  /** D and d. */
  readonly ambientDimension: number;
  readonly intrinsicDimension: number;
  /** Whether it consists of tensor operations alone, which a compiled step can hold; else values pass through the host. */
  readonly inGraph: boolean;
  /** Names of the groups, in the order of their scales. */
  readonly groups: readonly string[];
  /** The same P in two parts; absent where the whole of it depends on d or the seed. */
  readonly split?: SplitProjection;
  /** P z as named tensors, for z [d]; each group's times its scale if scales [m] are given. */
  applyTensors(z: tf.Tensor1D, scales?: tf.Tensor1D): NamedTensors;
  /** P^T g [d] for the named gradients g. */
  adjointTensors(gradients: NamedTensors): tf.Tensor1D;
  /** The exact gradients of z [d], P^T (scales o g), and of the scales [m], <g_i, (P z)_i>, at (z, scales). */
  pullback(gradients: NamedTensors, z: tf.Tensor1D, scales: tf.Tensor1D): { z: tf.Tensor1D; scales: tf.Tensor1D };
  /** Frees P's own tensors. */
  dispose(): void;
}

export interface TensorProjectionOptions extends Omit<ProjectionOptions, "ambientDimension"> {
  /** Defaults to "srht-blocked", the one that runs inside the graph. */
  name?: ProjectionName;
  /** The tensors of theta; D is the number of their scalars. */
  shapes: NamedShapes;
  /** The group of a tensor; defaults to one group of all. */
  groupOf?: (name: string) => string;
}

/** `P` with arguments checked before it sees them. */
export function checkedTensors(P: TensorProjection, { places, groups }: Layout): TensorProjection {
  const { name, intrinsicDimension: d } = P;
  const requireVector = (method: string, argument: string, x: tf.Tensor, length: number): void => {
    if (x.rank === 1 && x.size === length) return;
    throw new RangeError(`${name} ${method}: ${argument} must have shape [${length}], got [${x.shape.join(", ")}].`);
  };
  const requireGradients = (method: string, gradients: NamedTensors): void => {
    for (const { name: tensor, shape } of places) {
      const got = gradients[tensor]?.shape;
      if (got?.join() === shape.join()) continue;
      const came = got ? `[${got.join(", ")}]` : "none";
      throw new RangeError(`${name} ${method}: gradients must hold ${tensor} [${shape.join(", ")}], got ${came}.`);
    }
  };
  return {
    ...P,
    applyTensors(z, scales) {
      requireVector("applyTensors", "z", z, d);
      if (scales !== undefined) requireVector("applyTensors", "scales", scales, groups.length);
      return P.applyTensors(z, scales);
    },
    adjointTensors(gradients) {
      requireGradients("adjointTensors", gradients);
      return P.adjointTensors(gradients);
    },
    pullback(gradients, z, scales) {
      requireGradients("pullback", gradients);
      requireVector("pullback", "z", z, d);
      requireVector("pullback", "scales", scales, groups.length);
      return P.pullback(gradients, z, scales);
    },
  };
}
