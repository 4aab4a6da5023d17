/**
 * Our side of the benchmark, run by main.ts: node ours.js PROBLEM METHOD PRECISION. It answers what peer.py answers.
 * METHOD is full or did (with the default projection), PRECISION fp32 or bf16; D90_ENGINE=eager turns recording off.
 */
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { initialiseHead, loadModel } from "../../lib/models/load.js";
import type { NamedTensors } from "../../lib/support/tensors.js";
import { evaluate } from "../../lib/training/evaluate.js";
import { oneUpdate } from "../../lib/training/update.js";
import { answerRequests, peakBytes, readProblem, timed } from "./answering.js";
import { makeWork } from "./run.js";

type Method = "full" | "did";

async function main(path: string | undefined, method: Method, precision: string | undefined): Promise<void> {
  const problem = readProblem(path);
  const engine = await startEngine({ threads: problem.threads, bf16: precision === "bf16", backend: "tensorflow" });
  const { folder, classes, seed, d, set, batchSize, length, rates } = problem;
  const [model, loadMs] = await timed(() => loadModel({ model: folder, labels: classes, headSeed: seed }));
  const theta0: NamedTensors = { ...model.parameters, ...initialiseHead(model, seed) };
  const { run, state, steps } = makeWork({
    model, theta0, method, d, seed, set, batchSize, length, classes, rate: method === "full" ? rates.full : rates.subspace,
  });
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
