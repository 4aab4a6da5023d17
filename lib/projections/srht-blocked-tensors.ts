/**
 * Blocked SRHT over named tensors, as tensor operations alone: nothing is read on the host, so a compiled step can hold it. In two
 * parts, by what they depend on: the transform of z to y knows d and its signs S and is small; spreading y over theta knows T alone.
 */
import * as tf from "@tensorflow/tfjs-core";
import { hadamardRows, sumRows } from "./hadamard-tensors.js";
import type { Layout } from "./layout.js";
import type { ProjectionOptions } from "./projection.js";
import { srhtBlockedParts, type SrhtBlockedParts } from "./srht-blocked.js";
import { foldPeriods, spreadPeriods, type SpreadOptions } from "./srht-blocked-spread.js";
import type { SplitProjection, TensorProjection } from "./tensor-projection.js";

/**
 * The P of srhtBlockedProjection (see there for the formula). Its gradients of the scales need nothing of size D:
 * <g_i, (P z)_i> = <P_i^T g_i, z>, P_i being P's rows of group i. Memory: 1 byte a weight, for T.
 */
export function srhtBlockedTensors(options: ProjectionOptions, layout: Layout): TensorProjection {
  const parts = srhtBlockedParts(options);
  const split = splitSrht(parts, layout);
  const { constants, before, change, fold, after } = split;
  const moved = (z: tf.Tensor1D, scales?: tf.Tensor1D) => change({ ...constants, ...before(z, scales) });
  return {
    name: "srht-blocked", ambientDimension: parts.D, intrinsicDimension: parts.d, inGraph: true, groups: layout.groups, split,
    applyTensors: (z, scales) => tf.tidy(() => moved(z, scales)),
    adjointTensors: (gradients) => tf.tidy(() => after(fold(constants, gradients), tf.zeros([parts.d])).z),
    pullback: (gradients, z, scales) => tf.tidy(() => {
      const { z: ofZ, scales: ofScales } = after(fold(constants, gradients), z, scales);
      if (ofScales === undefined) throw new Error("srht-blocked pullback: the gradients of scales are missing.");
      return { z: ofZ, scales: ofScales };
    }),
    dispose: split.dispose,
  };
}

function splitSrht(parts: SrhtBlockedParts, layout: Layout): SplitProjection & { dispose(): void } {
  const { period, D } = parts, rows = Math.ceil(D / period);
  const spread: SpreadOptions = { layout, period };
  const transform = blockTransform(parts);
  const T = tf.tensor2d(negative(parts.outerSigns(new Int8Array(rows * period))), [rows, period], "bool");
  return {
    key: `srht-blocked ${D} ${period} ${layout.groups.join()}`,
    constants: { T },
    before: (z, scales) => ({ y: transform.apply(z), ...(scales ? { scales: tf.clone(scales) } : {}) }),
    change: (inputs, rowsOf, start) => spreadPeriods(spread, inputs, rowsOf, start),
    fold: (inputs, gradients, rowsOf) => foldPeriods(spread, { T: inputs["T"]!, gradients }, rowsOf),
    after(folds, z, scales) {
      if (scales === undefined) return { z: transform.adjoint(sumRows(folds)) };
      return {
        z: transform.adjoint(sumRows(tf.mul(folds, tf.reshape(scales, [-1, 1])))),
        scales: tf.sum<tf.Tensor1D>(tf.mul(folds, transform.apply(z)), 1),
      };
    },
    dispose: () => [transform, T].forEach((part) => part.dispose()),
  };
}

/** Signs as 1 for -1 and 0 for +1, in the same memory. */
function negative(signs: Int8Array): Uint8Array {
  const bits = new Uint8Array(signs.buffer, signs.byteOffset, signs.length);
  for (let i = 0; i < bits.length; i++) bits[i]! >>= 7;
  return bits;
}

/** z [d] -> y [Q] = scale [H S_1 [z; 0]; H S_2 [z; 0]; ...], and its adjoint. */
function blockTransform({ d, block, patterns, period, innerSigns, scale }: SrhtBlockedParts) {
  const H = hadamardRows(block);
  const S = tf.tidy(() => tf.pad(tf.tensor2d(Float32Array.from(innerSigns), [patterns, d]), [[0, 0], [0, block - d]]));
  return {
    apply: (z: tf.Tensor1D): tf.Tensor1D => tf.reshape(H.of(tf.mul(S, tf.pad(tf.mul(z, scale), [[0, block - d]]))), [period]),
    adjoint: (y: tf.Tensor1D): tf.Tensor1D => tf.mul(tf.slice(sumRows(tf.mul(S, H.of(tf.reshape(y, [patterns, block])))), [0], [d]), scale),
    dispose: () => [H, S].forEach((part) => part.dispose()),
  };
}
