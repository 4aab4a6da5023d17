import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, engineInfo, operations, startEngine, type Operations, type StepFunction } from "../../lib/engine/index.js";
import { operating, TYPES } from "../../lib/engine/operations.js";
import { hasOperations, tensorflowBackend } from "../../lib/engine/start.js";
import { activate } from "../../lib/models/activations.js";
import { gelu, layerNorm } from "../../lib/models/ops.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";
import { makeOptimizer } from "../../lib/training/optimizers.js";

before(async () => { await startEngine(); });
const skip = (): boolean => engineInfo().mode !== "recorded" || !hasOperations();

/** What `run` gives with the operations, op by op. */
const own = <T>(run: (operations: Operations) => T): T => operating(tensorflowBackend(), () => run(operations()!));
const normal = (shape: number[], seed: number, deviation = 1): tf.Tensor => tf.randomNormal(shape, 0, deviation, "float32", seed);
const largest = (x: tf.Tensor): number => tf.tidy(() => tf.max(tf.abs(x)).dataSync()[0]!);

/** Largest difference, relative to the largest value expected. */
function difference(actual: tf.Tensor, expected: tf.Tensor): number {
  assert.deepEqual(actual.shape, expected.shape);
  return tf.tidy(() => largest(tf.sub(actual, expected))) / (largest(expected) + 1e-30);
}

/** Runs `fn` recorded, with the operations, and op by op, without: the largest difference of any result. */
async function compared(fn: StepFunction, inputs: NamedTensors): Promise<number> {
  const before = tf.memory().numTensors, step = compileStep(fn);
  const results = await step.run(inputs), again = await step.run(inputs), expected = tf.tidy(() => fn(inputs));
  const differences = Object.entries(results).map(([name, tensor]) => difference(tensor, expected[name]!));
  for (const [name, tensor] of Object.entries(results)) assert.deepEqual(again[name]!.dataSync(), tensor.dataSync(), "a run equals its repetition bit for bit");
  [results, again, expected].forEach(disposeAll);
  step.dispose();
  assert.equal(tf.memory().numTensors, before);
  return Math.max(...differences);
}

/** Less than a vector, with and without a rest, and enough for several threads. */
const SHAPES = [[1, 1], [3, 5], [7, 16], [2, 33], [5, 384], [601, 130], [3, 70_001]];

test("GELU and its gradient are those of the formula, in double precision, for every size and far out", (t) => {
  if (skip()) return t.skip("no operations here");
  const erf = (x: number): number => { // Abramowitz & Stegun 7.1.5, summed until nothing is added
    let term = x, sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  };
  const xs = Float32Array.from({ length: 801 }, (_, i) => (i - 400) / 100);
  const share = (x: number): number => 0.5 * (1 + erf(x / Math.SQRT2)), density = (x: number): number => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  tf.tidy(() => {
    const x = tf.tensor1d(xs), values = own((run) => run.gelu(x)).dataSync(), slopes = own((run) => run.geluGradient(tf.onesLike(x), x)).dataSync();
    xs.forEach((at, i) => {
      assert.ok(Math.abs(values[i]! - at * share(at)) < 5e-7 * Math.max(1, Math.abs(at)), `GELU(${at}) = ${values[i]}`);
      assert.ok(Math.abs(slopes[i]! - (share(at) + at * density(at))) < 1e-6, `GELU'(${at}) = ${slopes[i]}`);
    });
    const far = tf.tensor1d([40, -40, 1e20, -1e20, Infinity, -Infinity, 0, NaN]);
    assert.deepEqual([...own((run) => run.gelu(far)).dataSync()], [40, 0, Math.fround(1e20), 0, Infinity, 0, 0, NaN]);
    assert.deepEqual([...own((run) => run.geluGradient(tf.onesLike(far), far)).dataSync()], [1, 0, 1, 0, 1, 0, 0.5, NaN]);
  });
  for (const shape of SHAPES) {
    tf.tidy(() => {
      const x = normal(shape, 1, 2), dy = normal(shape, 2), [gradient] = tf.grads((of) => gelu(of!))([x], dy);
      assert.ok(difference(own((run) => run.gelu(x)), gelu(x)) < 1e-6, `[${shape.join()}]`);
      assert.ok(difference(own((run) => run.geluGradient(dy, x)), gradient!) < 1e-6, `[${shape.join()}]`);
    });
  }
});

