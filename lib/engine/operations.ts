/**
 * The project's own TensorFlow operations (setup/native/operations.cc), each in place of several: in a step that is being recorded, on a CPU. They
 * read bfloat16 where a product gave it, and give it where a product reads them (bfloat16.ts).
 */
import * as tf from "@tensorflow/tfjs-core";
import type { OpAttribute, TensorflowBackend } from "./backend.js";

/** What goes into AdamW beside tensors of the weights' size. */
export interface AdamSettings { beta1: number; beta2: number; epsilon: number; decay: number; coupled: number }

/** Queries [B n, heads s], keys and values [B L, groups s], in this order: one to three tensors, of which the last has the rest too, behind one another in its rows. */
export type QueriesKeysValues = readonly tf.Tensor[];

export interface AttentionSizes { batchSize: number; heads: number; groups: number; scale: number }

/** Tensors are borrowed, results the caller's. None is differentiable: for gradients written by hand. */
export interface Operations {
  /** x Phi(x). Any shape. */
  gelu(x: tf.Tensor): tf.Tensor;
  /** dy (Phi(x) + x phi(x)). */
  geluGradient(dy: tf.Tensor, x: tf.Tensor): tf.Tensor;
  /** GELU's approximation by tanh, x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2, and its gradient. Any shape. */
  geluTanh(x: tf.Tensor): tf.Tensor;
  geluTanhGradient(dy: tf.Tensor, x: tf.Tensor): tf.Tensor;
  /** x [..., n] + bias [n]. */
  addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor;
  /** [n], the sums over all but the last axis of x [..., n]. */
  columnSum(x: tf.Tensor): tf.Tensor;
  /** The sum of squares, a scalar. Summed in one order however many threads there are. */
  squareSum(x: tf.Tensor): tf.Tensor;
  /** y = gamma (x - mean) / sqrt(variance + epsilon) + beta over the last axis, and stats [rows, 2]: mean and 1 / sqrt(variance + epsilon). */
  layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): { y: tf.Tensor; stats: tf.Tensor };
  layerNormGradient(dy: tf.Tensor, x: tf.Tensor, stats: tf.Tensor, gamma: tf.Tensor): { dx: tf.Tensor; dGamma: tf.Tensor; dBeta: tf.Tensor };
  /** y = gamma x / sqrt(mean(x^2) + epsilon) over the last axis, and stats [rows, 1]: 1 / sqrt(mean(x^2) + epsilon). */
  rmsNorm(x: tf.Tensor, gamma: tf.Tensor, epsilon: number): { y: tf.Tensor; stats: tf.Tensor };
  rmsNormGradient(dy: tf.Tensor, x: tf.Tensor, stats: tf.Tensor, gamma: tf.Tensor): { dx: tf.Tensor; dGamma: tf.Tensor };
  /** gate sigmoid(gate) up. Both of one shape. */
  gatedSilu(gate: tf.Tensor, up: tf.Tensor): tf.Tensor;
  gatedSiluGradient(dy: tf.Tensor, gate: tf.Tensor, up: tf.Tensor): { dGate: tf.Tensor; dUp: tf.Tensor };
  /**
   * Heads [x1, x2], side by side in the rows of x [rows, heads s], as [x1 cos - x2 sin, x2 cos + x1 sin].
   * @param cos, sin [angles, s]: row r takes number r mod angles. @param back with -sin, which is the gradient.
   */
  rotate(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor, options?: { back: boolean }): tf.Tensor;
  /**
   * mask softmax(scale q k^T + bias) v, [B n, heads s], and the weights before the mask, [B, heads, n, L]; no weights ([0]) unless there will be a gradient.
   * @param bias [1 or B, 1 or heads, 1 or n, L]. @param mask [B, heads, n, L]; null for none.
   */
  attention(of: QueriesKeysValues, bias: tf.Tensor, mask: tf.Tensor | null, sizes: AttentionSizes): { context: tf.Tensor; weights: tf.Tensor };
  /** The gradients of queries, keys and values; and if the bias is learned of what is added to the scores, [B, heads, n, L]. */
  attentionGradient(dContext: tf.Tensor, of: QueriesKeysValues, weights: tf.Tensor, mask: tf.Tensor | null, sizes: AttentionSizes & { learned: boolean }):
    { of: tf.Tensor[]; ofScores: tf.Tensor | null };
  /**
   * start + scale T y for the weights from number `offset` on: start's shape. Weight i has the sign T_i and the number y_(i mod Q).
   * @param T bool, true for -1, as many as there are weights or more. @param y [Q]. @param scale one number.
   */
  spread(start: tf.Tensor, T: tf.Tensor, y: tf.Tensor, scale: tf.Tensor, offset: number): tf.Tensor;
  /** Its adjoint, [Q]: the sum of T times each gradient, whose first weight is number `offset`, over the periods. */
  fold(of: readonly { gradient: tf.Tensor; offset: number }[], T: tf.Tensor, period: number): tf.Tensor1D;
  /** One update. @param of value, gradient and moments. @param scalars [4]: what the gradient is multiplied by, rate, 1 - beta1^t, 1 - beta2^t. */
  adamW(of: [value: tf.Tensor, gradient: tf.Tensor, m: tf.Tensor, v: tf.Tensor], scalars: tf.Tensor, settings: AdamSettings): [tf.Tensor, tf.Tensor, tf.Tensor];
}

