/**
 * Checkpoints: the whole state of a training run in one safetensors file, written atomically, so that a run killed at any
 * moment goes on from the latest one and ends with the same bits as the uninterrupted run.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs-core";
import { readSafetensors, writeSafetensors, type HostTensor } from "../models/safetensors.js";
import { disposeAll, group, grouped, type NamedTensors } from "../support/tensors.js";
import type { EpochMetrics } from "./train.js";

/** Everything that changes while training; the rest is a function of the configuration. */
export interface TrainState {
  /** Updates done. */
  step: number;
  trainable: NamedTensors;
  /** The optimiser's state. */
  optimizer: NamedTensors;
  losses: number[];
  evaluations: EpochMetrics[];
  /** Seconds of computing so far. */
  seconds: number;
}

export interface Checkpoints {
  readonly path: string;
  /** The latest state, owned by the caller; null where there is none. @throws {Error} if it belongs to another configuration. */
  load(): Promise<TrainState | null>;
  save(state: TrainState): Promise<void>;
  /** Saves if the latest save is `everySeconds` or `everySteps` ago. */
  saveIfDue(state: TrainState): Promise<void>;
  /** Deletes the file, when the run is in its record. */
  remove(): Promise<void>;
}

export interface CheckpointOptions {
  path: string;
  /** Id of the run's configuration: a checkpoint of another one is refused. */
  configuration: string;
  /** Seconds between saves; default 60. */
  everySeconds?: number;
  /** Updates between saves; default Infinity. */
  everySteps?: number;
}

/** Checkpoints of one run in the file `path`. */
export function fileCheckpoints({ path, configuration, everySeconds = 60, everySteps = Infinity }: CheckpointOptions): Checkpoints {
  let latest = { time: performance.now(), step: 0 };
  const checkpoints: Checkpoints = {
    path,
    async load() {
      const state = existsSync(path) ? await readState(path, configuration) : null;
      latest = { time: performance.now(), step: state?.step ?? 0 };
      return state;
    },
    async save(state) {
      await writeState(path, configuration, state);
      latest = { time: performance.now(), step: state.step };
    },
    async saveIfDue(state) {
      const due = performance.now() - latest.time >= everySeconds * 1000 || state.step - latest.step >= everySteps;
      if (due) await checkpoints.save(state);
    },
    remove: () => rm(path, { force: true }),
  };
  return checkpoints;
}

async function writeState(path: string, configuration: string, state: TrainState): Promise<void> {
  const { trainable, optimizer, ...numbers } = state;
  const values = hostTensors({ ...grouped("trainable", trainable), ...grouped("optimizer", optimizer) });
  await writeSafetensors(path, values, { configuration, state: JSON.stringify(numbers) });
}

async function readState(path: string, configuration: string): Promise<TrainState> {
  const { tensors, metadata } = await readSafetensors(path);
  if (metadata.configuration !== configuration) {
    throw new Error(`checkpoint: ${path} belongs to another run (configuration ${metadata.configuration}, expected ${configuration}). ` +
      `Delete the file to start this run from the beginning.`);
  }
  const numbers = JSON.parse(metadata.state) as Omit<TrainState, "trainable" | "optimizer">;
  // Checkpoints from before there were other metrics than accuracy have that alone.
  const evaluations = numbers.evaluations.map((evaluation) => ({ ...evaluation, metric: evaluation.metric ?? evaluation.accuracy }));
  const all = deviceTensors(tensors);
  return { ...numbers, evaluations, trainable: group("trainable", all), optimizer: group("optimizer", all) };
}

/** Tensors as safetensors writes them. */
export const hostTensors = (tensors: NamedTensors): Record<string, HostTensor> => Object.fromEntries(Object.entries(tensors)
  .map(([name, tensor]) => [name, { shape: tensor.shape, values: tensor.dataSync<"float32">() }]));

/** Tensors from a safetensors file; owned by the caller. */
export const deviceTensors = (tensors: Record<string, HostTensor>): NamedTensors => Object.fromEntries(Object.entries(tensors)
  .map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape], "float32")]));

/** Frees the tensors of `state`. */
export function disposeState(state: TrainState): void {
  disposeAll(state.trainable);
  disposeAll(state.optimizer);
}
