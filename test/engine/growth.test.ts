import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine, type CompiledStep } from "../../lib/engine/index.js";
import type { NamedTensors } from "../../lib/support/tensors.js";

before(async () => { await startEngine(); });

/** A step of gradient descent on a product of matrices: what it returns is fed to it again. */
function descent(): { step: CompiledStep; x: tf.Tensor } {
  const A = tf.randomNormal([64, 64], 0, 0.1, "float32", 1);
  const loss = (W: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(tf.matMul(A as tf.Tensor2D, W as tf.Tensor2D), 1)));
  const step = compileStep(({ W }: NamedTensors) => {
    const { value, grad } = tf.valueAndGrad(loss)(W!);
    return { loss: value, W: tf.sub(W!, tf.mul(grad, 0.1)) };
  }, { name: "descent" });
  return { step, x: tf.zeros([64, 64]) };
}

/** `count` steps, each from where the one before ended. */
async function descend({ step, x }: { step: CompiledStep; x: tf.Tensor }, count: number): Promise<{ x: tf.Tensor; loss: number }> {
  let current = x, value = NaN;
  for (let i = 0; i < count; i++) {
    const { loss, W } = await step.run({ W: current });
    value = Number(loss!.dataSync()[0]);
    tf.dispose([current, loss!]);
    current = W!;
  }
  return { x: current, loss: value };
}

test("10,000 steps grow neither tensors nor temporary files nor memory", async () => {
  const { step, x } = descent();
  let at = await descend({ step, x }, 1000);
  const { numTensors } = tf.memory(), resident = process.memoryUsage.rss(), { loss } = at;
  at = await descend({ step, x: at.x }, 9000);
  assert.ok(at.loss < loss, `${at.loss} after 10,000 steps, ${loss} after 1,000`);
  assert.equal(tf.memory().numTensors, numTensors);
  assert.deepEqual(readdirSync(tmpdir()).filter((name) => name.startsWith(`d90-step-${process.pid}-`)), []);
  const grown = (process.memoryUsage.rss() - resident) / 2 ** 20;
  assert.ok(grown < 48, `9,000 steps kept ${grown.toFixed(0)} MB: a tensor of this step, kept each time, would be 147 MB`);
  step.dispose();
  at.x.dispose();
});

test("a signal that arrives during a step is handled after it, and the engine goes on", async () => {
  const { step, x } = descent();
  const first = await step.run({ W: x });
  let signals = 0;
  const count = (): void => { signals++; };
  process.on("SIGINT", count);
  try {
    const running = step.run({ W: first["W"]! });
    process.kill(process.pid, "SIGINT");
    const second = await running;
    while (signals === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const again = await step.run({ W: first["W"]! });
    assert.deepEqual(again["W"]!.dataSync(), second["W"]!.dataSync());
    tf.dispose([...Object.values(second), ...Object.values(again)]);
  } finally {
    process.off("SIGINT", count);
  }
  tf.dispose([x, ...Object.values(first)]);
  step.dispose();
});
