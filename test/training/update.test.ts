import assert from "node:assert/strict";
import { test } from "node:test";
import { disposeAll, group, grouped, type NamedTensors } from "../../lib/support/tensors.js";
import { batchTensors, planEpoch } from "../../lib/training/batches.js";
import { makeOptimizer, type OptimizerOptions } from "../../lib/training/optimizers.js";
import { scheduleFactor } from "../../lib/training/schedule.js";
import type { Session } from "../../lib/training/session.js";
import { updateStep } from "../../lib/training/steps.js";
import { train } from "../../lib/training/train.js";
import { reparameterisationOf, startOf } from "../../lib/training/trial.js";
import { configurationIn, withWorld } from "./world.js";

const batchSize = 8, learningRate = 0.05, warmupShare = 0.06, seeds = { batch: 1, dropout: 1 };

const numbersOf = (trainable: Readonly<NamedTensors>): Record<string, number[]> =>
  Object.fromEntries(Object.entries(trainable).map(([name, tensor]) => [name, [...tensor.dataSync()]]));

/** What is trained after each update of the training loop, and after the same updates put together from theta's gradients at theta0 + P z. */
async function bothWays(session: Session, method: "did" | "said", options: OptimizerOptions) {
  const { model, steps, train: set } = session;
  const { parameters, head } = startOf(session, 3);
  const reparameterisation = reparameterisationOf(session, configurationIn(session, { method }), parameters);
  const byLoop: Record<string, number[]>[] = [], byHand: Record<string, number[]>[] = [];
  const result = await train({ ...session, reparameterisation, classes: 2, learningRate, epochs: 1, batchSize, warmupShare, optimizer: options, seeds,
    onUpdate: async ({ trainable }) => void byLoop.push(numbersOf(trainable)) });
  const optimizer = makeOptimizer(options), update = updateStep(optimizer, { compile: false });
  let trainable = reparameterisation.init(), state = optimizer.init(trainable);
  for (const [step, plan] of planEpoch(set, { batchSize, seed: seeds.batch, epoch: 0 }).entries()) {
    const theta = reparameterisation.parameters(trainable), batch: NamedTensors = batchTensors(set, plan, { batchSize, classes: 2, padId: model.tokenizer.padId });
    const outputs = await steps.gradients({ dropout: false }).run({ ...grouped("theta", theta), ...grouped("batch", batch) });
    const gradients = reparameterisation.gradients(trainable, group("gradient", outputs));
    const scalars = optimizer.scalars(step, learningRate * scheduleFactor(step, { steps: result.steps, warmupShare }));
    const next = await update.run({ ...grouped("trainable", trainable), ...grouped("gradient", gradients), ...grouped("state", state), ...grouped("scalars", scalars) });
    for (const old of [theta, batch, outputs, gradients, scalars, trainable, state]) disposeAll(old);
    [trainable, state] = [group("trainable", next), group("state", next)];
    byHand.push(numbersOf(trainable));
  }
  for (const owned of [trainable, state, head, result.trainable]) disposeAll(owned);
  reparameterisation.dispose();
  return { byLoop, byHand };
}

test("an update in a subspace is the optimiser's by P^T g alone, clipped by its norm", () => withWorld(async (session) => {
  for (const method of ["did", "said"] as const) {
    for (const options of [{ name: "sgd", clipNorm: 0.01 }, { name: "adamw", clipNorm: 1e-7 }] as const) {
      const { byLoop, byHand } = await bothWays(session, method, options);
      assert.equal(byLoop.length, byHand.length);
      for (const [update, expected] of byHand.entries()) {
        for (const [name, values] of Object.entries(expected)) {
          const largest = Math.max(...values.map(Math.abs)), found = byLoop[update]![name]!;
          values.forEach((value, i) => assert.ok(Math.abs(found[i]! - value) <= 1e-4 * largest + 1e-9,
            `${method}, ${options.name}, update ${update + 1}, ${name}[${i}]: ${found[i]}, expected ${value}`));
        }
      }
    }
  }
}));
