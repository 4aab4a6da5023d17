/** A training run for the benchmarks: the training loop's own update at a constant rate, without dropout or clipping. */
import { makeReparameterisation } from "../../lib/reparameterisations/index.js";
import type { Model } from "../../lib/models/types.js";
import type { NamedTensors } from "../../lib/support/tensors.js";
import type { EncodedSet } from "../../lib/training/batches.js";
import type { TrainState } from "../../lib/training/checkpoint.js";
import { makeOptimizer } from "../../lib/training/optimizers.js";
import { makeSteps, updateStep } from "../../lib/training/steps.js";
import { subspaceSteps } from "../../lib/training/subspaceSteps.js";
import type { Run } from "../../lib/training/update.js";

/** More updates than any benchmark runs; the batches come again and again. */
const UPDATES = 100_000;

export interface Work {
  model: Model;
  theta0: NamedTensors;
  method: "full" | "did";
  d: number;
  seed: number;
  rate: number;
  /** Whole batches, one after the other, each row of them `length` tokens long. */
  set: EncodedSet;
  batchSize: number;
  length: number;
  classes: number;
}

/** A run, its state at the start, and its compiled steps. */
export function makeWork({ model, theta0, method, d, seed, rate, set, batchSize, length, classes }: Work) {
  const { architecture, config } = model;
  const reparameterisation = makeReparameterisation({
    method, parameters: theta0, d: method === "full" ? undefined : d, seed,
    headNames: architecture.headNames(config), headPolicy: "projected", groupOf: architecture.layerOf,
  });
  const optimizer = makeOptimizer({ clipNorm: 0 }), steps = makeSteps(model);
  const batches = Array.from({ length: Math.floor(set.labels.length / batchSize) }, (_, i) =>
    ({ rows: Array.from({ length: batchSize }, (_unused, row) => i * batchSize + row), length }));
  const run: Run = {
    options: {
      model, steps, reparameterisation, train: set, dev: set, classes, batchSize, learningRate: rate,
      epochs: 1, accumulate: 1, warmupShare: 0, dropout: false, seeds: { batch: 0, dropout: 0 },
    },
    optimizer, subspace: subspaceSteps(reparameterisation, optimizer), update: updateStep(optimizer, { compile: method === "full" }),
    updatesPerEpoch: UPDATES,
    steps: Number.MAX_SAFE_INTEGER, // The decay of the rate is nil.
    plans: { epoch: 0, batches: Array.from({ length: UPDATES }, (_, i) => batches[i % batches.length]!) },
  };
  const trainable = reparameterisation.init();
  const state: TrainState = { step: 0, trainable, optimizer: optimizer.init(trainable), losses: [], evaluations: [], seconds: 0 };
  return { run, state, steps };
}