/** Begins the name of every one of them. */
const PREFIX = "D90";

/** How an operation's types follow from the graph around it. */
export interface Types {
  /** The attribute that is the type of each input which may be bfloat16, by its number. */
  inputs?: Readonly<Record<number, string>>;
  /** From which input on they are a list, and the attribute of its types, which op by op is not there to be given. */
  list?: { from: number; type: string };
  /** The first outputs, as many, that products alone should read, and the attribute of their type: with bfloat16 they are that. */
  rounded?: { outputs: number; type: string };
  /** An output that is output 0 again, in bfloat16 where products read it, and the attribute of its type. */
  again?: { output: number; type: string };
}

export const TYPES: Readonly<Record<string, Types>> = {
  D90Gelu: { inputs: { 0: "T" }, rounded: { outputs: 1, type: "Y" } },
  D90GeluGradient: { inputs: { 0: "G", 1: "T" }, rounded: { outputs: 1, type: "Y" } },
  D90GeluTanh: { inputs: { 0: "T" }, rounded: { outputs: 1, type: "Y" } },
  D90GeluTanhGradient: { inputs: { 0: "G", 1: "T" }, rounded: { outputs: 1, type: "Y" } },
  D90Attention: { inputs: { 0: "Q", 1: "K", 2: "V" }, rounded: { outputs: 1, type: "Y" } },
  D90AttentionGradient: { inputs: { 0: "G", 1: "Q", 2: "K", 3: "V" }, rounded: { outputs: 3, type: "Y" } },
  D90AddBias: { inputs: { 0: "T" } },
  D90ColumnSum: { inputs: { 0: "T" } },
  D90SquareSum: { inputs: { 0: "T" } },
  D90Spread: { again: { output: 1, type: "Y" } },
  D90Fold: { list: { from: 3, type: "G" } },
  D90LayerNorm: { again: { output: 2, type: "Y" } },
  D90LayerNormGradient: { inputs: { 0: "G", 4: "H", 5: "I", 6: "J" }, again: { output: 3, type: "Y" } },
  D90GatedSilu: { inputs: { 0: "T", 1: "U" }, rounded: { outputs: 1, type: "Y" } },
  D90GatedSiluGradient: { inputs: { 0: "G", 1: "T", 2: "U" }, rounded: { outputs: 2, type: "Y" } },
  D90Rotate: { inputs: { 0: "T" }, rounded: { outputs: 1, type: "Y" } },
  D90AdamW: { inputs: { 1: "G" } },
};

