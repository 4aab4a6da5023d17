/** DID and SAID divided at a compiled step's border, where P is. */
import * as tf from "@tensorflow/tfjs-core";
import type { TableRows, TensorProjection } from "../projections/index.js";
import { group, grouped, type NamedTensors } from "../support/tensors.js";
import { handles, inOrder, type Parts } from "./parts.js";
import type { InStep } from "./types.js";

/** Groups of the inside's inputs: theta0's parameters, P's own tensors and what they are given, and the free head's values. */
const START = "theta0", PROJECTION = "P", FREE = "free", FOLDS = "folds";

/** theta0 with the rows of `table` alone, where it is among the parameters. */
function startOf(inputs: NamedTensors, table?: TableRows): NamedTensors {
  const theta0 = group(START, inputs), whole = table && theta0[table.name];
  return table !== undefined && whole !== undefined ? { ...theta0, [table.name]: tf.gather(whole, table.ids) } : theta0;
}

/**
 * theta = theta0 + lambda_i (P z)_i, with `lambda` among what is trained for SAID and without it for DID.
 * @returns nothing where P cannot be divided.
 */
export function inStepOf(method: "did" | "said", { theta0, parts, P }: { theta0: NamedTensors; parts: Parts; P: TensorProjection }): InStep | undefined {
  const { split } = P, free = Object.keys(parts.free);
  if (split === undefined) return undefined;
  const moved = (table?: TableRows): TableRows | undefined => (table && Object.hasOwn(parts.moved, table.name) ? table : undefined);
  const ofZ = ({ z, lambda }: NamedTensors): [tf.Tensor1D, tf.Tensor1D | undefined] => [z as tf.Tensor1D, lambda as tf.Tensor1D | undefined];
  return {
    key: `${method} ${split.key} free: ${free.join()} frozen: ${Object.keys(parts.frozen).join()}`,
    constants: { ...grouped(START, theta0), ...grouped(PROJECTION, split.constants) },
    before: (trainable) => ({
      ...grouped(PROJECTION, split.before(...ofZ(trainable))), ...grouped(FREE, handles(trainable, free)),
    }),
    parameters(inputs, table) {
      const start = startOf(inputs, table);
      return inOrder(start, { moved: split.change(group(PROJECTION, inputs), moved(table), start), free: group(FREE, inputs) });
    },
    fold: (inputs, gradients, table) => ({
      [FOLDS]: split.fold(group(PROJECTION, inputs), gradients, moved(table)), ...grouped(FREE, handles(gradients, free)),
    }),
    after(trainable, folded) {
      const { z, scales } = split.after(folded[FOLDS] as tf.Tensor2D, ...ofZ(trainable));
      return { z, ...(scales ? { lambda: scales } : {}), ...group(FREE, folded) };
    },
  };
}
