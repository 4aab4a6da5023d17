/** The cases that test/oracles/architectures.py wrote: each a tiny model of an architecture, its batch, and what Transformers computes. */
import { readdirSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { softmaxCrossEntropy } from "../../lib/models/ops.js";
import { architectureOf } from "../../lib/models/registry.js";
import { readSafetensors } from "../../lib/models/safetensors.js";
import type { Architecture, Dropout, ModelConfig, TokenBatch } from "../../lib/models/types.js";
import { disposeAll, sizeOf, type NamedShapes, type NamedTensors } from "../../lib/support/tensors.js";
import { floats, oraclePath, type Golden } from "./golden.js";

export interface Case {
  architecture: Architecture;
  /** config.json, parsed. */
  json: Record<string, unknown>;
  config: ModelConfig;
  /** By our code, and by Transformers. */
  shapes: NamedShapes;
  names: NamedShapes;
  parameters: NamedTensors;
  /** The same three texts, padded right and left. */
  batch: TokenBatch;
  left: TokenBatch;
  labels: number[];
  golden: Golden;
}

export const caseNames: readonly string[] =
  readdirSync(oraclePath("architectures")).filter((name) => name.endsWith(".safetensors")).map((name) => name.replace(".safetensors", "")).sort();

/** Deterministic numbers in [-1, 1), by the integer mixer lowbias32 of (seed << 24) + position + 1; as in bert.py. */
export function uniform(size: number, seed: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => {
    let x = ((seed << 24) + i + 1) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 8) / 2 ** 23 - 1;
  });
}

/** The weights of architectures.py, by name. */
export function weightsOf(shapes: NamedShapes): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape], i) => {
    const isNorm = shape.length === 1 && name.endsWith(".weight");
    return [name, uniform(sizeOf(shape), i).map((value) => value * 0.4 + (isNorm ? 1 : 0))];
  }));
}

export async function readCase(name: string): Promise<Case> {
  const { tensors: golden, metadata } = await readSafetensors(oraclePath(`architectures/${name}.safetensors`));
  const json = JSON.parse(metadata["config"]!) as Record<string, unknown>;
  const architecture = architectureOf(json["model_type"], name);
  const config = architecture.configure(json, name);
  const labels = [...floats(golden, "labels")];
  const shapes = architecture.shapes(config, labels.length);
  const weights = weightsOf(shapes);
  const parameters = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, tf.tensor(weights[key]!, [...shape])]));
  const rows = ["input_ids", "attention_mask", "token_type_ids"].map((key) => [...floats(golden, key)]);
  return { architecture, json, config, shapes, names: JSON.parse(metadata["names"]!) as NamedShapes, parameters, labels, golden,
    batch: batchOf(rows), left: batchOf(rows.map((values) => rolled(values, rows[1]!))) };
}

function batchOf([inputIds = [], attentionMask = [], tokenTypeIds = []]: number[][]): TokenBatch {
  const matrix = (values: number[]): tf.Tensor2D => tf.tensor2d(values, [3, values.length / 3], "int32");
  return { inputIds: matrix(inputIds), attentionMask: matrix(attentionMask), tokenTypeIds: matrix(tokenTypeIds) };
}

/** The padding of each of three rows moved before it. */
function rolled(values: number[], mask: number[]): number[] {
  const width = values.length / 3;
  return [0, 1, 2].flatMap((row) => {
    const of = values.slice(row * width, (row + 1) * width), tokens = mask.slice(row * width, (row + 1) * width).reduce((sum, one) => sum + one, 0);
    return [...of.slice(tokens), ...of.slice(0, tokens)];
  });
}

export function releaseCase({ parameters, batch, left }: Case): void {
  for (const owned of [parameters, batch, left]) disposeAll({ ...owned });
}

type Changes = { parameters?: NamedTensors; batch?: TokenBatch; dropout?: Dropout };

/** Logits of a case, with `changes`. */
export const logitsOf = (the: Case, { parameters = the.parameters, batch = the.batch, dropout }: Changes = {}): tf.Tensor2D =>
  the.architecture.logits(parameters, the.config, batch, dropout);

/** Logits, and gradients of the mean cross-entropy by name. */
export function gradientsOf(the: Case): { logits: tf.Tensor; gradients: NamedTensors } {
  return tf.tidy(() => {
    const names = Object.keys(the.parameters);
    const loss = (...values: tf.Tensor[]): tf.Scalar => {
      const parameters = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
      return softmaxCrossEntropy(logitsOf(the, { parameters }), tf.tensor1d(the.labels, "int32")) as tf.Scalar;
    };
    const gradients = tf.grads(loss)(Object.values(the.parameters));
    return { logits: logitsOf(the), gradients: Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) };
  });
}
