/** Blocked SRHT over named tensors, as tensor operations alone: nothing is read on the host, so a compiled step can hold it. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import { hadamardColumns, sumRows } from "./hadamard-tensors.js";
import type { Layout, Run } from "./layout.js";
import type { ProjectionOptions } from "./projection.js";
import { srhtBlockedParts, type SrhtBlockedParts } from "./srht-blocked.js";
import type { TensorProjection } from "./tensor-projection.js";

/**
 * The P of srhtBlockedProjection (see there for the formula). What is of size D: one product with the signs T for P z; one
 * concatenation, one product and one sum over the periods for P^T g. Slices along the first axis share memory in TensorFlow.
 * The gradients of the scales need nothing of size D either: <g_i, (P z)_i> = <P_i^T g_i, z>, P_i being P's rows of group i.
 * Memory: 4 bytes a weight, for T.
 */
export function srhtBlockedTensors(options: ProjectionOptions, layout: Layout): TensorProjection {
  const parts = srhtBlockedParts(options);
  const transform = blockTransform(parts), spread = periods(parts);
  /** For each group, [Q]: its gradients times their signs, summed over the periods. */
  const foldGroups = (gradients: NamedTensors): tf.Tensor1D[] => layout.groups.map((_, group) => {
    const folds = layout.runs.filter((run) => run.group === group).map((run) => spread.fold(run, gradients));
    return folds.reduce((sum, fold) => tf.add(sum, fold));
  });
  return {
    name: "srht-blocked", ambientDimension: parts.D, intrinsicDimension: parts.d, inGraph: true, groups: layout.groups,
    applyTensors: (z, scales) => tf.tidy(() => {
      const y = transform.apply(z);
      const scaled = (run: Run): tf.Tensor1D => scales === undefined ? y : tf.mul(y, tf.slice(scales, [run.group], [1]));
      return Object.assign({}, ...layout.runs.map((run) => spread.unfold(run, scaled(run)))) as NamedTensors;
    }),
    adjointTensors: (gradients) => tf.tidy(() => transform.adjoint(tf.addN(foldGroups(gradients)))),
    pullback: (gradients, z, scales) => tf.tidy(() => {
      const folds = tf.stack(foldGroups(gradients));
      return {
        z: transform.adjoint(tf.sum(tf.mul(folds, tf.reshape(scales, [-1, 1])), 0)),
        scales: tf.sum<tf.Tensor1D>(tf.mul(folds, transform.apply(z)), 1),
      };
    }),
    dispose: () => [transform, spread].forEach((part) => part.dispose()),
  };
}

/** z [d] -> y [Q] = scale [H S_1 [z; 0]; H S_2 [z; 0]; ...], and its adjoint. */
function blockTransform({ d, block, patterns, period, innerSigns, scale }: SrhtBlockedParts) {
  const rowsTo = (x: tf.Tensor2D): tf.Tensor2D => tf.pad(x, [[0, block - x.shape[0]], [0, 0]]);
  const S = tf.tidy(() => rowsTo(tf.transpose(tf.tensor2d(Float32Array.from(innerSigns), [patterns, d])))); // [block, patterns]
  return {
    apply(z: tf.Tensor1D): tf.Tensor1D {
      const columns = hadamardColumns(tf.mul(S, rowsTo(tf.reshape(z, [d, 1]))));
      return tf.mul(tf.reshape(tf.transpose(columns), [period]), scale);
    },
    adjoint(y: tf.Tensor1D): tf.Tensor1D {
      const columns = hadamardColumns(tf.transpose(tf.reshape(y, [patterns, block])));
      return tf.mul(tf.slice(tf.sum<tf.Tensor1D>(tf.mul(S, columns), 1), [0], [d]), scale);
    },
    dispose: () => S.dispose(),
  };
}

/** y [Q] -> the weights of a run, T_i y_(i mod Q), and its adjoint. */
function periods({ D, period, outerSigns }: SrhtBlockedParts) {
  const rows = Math.ceil(D / period);
  const T = tf.tensor2d(outerSigns(new Float32Array(rows * period)), [rows, period]);
  /** The rows of T over which `run` lies; its first weight is number `lead` in them. */
  const rowsOf = (run: Run): { signs: tf.Tensor2D; lead: number; scalars: number } => {
    const first = Math.floor(run.offset / period), count = Math.ceil((run.offset + run.size) / period) - first;
    const signs = count === rows ? T : tf.slice(T, [first, 0], [count, period]);
    return { signs, lead: run.offset - first * period, scalars: count * period };
  };
  return {
    unfold(run: Run, y: tf.Tensor1D): NamedTensors {
      const { signs, lead, scalars } = rowsOf(run);
      const flat = tf.reshape(tf.mul(signs, y), [scalars]);
      return Object.fromEntries(run.places.map(({ name, shape, size, offset }) =>
        [name, tf.reshape(tf.slice(flat, [lead + offset - run.offset], [size]), shape)]));
    },
    fold(run: Run, gradients: NamedTensors): tf.Tensor1D {
      const { signs, lead, scalars } = rowsOf(run);
      const pieces: tf.Tensor[] = run.places.map(({ name, size }) => tf.reshape(gradients[name]!, [size]));
      if (lead > 0) pieces.unshift(tf.zeros([lead]));
      if (lead + run.size < scalars) pieces.push(tf.zeros([scalars - lead - run.size]));
      const whole = tf.tidy(() => tf.reshape(pieces.length === 1 ? pieces[0]! : tf.concat(pieces), signs.shape));
      const signed = tf.mul<tf.Tensor2D>(whole, signs);
      whole.dispose(); // now, not when the caller's tidy ends: both are as large as theta
      const sum = sumRows(signed);
      signed.dispose();
      return sum;
    },
    dispose: () => T.dispose(),
  };
}
