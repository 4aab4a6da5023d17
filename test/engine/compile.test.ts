import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, seededUniform, startEngine, type StepFunction } from "../../lib/engine/index.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";

before(async () => { await startEngine(); });

const values = (tensors: NamedTensors, name: string): number[] => {
  const tensor = tensors[name];
  assert.ok(tensor, name);
  return [...tensor.dataSync()];
};

const input = (tensors: NamedTensors, name: string): tf.Tensor => {
  const tensor = tensors[name];
  assert.ok(tensor, name);
  return tensor;
};

/** What the console is told on standard error while `action` runs. */
async function linesOf(action: () => Promise<void>): Promise<string[]> {
  const { error } = console;
  const lines: string[] = [];
  console.error = (line: string) => { lines.push(line); };
  try {
    await action();
  } finally {
    console.error = error;
  }
  return lines;
}

/** Runs `fn` compiled and eagerly on the same inputs: every value agrees, nothing leaks, nothing falls back. */
async function agrees(fn: StepFunction, inputs: NamedTensors): Promise<void> {
  const tensors = tf.memory().numTensors;
  const expected = tf.tidy(() => fn(inputs));
  const step = compileStep(fn);
  const lines = await linesOf(async () => {
    for (let run = 0; run < 2; run++) {
      const results = await step.run(inputs);
      assert.deepEqual(Object.keys(results), Object.keys(expected));
      for (const name of Object.keys(expected)) {
        assert.deepEqual(input(results, name).shape, input(expected, name).shape, name);
        assert.equal(input(results, name).dtype, input(expected, name).dtype, name);
        const reference = values(expected, name);
        values(results, name).forEach((value, i) => assert.ok(Math.abs(value - Number(reference[i])) <= 1e-5 * (1 + Math.abs(value)), `${name}[${i}]`));
      }
      disposeAll(results);
    }
  });
  assert.deepEqual(lines, []);
  step.dispose();
  disposeAll(expected);
  assert.equal(tf.memory().numTensors, tensors);
}

test("a recorded step with gradients gives what the eager one gives", async () => {
  const inputs = { x: tf.randomNormal([3, 4], 0, 1, "float32", 1), w: tf.randomNormal([4, 5], 0, 1, "float32", 2), ids: tf.tensor1d([2, 0, 2], "int32") };
  await agrees((given) => {
    const loss = (x: tf.Tensor, w: tf.Tensor): tf.Tensor => {
      const rows = tf.gather(x, input(given, "ids"));
      const scores = tf.logSoftmax(tf.matMul(tf.reshape(rows, [3, 4]), tf.reshape(w, [4, 5])));
      const parts = tf.split(scores, [2, 3], 1);
      return tf.mean(tf.concat([...parts, tf.tile(tf.slice(scores, [0, 1], [3, 1]), [1, 2])], 1));
    };
    const { value, grads } = tf.valueAndGrads((...t) => loss(input({ t: t[0] ?? tf.scalar(0) }, "t"), input({ t: t[1] ?? tf.scalar(0) }, "t")))([input(given, "x"), input(given, "w")]);
    return { value, dx: input({ g: grads[0] ?? value }, "g"), dw: input({ g: grads[1] ?? value }, "g") };
  }, inputs);
  disposeAll(inputs);
});

test("booleans, integers, one-hot, expanded and unstacked tensors can be recorded", async () => {
  const inputs = { ids: tf.tensor1d([0, 2, 1], "int32"), x: tf.tensor2d([[1, 2], [3, -4], [5, 6]]) };
  await agrees((given) => {
    const x = input(given, "x");
    const positive = tf.greater(x, 0);
    return {
      positive, hot: tf.oneHot(tf.reshape(input(given, "ids"), [3]), 3), chosen: tf.where(positive, x, tf.zerosLike(x)), wide: tf.expandDims(x, 1),
      first: tf.unstack(x)[0] ?? x, sums: tf.unsortedSegmentSum(x, tf.tensor1d([0, 1, 0], "int32"), 2), not: tf.logicalNot(positive),
      transposed: tf.transpose(x), cast: tf.cast(x, "int32"), erf: tf.erf(x), big: tf.fill([100, 100], 2),
    };
  }, inputs);
  disposeAll(inputs);
});

test("an op whose shape must be computed is run once to be recorded", async () => {
  const inputs = { x: tf.tensor2d([[3, 1, 2], [5, 9, 7]]) };
  await agrees((given) => ({ top: tf.topk(input(given, "x"), 2).values, cumulative: tf.einsum("ij->i", input(given, "x")) }), inputs);
  disposeAll(inputs);
});

test("a gradient through an op that must be computed first is recorded, and leaves nothing behind", async () => {
  const inputs = { x: tf.randomUniform([60, 50], -1, 1, "float32", 1) };
  await agrees((given) => {
    const { value, grad } = tf.valueAndGrad((x) => {
      const waves = tf.sin(tf.mul(x, x));
      tf.topk(waves, 1);
      return tf.sum(tf.exp(waves)) as tf.Scalar;
    })(input(given, "x"));
    return { value, grad };
  }, inputs);
  disposeAll(inputs);
});

test("closed-over tensors may be small or large, and may be disposed by their owner", async () => {
  const small = tf.scalar(3), large = tf.ones([200, 100]), x = tf.ones([200, 100]);
  const before = tf.memory().numTensors;
  const step = compileStep(({ x: given }) => ({ sum: tf.sum(tf.add(tf.mul(input({ given: given ?? x }, "given"), small), large)) }));
  const first = await step.run({ x });
  assert.deepEqual(values(first, "sum"), [80_000]);
  large.dispose();
  small.dispose();
  const second = await step.run({ x });
  assert.deepEqual(values(second, "sum"), [80_000]);
  step.dispose();
  disposeAll({ ...first, sum2: input(second, "sum") });
  assert.equal(tf.memory().numTensors, before - 2);
  x.dispose();
});

