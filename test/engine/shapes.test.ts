import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { requiredOperations, startEngine, seededUniform, type Operations } from "../../lib/engine/index.js";
import { operating, TYPES } from "../../lib/engine/operations.js";
import { KNOWN_OPS, outputsOf } from "../../lib/engine/shapes.js";
import { hasOperations, tensorflowBackend } from "../../lib/engine/start.js";

before(async () => { await startEngine(); });

const x = (): tf.Tensor => tf.tensor2d([[0.5, 0.25, 0.75], [0.125, 0.5, 0.25]]);
const row = (): tf.Tensor => tf.tensor1d([0.5, 1, 2]);
const cube = (): tf.Tensor => tf.reshape(tf.range(0, 24, 1, "float32"), [2, 3, 4]);
const flags = (): tf.Tensor => tf.greater(x(), 0.3);

const unary = [
  tf.abs, tf.acos, tf.acosh, tf.asin, tf.asinh, tf.atan, tf.atanh, tf.ceil, tf.cos, tf.cosh, tf.cumprod, tf.cumsum, tf.elu, tf.erf, tf.exp, tf.expm1, tf.floor,
  tf.leakyRelu, tf.log, tf.log1p, tf.neg, tf.onesLike, tf.reciprocal, tf.relu, tf.relu6, tf.reverse, tf.round, tf.rsqrt, tf.selu, tf.sigmoid, tf.sign, tf.sin,
  tf.sinh, tf.softmax, tf.softplus, tf.sqrt, tf.square, tf.tan, tf.tanh, tf.zerosLike, tf.isFinite, tf.isInf, tf.isNaN,
];
const binary = [
  tf.add, tf.atan2, tf.floorDiv, tf.mod, tf.maximum, tf.minimum, tf.mul, tf.pow, tf.div, tf.squaredDifference, tf.sub,
  tf.equal, tf.greater, tf.greaterEqual, tf.less, tf.lessEqual, tf.notEqual,
];
const reductions = [tf.max, tf.mean, tf.min, tf.prod, tf.sum];

const cases: (() => unknown)[] = [
  ...unary.map((op) => () => op(x())),
  ...binary.flatMap((op) => [() => op(x(), row()), () => op(row(), x()), () => op(x(), tf.scalar(2)), () => op(cube(), tf.ones([3, 1]))]),
  ...reductions.flatMap((op) => [() => op(cube()), () => op(cube(), 1), () => op(cube(), [-1, 0], true), () => op(row(), 0)]),
  () => tf.all(flags(), 0), () => tf.any(flags()), () => tf.logicalAnd(flags(), tf.slice(flags(), 0, 1)), () => tf.logicalOr(flags(), flags()),
  () => tf.logicalNot(flags()), () => tf.addN([x(), x(), x()]), () => tf.grad((t) => tf.elu(t))(x()), () => tf.grad((t) => tf.prod(t))(row()),
  () => tf.matMul(x(), x(), true), () => tf.matMul(x(), x(), false, true), () => tf.matMul(cube(), tf.ones([1, 4, 2])), () => tf.matMul(cube(), cube(), true),
  () => tf.cast(x(), "int32"), () => tf.cast(x(), "bool"), () => tf.concat([cube(), cube()], -1), () => tf.concat([x(), x(), x()]),
  () => tf.expandDims(x(), 0), () => tf.expandDims(x(), -1), () => tf.expandDims(x(), 1), () => tf.fill([2, 2], 3), () => tf.fill([], 3),
  () => tf.gather(x(), tf.tensor1d([1, 0, 1], "int32")), () => tf.gather(cube(), tf.tensor2d([[1, 0], [2, 2]], [2, 2], "int32"), 1), () => tf.gather(x(), tf.scalar(1, "int32"), -1),
  () => tf.gather(cube(), tf.tensor2d([[1, 0], [2, 2]], [2, 2], "int32"), 1, 1), () => tf.oneHot(tf.tensor2d([[1], [0]], [2, 1], "int32"), 4), () => tf.stack([x(), x()], 1),
  () => tf.pad(x(), [[1, 0], [0, 2]]), () => tf.range(0, 5, 2), () => tf.range(3, 0), () => tf.reshape(cube(), [-1, 2]), () => tf.reshape(tf.scalar(1), [1, 1]),
  () => tf.where(flags(), x(), tf.zerosLike(x())), () => tf.slice(cube(), [0, 1, 1], [-1, 2, 1]), () => tf.split(cube(), [1, 2], 1), () => tf.split(cube(), 2, -1),
  () => tf.tile(x(), [2, 1]), () => tf.transpose(cube(), [2, 0, 1]), () => tf.unstack(cube(), 1), () => tf.unstack(row()),
  () => tf.unsortedSegmentSum(x(), tf.tensor1d([1, 0], "int32"), 3), () => seededUniform([2, 3], tf.tensor1d([1, 2], "int32")), () => tf.logSoftmax(x()),
];