test("GELU by tanh and its gradient are those of the formula, in double precision, for every size and far out", (t) => {
  if (skip()) return t.skip("no operations here");
  const xs = Float32Array.from({ length: 801 }, (_, i) => (i - 400) / 50), root = Math.sqrt(2 / Math.PI);
  tf.tidy(() => {
    const x = tf.tensor1d(xs), values = own((run) => run.geluTanh(x)).dataSync(), slopes = own((run) => run.geluTanhGradient(tf.onesLike(x), x)).dataSync();
    xs.forEach((at, i) => {
      const tanh = Math.tanh(root * (at + 0.044715 * at ** 3)), change = root * (1 + 3 * 0.044715 * at ** 2);
      assert.ok(Math.abs(values[i]! - 0.5 * at * (1 + tanh)) < 1e-6, `GELU(${at}) = ${values[i]}`);
      assert.ok(Math.abs(slopes[i]! - 0.5 * (1 + tanh) - 0.5 * at * (1 - tanh ** 2) * change) < 1e-6, `GELU'(${at}) = ${slopes[i]}`);
    });
    const far = tf.tensor1d([40, 1e20, Infinity, 0, NaN]);
    assert.deepEqual([...own((run) => run.geluTanh(far)).dataSync()], [40, Math.fround(1e20), Infinity, 0, NaN]);
    assert.deepEqual([...own((run) => run.geluTanhGradient(tf.onesLike(far), far)).dataSync()], [1, 1, 1, 0.5, NaN]);
    assert.ok(largest(own((run) => run.geluTanhGradient(tf.ones([2]), tf.tensor1d([-40, -1e20])))) < 1e-30);
  });
  for (const shape of SHAPES) {
    tf.tidy(() => {
      const x = normal(shape, 1, 2), dy = normal(shape, 2), plain = activate["gelu_new"], [gradient] = tf.grads((of) => plain(of!))([x], dy);
      assert.ok(difference(own((run) => run.geluTanh(x)), plain(x)) < 5e-6, `[${shape.join()}]`); // 1 + tanh loses digits
      assert.ok(difference(own((run) => run.geluTanhGradient(dy, x)), gradient!) < 5e-6, `[${shape.join()}]`);
    });
  }
});

test("sums, biases and layer norms with their gradients are those of the plain formulas, for every size", (t) => {
  if (skip()) return t.skip("no operations here");
  for (const shape of SHAPES) {
    tf.tidy(() => {
      const x = tf.add(normal(shape, 1, 3), 1), dy = normal(shape, 2), [width = 1] = shape.slice(-1), where = `[${shape.join()}]`;
      const gamma = normal([width], 3), beta = normal([width], 4);
      assert.ok(difference(own((run) => run.addBias(x, beta)), tf.add(x, beta)) === 0, where);
      assert.ok(difference(own((run) => run.columnSum(x)), tf.sum(x, 0)) < 1e-5, where);
      assert.ok(difference(own((run) => run.squareSum(x)), tf.sum(tf.square(x))) < 1e-5, where);
      const [dx, dGamma, dBeta] = tf.grads((...of) => layerNorm(of[0]!, of[1]!, of[2]!, 1e-5))([x, gamma, beta], dy);
      const [ofX, ofGamma, ofBeta] = own(() => tf.grads((...of) => layerNorm(of[0]!, of[1]!, of[2]!, 1e-5))([x, gamma, beta], dy));
      assert.ok(difference(own(() => layerNorm(x, gamma, beta, 1e-5)), layerNorm(x, gamma, beta, 1e-5)) < 1e-5, where);
      if (width > 1) assert.ok(difference(ofX!, dx!) < 1e-4, where);
      assert.ok(difference(ofGamma!, dGamma!) < 1e-4 && difference(ofBeta!, dBeta!) < 1e-5, where);
    });
  }
});

