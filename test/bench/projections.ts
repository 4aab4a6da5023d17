/**
 * What each projection costs at the model's size, run by main.ts: node projections.js PROBLEM; a request is a projection's
 * name, the answer the medians of its times in milliseconds, on typed arrays and as a step meets it, on tensors.
 */
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine, type CompiledStep } from "../../lib/engine/index.js";
import { readConfig } from "../../lib/models/registry.js";
import { makeProjection, requireProjectionName, tensorProjection, type ProjectionName } from "../../lib/projections/index.js";
import { disposeAll, totalSize, type NamedShapes, type NamedTensors } from "../../lib/support/tensors.js";
import { answerRequests, readProblem, timed } from "./answering.js";
import { median } from "./rounds.js";

/** Dense costs O(D d), minutes at full size: it is measured at D over this, and its answer says at which D. */
const DENSE_SHARE = 1000;
/** Runs that count, at least, and the milliseconds that they take together, at least: what takes little is measured often. */
const RUNS = 3, TOGETHER = 300;

/** Median milliseconds of `action`, after one run that does not count; `dispose` is not timed. */
async function typical<T>(action: () => T | Promise<T>, dispose: (result: T) => void = () => undefined): Promise<number> {
  dispose(await action());
  const times: number[] = [];
  for (let together = 0; times.length < RUNS || together < TOGETHER;) {
    const [result, ms] = await timed(action);
    dispose(result);
    times.push(ms);
    together += ms;
  }
  return median(times);
}

async function onHost(name: ProjectionName, D: number, d: number, seed: number) {
  const [P, make] = await timed(() => makeProjection({ name, ambientDimension: D, intrinsicDimension: d, seed }));
  const z = Float32Array.from({ length: d }, (_, i) => Math.sin(i)), theta = new Float32Array(D);
  return { make, apply: await typical(() => P.apply(z, theta)), adjoint: await typical(() => P.adjoint(theta, z)) };
}

/** As a step has it: recorded, where it can be. */
async function onTensors(name: ProjectionName, shapes: NamedShapes, d: number, seed: number) {
  const P = tensorProjection({ name, shapes, intrinsicDimension: d, seed });
  const step = (fn: (inputs: NamedTensors) => NamedTensors): CompiledStep =>
    P.inGraph ? compileStep(fn) : { run: async (inputs) => fn(inputs), dispose: () => undefined };
  const apply = step(({ z }) => P.applyTensors(z as tf.Tensor1D)), adjoint = step((gradients) => ({ z: P.adjointTensors(gradients) }));
  const z = tf.ones([d]), gradients = await apply.run({ z });
  try {
    return { applyTensors: await typical(() => apply.run({ z }), disposeAll), adjointTensors: await typical(() => adjoint.run(gradients), disposeAll) };
  } finally {
    disposeAll({ z, ...gradients });
    for (const each of [apply, adjoint, P]) each.dispose();
  }
}

const problem = readProblem(process.argv[2]);
const engine = await startEngine({ threads: problem.threads, backend: "tensorflow" });
const { folder, classes, d, seed } = problem;
const { architecture, config } = await readConfig(folder);
const shapes = architecture.shapes(config, classes);

await answerRequests({ versions: { tensorflow: engine.tensorflow ?? "none" }, loadMs: 0 }, async (request) => {
  const name = requireProjectionName("bench", request);
  const dense = name === "dense";
  const D = dense ? Math.max(d, Math.floor(totalSize(shapes) / DENSE_SHARE)) : totalSize(shapes);
  const host = await onHost(name, D, d, seed);
  const tensors = dense ? { applyTensors: null, adjointTensors: null } : await onTensors(name, shapes, d, seed);
  return { name, D, ms: { ...host, ...tensors } };
});