const scores = (): tf.Tensor => tf.zeros([2, 4, 3, 5]);
const sizes = { batchSize: 2, heads: 4, groups: 2, scale: 1 };
const ofHeads = (): [tf.Tensor, tf.Tensor, tf.Tensor] => [tf.ones([6, 8]), tf.ones([10, 4]), tf.ones([10, 4])];
const own: ((run: Operations) => unknown)[] = [
  (run) => run.gelu(cube()), (run) => run.geluGradient(cube(), cube()), (run) => run.geluTanh(cube()), (run) => run.geluTanhGradient(cube(), cube()),
  (run) => run.addBias(x(), row()), (run) => run.columnSum(cube()), (run) => run.squareSum(cube()),
  (run) => run.layerNorm(x(), row(), row(), 1e-5), (run) => run.layerNormGradient(x(), x(), tf.ones([2, 2]), row()),
  (run) => run.adamW([x(), x(), x(), x()], tf.ones([4]), { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, coupled: 0 }),
  (run) => run.rmsNorm(x(), row(), 1e-5), (run) => run.rmsNormGradient(x(), x(), tf.ones([2, 1]), row()), (run) => run.gatedSilu(cube(), cube()),
  (run) => run.gatedSiluGradient(cube(), cube(), cube()), (run) => run.rotate(tf.ones([6, 8]), tf.ones([3, 4]), tf.ones([3, 4])),
  (run) => run.spread(x(), flags(), row(), tf.scalar(1), 0),
  (run) => run.attention(ofHeads(), tf.zeros([2, 1, 1, 5]), null, sizes), (run) => tf.grad((of) => tf.mul(of, tf.sum(run.attention(ofHeads(), scores(), scores(), sizes).context)))(tf.scalar(1)),
  ...[false, true].map((learned) => (run: Operations) => run.attentionGradient(tf.ones([6, 8]), ofHeads(), scores(), null, { ...sizes, learned })),
];

/** A list of inputs cannot be run op by op: operations.test.ts runs those. */
test("the rules give the shape and type of everything that the ops really return, and each rule is tried", () => {
  const backend = tensorflowBackend();
  assert.ok(backend);
  const tried = new Set(["AddV2", "Identity"]);
  const { executeMultipleOutputs, executeSingleOutput } = backend;
  backend.executeMultipleOutputs = (op, attributes, from, count) => {
    const outputs = executeMultipleOutputs.call(backend, op, attributes, from, count);
    const expected = outputs.map(({ shape, dtype }) => ({ shape, dtype }));
    const predicted = outputsOf(op, attributes, from, (tensor) => Array.from(backend.readSync(tensor.dataId), Number));
    assert.deepEqual(predicted, expected, `${op} of ${from.map(({ shape }) => `[${shape.join()}]`).join(" ")}`);
    tried.add(op);
    return outputs;
  };
  backend.executeSingleOutput = (op, attributes, from) => {
    const [output] = backend.executeMultipleOutputs(op, attributes, from, 1);
    assert.ok(output);
    return output;
  };
  try {
    for (const run of cases) tf.tidy(() => { run(); });
    if (hasOperations()) for (const run of own) tf.tidy(() => operating(backend, () => { run(requiredOperations()); }));
  } finally {
    Object.assign(backend, { executeMultipleOutputs, executeSingleOutput });
  }
  assert.deepEqual(KNOWN_OPS.filter((op) => !tried.has(op) && (hasOperations() || !(op in TYPES)) && TYPES[op]?.list === undefined), []);
});