test("weights moved by T y, and what gradients leave of it, are those of the formula, wherever they begin and however many periods they cover", async (t) => {
  if (skip()) return t.skip("no operations here");
  for (const [Q, shapes] of [[16, [[3], [2, 5], [40], [1]]], [1024, [[7, 11], [5000], [33, 100]]], [2 ** 16, [[300, 999], [5]]]] as const) {
    const sizes = shapes.map((shape) => shape.reduce((product: number, size) => product * size, 1)), offsets = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 3));
    const D = Math.max(...offsets) + 300_000;
    const T = tf.tidy(() => tf.less(normal([D], 1), 0)), sums = new Float64Array(Q), signs = T.dataSync();
    const gradients = shapes.map((shape, i) => normal([...shape], 10 + i));
    tf.tidy(() => {
      const y = normal([Q], 2), scale = tf.tensor1d([0.5]), numbers = y.dataSync();
      shapes.forEach((shape, place) => {
        const start = normal([...shape], 20 + place), values = start.dataSync(), offset = offsets[place]!;
        const expected = Float32Array.from(values, (value, i) => value + 0.5 * (signs[offset + i] ? -1 : 1) * numbers[(offset + i) % Q]!);
        assert.ok(difference(own((run) => run.spread(start, T, y, scale, offset)), tf.tensor(expected, [...shape])) < 1e-6);
        gradients[place]!.dataSync().forEach((value, i) => { sums[(offset + i) % Q]! += (signs[offset + i] ? -1 : 1) * value; });
      });
    });
    const fold = compileStep((inputs) => ({ fold: operations()!.fold(gradients.map((_gradient, i) => ({ gradient: inputs[i]!, offset: offsets[i]! })), T, Q) }));
    const { fold: folded } = await fold.run(Object.fromEntries(gradients.entries()));
    assert.ok(tf.tidy(() => difference(folded!, tf.tensor1d(Float32Array.from(sums)))) < 1e-5, `Q = ${Q}`);
    fold.dispose();
    [T, folded!, ...gradients].forEach((tensor) => tensor.dispose());
  }
});

test("an update of Adam or AdamW, clipped and decayed, recorded, is that of the plain formulas", async (t) => {
  if (skip()) return t.skip("no operations here");
  for (const options of [{ name: "adamw", weightDecay: 0.1 }, { name: "adam", weightDecay: 0.1, clipNorm: 0 }, { name: "adamw", clipNorm: 0.5 }] as const) {
    const optimizer = makeOptimizer(options), scalars = optimizer.scalars(3, 0.01);
    const given = { x: normal([210, 511], 1), g: normal([210, 511], 2), m: normal([210, 511], 3, 0.1), v: tf.square(normal([210, 511], 4)) };
    const ofAdam = await compared(({ x, g, m, v }) => {
      const next = optimizer.update({ x: x! }, { x: g! }, { "m.x": m!, "v.x": v! }, scalars);
      return { ...next.trainable, ...next.state };
    }, given);
    assert.ok(ofAdam < 5e-6, `${options.name}: ${ofAdam}`);
    [given, scalars].forEach(disposeAll);
  }
});

test("an update of a table of which some rows were looked up is that of its whole gradient, bit for bit but for the clipping", async (t) => {
  if (skip()) return t.skip("no operations here");
  const said = t.mock.method(console, "error", () => undefined); // that a step runs op by op
  for (const [rows, width, count] of [[50, 7, 40], [3000, 384, 900], [4, 33, 0]] as const) {
    const ids = tf.tidy(() => tf.cast(tf.floor(tf.mul(tf.randomUniform([count], 0, 1, "float32", 1), rows / 2)), "int32")) as tf.Tensor1D; // some more than once
    const given = { x: normal([rows, width], 1), g: normal([count, width], 2), m: normal([rows, width], 3, 0.1), v: tf.tidy(() => tf.square(normal([rows, width], 4))), ids };
    for (const options of [{ clipNorm: 0 }, { name: "adam", weightDecay: 0.1, clipNorm: 0.5 }, { weightDecay: 0.1 }] as const) {
      const optimizer = makeOptimizer(options), scalars = optimizer.scalars(3, 0.01);
      const update = (of: NamedTensors, gradient: tf.Tensor): NamedTensors => {
        const next = optimizer.update({ x: of["x"]! }, { x: gradient }, { "m.x": of["m"]!, "v.x": of["v"]! }, scalars);
        return { ...next.trainable, ...next.state };
      };
      const byRow: StepFunction = (of) => update(of, tf.unsortedSegmentSum(of["g"]!, of["ids"] as tf.Tensor1D, rows));
      assert.ok(await compared(byRow, given) < 5e-6, `${rows} x ${width}`);
      if (options.clipNorm === 0) {
        const whole = compileStep((of) => update(of, tf.mul(tf.unsortedSegmentSum(of["g"]!, of["ids"] as tf.Tensor1D, rows), 1)));
        const looked = compileStep(byRow), results = [await looked.run(given), await whole.run(given)] as const;
        for (const name of ["x", "m.x", "v.x"]) assert.deepEqual(results[0][name]!.dataSync(), results[1][name]!.dataSync(), name);
        results.forEach(disposeAll);
        [whole, looked].forEach((step) => step.dispose());
      }
      disposeAll(scalars);
    }
    disposeAll(given);
  }
  assert.equal(said.mock.callCount(), 0);
});

