/**
 * Our side of the benchmark, run by main.ts: node ours.js PROBLEM METHOD PRECISION. It answers what peer.py answers.
 * METHOD is full or did (with the default projection), PRECISION fp32 or bf16; D90_ENGINE=eager turns recording off.
 */
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { initialiseHead, loadModel } from "../../lib/models/load.js";
import type { Model } from "../../lib/models/types.js";
import { makeReparameterisation, type Reparameterisation } from "../../lib/reparameterisations/index.js";
import type { NamedTensors } from "../../lib/support/tensors.js";
import type { TrainState } from "../../lib/training/checkpoint.js";
import { evaluate } from "../../lib/training/evaluate.js";
import { makeOptimizer } from "../../lib/training/optimizers.js";
import { makeSteps, updateStep, type TrainingSteps } from "../../lib/training/steps.js";
import { subspaceSteps, type SubspaceSteps } from "../../lib/training/subspaceSteps.js";
import { oneUpdate, type Run } from "../../lib/training/update.js";
import { answerRequests, peakBytes, readProblem, timed } from "./answering.js";
import type { Problem } from "./problem.js";

type Method = "full" | "did";

/** More updates than any benchmark runs; the batches come again and again. */
const UPDATES = 100_000;

/** The training loop's own update on the problem's batches: a constant rate, no dropout, no clipping. */
function makeRun(problem: Problem, method: Method, parts: Parts): Run {
  const { batchSize, length, set, classes, rates } = problem;
  const { subspace, ...shared } = parts;
  const optimizer = makeOptimizer({ clipNorm: 0 });
  const plans = problem.batches.map((_, i) => ({ rows: Array.from({ length: batchSize }, (_unused, row) => i * batchSize + row), length }));
  return {
    options: {
      ...shared, train: set, dev: set, classes, batchSize, learningRate: method === "full" ? rates.full : rates.subspace,
      epochs: 1, accumulate: 1, warmupShare: 0, dropout: false, seeds: { batch: 0, dropout: 0 },
    },
    optimizer, subspace, update: updateStep(optimizer, { compile: method === "full" }), updatesPerEpoch: UPDATES,
    steps: Number.MAX_SAFE_INTEGER, // The decay of the rate is nil.
    plans: { epoch: 0, batches: Array.from({ length: UPDATES }, (_, i) => plans[i % plans.length]!) },
  };
}

interface Parts {
  model: Model;
  steps: TrainingSteps;
  reparameterisation: Reparameterisation;
  subspace: SubspaceSteps;
}

async function main(path: string | undefined, method: Method, precision: string | undefined): Promise<void> {
  const problem = readProblem(path);
  const engine = await startEngine({ threads: problem.threads, bf16: precision === "bf16", backend: "tensorflow" });
  const { folder, classes, seed, d, set, batchSize } = problem;
  const [model, loadMs] = await timed(() => loadModel({ model: folder, labels: classes, headSeed: seed }));
  const theta0: NamedTensors = { ...model.parameters, ...initialiseHead(model, seed) };
  const { architecture, config } = model;
  const reparameterisation = makeReparameterisation({
    method, parameters: theta0, d: method === "full" ? undefined : d, seed,
    headNames: architecture.headNames(config), headPolicy: "projected", groupOf: architecture.layerOf,
  });
  const subspace = subspaceSteps(reparameterisation);
  const steps = makeSteps(model);
  const run = makeRun(problem, method, { model, steps, reparameterisation, subspace });
  const trainable = reparameterisation.init();
  const state: TrainState = { step: 0, trainable, optimizer: run.optimizer.init(trainable), losses: [], evaluations: [], seconds: 0 };
  const forward = () => evaluate({ model, forward: steps.forward, parameters: theta0, set, classes, batchSize });
  let warm = false;

  await answerRequests({ versions: { tensorflow: engine.tensorflow ?? "none", engine: engine.mode, device: engine.device }, loadMs }, async (request) => {
    if (request === "step") {
      const [loss, ms] = await timed(() => oneUpdate(run, state));
      return { ms, loss, tensors: tf.memory().numTensors };
    }
    if (request === "evaluate") {
      if (!warm) await forward();
      warm = true;
      const [{ loss }, ms] = await timed(forward);
      return { ms, loss, rows: set.labels.length };
    }
    return { peakBytes: peakBytes() };
  });
}

const [path, method, precision] = process.argv.slice(2);
await main(path, method === "full" ? "full" : "did", precision);
