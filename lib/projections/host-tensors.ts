/** Any projection over named tensors, through typed arrays on the host: for comparisons, not for a compiled step. */
import * as tf from "@tensorflow/tfjs-core";
import type { NamedTensors } from "../support/tensors.js";
import type { Layout, Place } from "./layout.js";
import type { Projection } from "./projection.js";
import type { TensorProjection } from "./tensor-projection.js";

const host = (tensor: tf.Tensor): Float32Array => tensor.dataSync() as Float32Array;

/** The values of `place` in a vector over theta. */
const part = (theta: Float32Array, place: Place): Float32Array => theta.subarray(place.offset, place.offset + place.size);

/** `P` over the tensors of `layout`. It holds no tensors, so disposing of it does nothing. */
export function hostTensorProjection(P: Projection, layout: Layout): TensorProjection {
  const { ambientDimension, intrinsicDimension, name } = P;
  const flat = (gradients: NamedTensors, scales?: Float32Array): Float32Array => {
    const g = new Float32Array(ambientDimension);
    for (const place of layout.places) {
      const scale = scales?.[place.group] ?? 1;
      const values = host(gradients[place.name]!), to = part(g, place);
      for (let i = 0; i < to.length; i++) to[i] = values[i]! * scale;
    }
    return g;
  };
  return {
    name, ambientDimension, intrinsicDimension, inGraph: false, groups: layout.groups,
    applyTensors(z, scales) {
      const moved = P.apply(host(z)), byGroup = scales && host(scales);
      return Object.fromEntries(layout.places.map((place) => {
        const values = part(moved, place).slice(), scale = byGroup?.[place.group] ?? 1;
        for (let i = 0; scale !== 1 && i < values.length; i++) values[i]! *= scale;
        return [place.name, tf.tensor(values, place.shape)];
      }));
    },
    adjointTensors: (gradients) => tf.tensor1d(P.adjoint(flat(gradients))),
    pullback(gradients, z, scales) {
      const moved = P.apply(host(z)), dots = new Float64Array(layout.groups.length);
      for (const place of layout.places) {
        const values = host(gradients[place.name]!), to = part(moved, place);
        for (let i = 0; i < to.length; i++) dots[place.group]! += values[i]! * to[i]!;
      }
      return { z: tf.tensor1d(P.adjoint(flat(gradients, host(scales)))), scales: tf.tensor1d(Float32Array.from(dots)) };
    },
    dispose() {},
  };
}