function operationsOf(backend: TensorflowBackend): Operations {
  const none: OpAttribute[] = []; // the recorder adds the types
  const one = (name: string, ...inputs: tf.Tensor[]): tf.Tensor => backend.executeSingleOutput(`${PREFIX}${name}`, none, inputs);
  const several = (name: string, count: number, ...inputs: tf.Tensor[]): tf.Tensor[] => backend.executeMultipleOutputs(`${PREFIX}${name}`, none, inputs, count);
  /** Of a layer norm, or with no beta of an RMS norm; its gradient knows by the statistics which of them it was. */
  const norm: Operations["layerNorm"] = (x, gamma, beta, epsilon) => {
    const [y, stats] = several("LayerNorm", 3, x, gamma, beta, tf.scalar(epsilon));
    return { y: y!, stats: stats! };
  };
  const normGradient: Operations["layerNormGradient"] = (dy, x, stats, gamma) => {
    const [dx, dGamma, dBeta] = several("LayerNormGradient", 4, dy, x, stats, gamma, ...three([]));
    return { dx: dx!, dGamma: dGamma!, dBeta: dBeta! };
  };
  return {
    gelu: (x) => one("Gelu", x, nothing()),
    geluGradient: (dy, x) => one("GeluGradient", dy, x, nothing()),
    geluTanh: (x) => one("GeluTanh", x, nothing()),
    geluTanhGradient: (dy, x) => one("GeluTanhGradient", dy, x, nothing()),
    addBias: (x, bias) => one("AddBias", x, bias, nothing()),
    columnSum: (x) => one("ColumnSum", x),
    squareSum: (x) => one("SquareSum", x, noIds()),
    layerNorm: norm,
    layerNormGradient: normGradient,
    rmsNorm: (x, gamma, epsilon) => norm(x, gamma, nothing(), epsilon),
    rmsNormGradient: normGradient,
    gatedSilu: (gate, up) => one("GatedSilu", gate, up),
    gatedSiluGradient(dy, gate, up) {
      const [dGate, dUp] = several("GatedSiluGradient", 2, dy, gate, up);
      return { dGate: dGate!, dUp: dUp! };
    },
    rotate: (x, cos, sin, { back } = { back: false }) => one("Rotate", x, cos, sin, tf.scalar(back ? -1 : 1), nothing()),
    attention(of, bias, mask, sizes) {
      const differentiated = tf.engine().state.gradientDepth > 0;
      const [context, weights] = several("Attention", 2, ...three(of), bias, mask ?? nothing(), sizesTensor(sizes, differentiated), tf.scalar(sizes.scale), ...three([]));
      return { context: context!, weights: weights! };
    },
    attentionGradient(dContext, of, weights, mask, sizes) {
      const { scale, learned } = sizes;
      const results = several("AttentionGradient", 4, dContext, ...three(of), weights, mask ?? nothing(), sizesTensor(sizes, learned), tf.scalar(scale), ...three([]));
      return { of: results.slice(0, of.length), ofScores: learned ? results[3]! : null };
    },
    spread(start, T, y, scale, offset) {
      const [theta] = several("Spread", 2, start, T, y, scale, tf.scalar(offset, "int32"));
      return theta!;
    },
    fold(of, T, period) {
      const offsets = tf.tensor1d(of.map(({ offset }) => offset), "int32");
      return one("Fold", T, tf.scalar(period, "int32"), offsets, ...of.map(({ gradient }) => gradient)) as tf.Tensor1D;
    },
    adamW(of, scalars, { beta1, beta2, epsilon, decay, coupled }) {
      const [value, m, v] = several("AdamW", 3, ...of, scalars, tf.tensor1d([beta1, beta2, epsilon, decay, coupled]), noIds());
      return [value!, m!, v!];
    },
  };
}

/** @param all whether the operation's last output is wanted. */
const sizesTensor = ({ batchSize, heads, groups }: AttentionSizes, all: boolean): tf.Tensor => tf.tensor1d([batchSize, heads, groups, Number(all)], "int32");

/** In place of what an operation may be given besides: some of it the recorder gives it (sums.ts). */
const nothing = (): tf.Tensor => tf.zeros([0]);

/** In place of the rows of a table that were looked up, which may be none. */
const noIds = (): tf.Tensor => tf.scalar(-1, "int32");

/** `of`, and nothing in the place of each that is not there. */
const three = (of: readonly tf.Tensor[]): tf.Tensor[] => [0, 1, 2].map((i) => of[i] ?? nothing());

let current: Operations | null = null;

/** Runs `action`, in which `operations` gives those of `backend`; null for none. */
export function operating<T>(backend: TensorflowBackend | null, action: () => T): T {
  const before = current;
  current = backend && operationsOf(backend);
  try {
    return action();
  } finally {
    current = before;
  }
}

/** What there is now: null outside of a recording, on a GPU, and without the addon. */
export const operations = (): Operations | null => current;

/** Those that a step began with: its gradients are recorded with it. */
export function requiredOperations(): Operations {
  if (current === null) throw new Error("requiredOperations: a gradient must be recorded with its step.");
  return current;
}