test("an update by rows that the table does not have says so", async (t) => {
  if (skip()) return t.skip("no operations here");
  const x = normal([4, 8], 1), g = normal([2, 8], 2), optimizer = makeOptimizer({ clipNorm: 0 }), scalars = optimizer.scalars(0, 0.1);
  const step = compileStep(({ ids, g: rows }) => optimizer.update({ x }, { x: tf.unsortedSegmentSum(rows!, ids as tf.Tensor1D, 4) }, { "m.x": x, "v.x": x }, scalars).trainable);
  const good = tf.tensor1d([3, 0], "int32"), bad = tf.tensor1d([4, 0], "int32"), results = await step.run({ ids: good, g });
  await assert.rejects(step.run({ ids: bad, g }), /D90AdamW: ids must be rows of the table/);
  [results, scalars].forEach(disposeAll);
  [x, g, good, bad].forEach((tensor) => tensor.dispose());
  step.dispose();
});

test("a layer norm's gradient adds up the parts of what it is given", async (t) => {
  if (skip()) return t.skip("no operations here");
  const step: StepFunction = ({ x, w, gamma, beta, target }) => {
    // The gradient that reaches the layer norm comes by three products and beside them.
    const loss = (...[of, ofGamma, ofBeta]: tf.Tensor[]): tf.Scalar => {
      const y = layerNorm(of!, ofGamma!, ofBeta!, 1e-5), factors = [0, 1, 2].map((i) => tf.matMul(y, tf.mul(w!, i + 1)));
      return tf.sum(tf.mul(tf.addN([y, ...factors].map(tf.square)), target!));
    };
    const { grads: [dx, dGamma, dBeta] } = tf.valueAndGrads(loss)([x!, gamma!, beta!]);
    return { dx: dx!, dGamma: dGamma!, dBeta: dBeta! };
  };
  const inputs = { x: normal([37, 20], 1), w: normal([20, 20], 2, 0.2), gamma: normal([20], 3), beta: normal([20], 4), target: normal([37, 20], 5) };
  assert.ok(await compared(step, inputs) < 1e-5);
  disposeAll(inputs);
});

test("of no rows there is nothing, and the sums are zeros", (t) => {
  if (skip()) return t.skip("no operations here");
  tf.tidy(() => {
    const x = tf.zeros([0, 8]), row = tf.ones([8]);
    for (let i = 0; i < 3; i++) {
      const { y, stats } = own((run) => run.layerNorm(x, row, row, 1e-5)), { dx, dGamma } = own((run) => run.layerNormGradient(x, x, stats, row));
      for (const tensor of [y, dx, own((run) => run.gelu(x)), own((run) => run.geluGradient(x, x)), own((run) => run.addBias(x, row))]) assert.deepEqual(tensor.shape, [0, 8]);
      for (const sums of [dGamma, own((run) => run.columnSum(x))]) assert.deepEqual([...sums.dataSync()], Array(8).fill(0));
      assert.equal(own((run) => run.squareSum(x)).dataSync()[0], 0);
    }
    assert.equal(own((run) => run.squareSum(tf.ones([400_000]))).dataSync()[0], 400_000);
  });
});

test("an operation whose tensors do not fit says so, and the step goes on op by op", async (t) => {
  if (skip()) return t.skip("no operations here");
  const x = normal([4, 8], 1), bias = normal([7], 2);
  assert.throws(() => own((run) => run.addBias(x, bias)), /D90AddBias: bias must be as long as a row/);
  assert.throws(() => own((run) => run.attention([x, x, x], tf.zeros([1, 1, 1, 4]), null, { batchSize: 3, heads: 2, groups: 2, scale: 1 })),
    /D90Attention: sizes must divide queries and keys/);
  const T = tf.zeros([20], "bool"), one = tf.scalar(1);
  assert.throws(() => own((run) => run.spread(x, T, bias, one, 0)), /D90Spread: T must have a sign for every weight/);
  [T, one].forEach((tensor) => tensor.dispose());
  [x, bias].forEach((tensor) => tensor.dispose());
});

test("each operation's types are among those that the recorder gives", () => {
  assert.deepEqual(Object.keys(TYPES).toSorted(), [
    "D90AdamW", "D90AddBias", "D90Attention", "D90AttentionGradient", "D90ColumnSum", "D90Fold", "D90GatedSilu", "D90GatedSiluGradient", "D90Gelu", "D90GeluGradient",
    "D90GeluTanh", "D90GeluTanhGradient", "D90LayerNorm", "D90LayerNormGradient", "D90Rotate", "D90Spread", "D90SquareSum",
  ]);
});