test("a variable that the step closes over is read anew in every run", async () => {
  const variable = tf.tidy(() => tf.variable(tf.scalar(1)));
  const step = compileStep(() => ({ double: tf.mul(variable, 2) }));
  assert.deepEqual(values(await step.run({}), "double"), [2]);
  const next = tf.scalar(21);
  variable.assign(next);
  assert.deepEqual(values(await step.run({}), "double"), [42]);
  variable.dispose();
  await assert.rejects(step.run({}), /uses a variable, that is disposed/);
  step.dispose();
  next.dispose();
});

test("the same tensor as two inputs, closed over, and returned as it is, is told apart", async () => {
  const x = tf.tensor1d([1, 2]), y = tf.tensor1d([10, 20]);
  const step = compileStep((given) => ({ difference: tf.sub(input(given, "a"), input(given, "b")), closed: tf.sub(input(given, "a"), x), a: input(given, "a"), x }));
  disposeAll(await step.run({ a: x, b: x }));
  const results = await step.run({ a: y, b: x });
  assert.deepEqual(["difference", "closed", "a", "x"].map((name) => values(results, name)), [[9, 18], [9, 18], [10, 20], [1, 2]]);
  disposeAll(results);
  assert.deepEqual([...y.dataSync(), ...x.dataSync()], [10, 20, 1, 2]);
  step.dispose();
  tf.dispose([x, y]);
});

test("each set of shapes has a recording of its own, and a hundred runs leave neither tensors nor folders", async () => {
  const step = compileStep((given) => ({ sum: tf.sum(tf.square(input(given, "x"))) }));
  const before = tf.memory().numTensors;
  for (let run = 0; run < 100; run++) {
    const size = 1 + (run % 4), x = tf.ones([size]);
    const results = await step.run({ x });
    assert.deepEqual(values(results, "sum"), [size]);
    disposeAll({ ...results, x });
  }
  assert.equal(tf.memory().numTensors, before);
  step.dispose();
  assert.deepEqual(readdirSync(tmpdir()).filter((name) => name.startsWith(`d90-step-${process.pid}-`)), []);
});

test("randomness in the graph follows the seed that a run is given", async () => {
  const step = compileStep((given) => ({ noise: seededUniform([4], input(given, "seed")) }));
  const draw = async (seed: number): Promise<number[]> => {
    const given = { seed: tf.tensor1d([seed, 7], "int32") };
    const results = await step.run(given);
    const noise = values(results, "noise");
    disposeAll({ ...given, ...results });
    return noise;
  };
  const [first, second, again] = [await draw(1), await draw(2), await draw(1)];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, second);
  step.dispose();
});

for (const { what, fn, reason } of [
  { what: "host randomness", fn: () => ({ noise: tf.randomUniform([2]) }), reason: /draws random numbers on the host/ },
  { what: "a value read on the host", fn: (given: NamedTensors) => ({ y: tf.scalar(Number(tf.sum(input(given, "x")).dataSync()[0])) }), reason: /reads values that change/ },
  { what: "text", fn: () => ({ y: tf.equal(tf.tensor1d(["a", "b"]), tf.tensor1d(["a", "c"])) }), reason: /uses a string tensor/ },
]) {
  test(`${what}: the step runs op by op, and one line says why`, async () => {
    const before = tf.memory().numTensors, x = tf.tensor1d([1, 2]);
    const step = compileStep(fn, { name: "noisy step" });
    const lines = await linesOf(async () => {
      disposeAll(await step.run({ x }));
      disposeAll(await step.run({ x }));
    });
    assert.equal(lines.length, 1);
    assert.match(String(lines[0]), /^compileStep: noisy step runs op by op/);
    assert.match(String(lines[0]), reason);
    step.dispose();
    x.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

test("an error of the step comes through and leaves the engine as it was", async () => {
  const before = tf.memory().numTensors, x = tf.ones([100, 100]), y = tf.ones([100, 100]);
  const step = compileStep((given) => {
    tf.mul(input(given, "x"), y);
    throw new TypeError("the step's own");
  });
  await assert.rejects(step.run({ x }), { name: "TypeError", message: "the step's own" });
  assert.ok(Math.random() < 1);
  x.dispose();
  await assert.rejects(step.run({ x }), /step's input x must not be disposed/);
  step.dispose();
  await assert.rejects(step.run({}), /must not run after dispose/);
  y.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test("an index out of range is an error, and the next run is right", async () => {
  const x = tf.tensor1d([1, 2, 3]);
  const step = compileStep((given) => ({ y: tf.gather(x, input(given, "ids")) }));
  const run = async (ids: number[]): Promise<NamedTensors> => {
    const given = { ids: tf.tensor1d(ids, "int32") };
    return step.run(given).finally(() => disposeAll(given));
  };
  const first = await run([2, 0]);
  await assert.rejects(run([0, 3]), /indices\[1\] = 3 is not in \[0, 3\)/);
  const second = await run([1, 1]);
  assert.deepEqual([values(first, "y"), values(second, "y")], [[3, 1], [2, 2]]);
  disposeAll({ first: input(first, "y"), second: input(second, "y"), x });
  step.dispose();
});
