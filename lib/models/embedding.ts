/** Rows of a table, with the gradient that adds up where a row was used twice. */
import * as tf from "@tensorflow/tfjs-core";

/**
 * The rows `ids` of `table`; its gradient is one scatter-add (tf.gather's transposes the whole table twice besides).
 * @param table [rows, width]. @param ids int32 [n], each in [0, rows). @returns [n, width].
 */
export function embedding(table: tf.Tensor, ids: tf.Tensor1D): tf.Tensor {
  const rows = table.shape[0] ?? 0;
  return tf.customGrad((weights, save) => {
    (save as tf.GradSaveFunc)([ids]); // what is not saved may be freed before the gradient is asked for
    return {
      value: tf.gather(weights as tf.Tensor, ids),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.unsortedSegmentSum(dy, saved as tf.Tensor1D, rows),
    };
  })(table);
}
