/** The whole state of a pre-training in one safetensors file, so that one that is killed goes on with the same bits. */
import { existsSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { readSafetensors, writeSafetensors } from "../models/safetensors.js";
import { pretrainingEvaluationSchema, type LossPoint, type PretrainingEvaluation } from "../records/record.js";
import { UsageError } from "../support/checks.js";
import { gaussians, splitSeed } from "../support/random.js";
import { disposeAll, group, grouped, type NamedShapes, type NamedTensors, sizeOf } from "../support/tensors.js";
import { deviceTensors, hostTensors } from "../training/checkpoint.js";
import type { MaskedLmOptimizer } from "./optimizer.js";

/** Everything that changes; the rest is a function of the configuration. */
export interface PretrainState {
  /** Updates done. */
  update: number;
  theta: NamedTensors;
  optimizer: NamedTensors;
  losses: LossPoint[];
  evaluations: PretrainingEvaluation[];
  /** Seconds of computing so far. */
  seconds: number;
}

/**
 * New weights as Transformers draws them: normal(0, range), 0 for biases and the padding's embedding, 1 for a layer norm's weight.
 * Each name has numbers of its own from the seed.
 */
export function freshWeights(shapes: NamedShapes, { seed, range, padId }: { seed: number; range: number; padId: number }): NamedTensors {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => {
    const size = sizeOf(shape);
    if (name.endsWith("bias")) return [name, tf.zeros([...shape])];
    if (name.endsWith("LayerNorm.weight")) return [name, tf.ones([...shape])];
    const values = gaussians(size, splitSeed(seed, name)).map((value) => value * range);
    if (name.endsWith("word_embeddings.weight")) values.fill(0, padId * shape[1]!, (padId + 1) * shape[1]!);
    return [name, tf.tensor(values, [...shape])];
  }));
}

/** The state before the first update; owns `theta`. */
export const freshState = (theta: NamedTensors, optimizer: MaskedLmOptimizer): PretrainState =>
  ({ update: 0, theta, optimizer: optimizer.init(theta), losses: [], evaluations: [], seconds: 0 });

const numbersSchema = z.object({
  update: z.int(), seconds: z.number(), losses: z.array(z.object({ step: z.int(), loss: z.number().nullable() })),
  evaluations: z.array(pretrainingEvaluationSchema),
});

/** Writes the state atomically. */
export async function writeState(path: string, id: string, { theta, optimizer, ...numbers }: PretrainState): Promise<void> {
  await writeSafetensors(path, hostTensors({ ...grouped("theta", theta), ...grouped("optimizer", optimizer) }), { id, numbers: JSON.stringify(numbers) });
}

/** The state at `path`, or null where there is none. @throws {UsageError} if it belongs to another configuration. */
export async function readState(path: string, id: string): Promise<PretrainState | null> {
  if (!existsSync(path)) return null;
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata["id"] !== id) {
    throw new UsageError(`pretrain: ${path} belongs to another pre-training (${metadata["id"]}, this one is ${id}). Name another folder with --out, or delete this one.`);
  }
  const all = deviceTensors(tensors);
  return { ...numbersSchema.parse(JSON.parse(metadata["numbers"] ?? "null")), theta: group("theta", all), optimizer: group("optimizer", all) };
}

/** Frees the tensors. */
export function disposeState({ theta, optimizer }: PretrainState): void {
  disposeAll(theta);
  disposeAll(optimizer);
}
