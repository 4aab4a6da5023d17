/** Rows of a table, with the gradient that adds up where a row was used twice. */
import * as tf from "@tensorflow/tfjs-core";
import { withGradient } from "../support/gradient.js";

/**
 * The rows `ids` of `table`; its gradient is one scatter-add (tf.gather's transposes the whole table twice besides).
 * @param table [rows, width]. @param ids int32 [n], each in [0, rows). @returns [n, width].
 */
export function embedding(table: tf.Tensor, ids: tf.Tensor1D): tf.Tensor {
  const rows = table.shape[0] ?? 0;
  return withGradient([table], () => ({ value: tf.gather(table, ids), saved: [ids] }), (dy, [saved]) => {
    if (saved === undefined) throw new Error("embedding: nothing was saved.");
    return [tf.unsortedSegmentSum(dy, saved as tf.Tensor1D, rows)];
  });
}
