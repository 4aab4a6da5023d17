/** DID and SAID through a step are what they are around one, of tables' rows alone too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine } from "../../lib/engine/index.js";
import { projectionNames } from "../../lib/projections/index.js";
import { makeReparameterisation, type HeadPolicy, type Reparameterisation } from "../../lib/reparameterisations/index.js";
import type { InStep } from "../../lib/reparameterisations/types.js";
import { gaussians } from "../../lib/support/random.js";
import { disposeAll, shapesOf, sizeOf, type NamedShapes, type NamedTensors } from "../../lib/support/tensors.js";

await startEngine();

const TABLE = "embeddings.words";
/** The table's offset and width share the factor 4 only; D is several periods of y. */
const shapes: NamedShapes = { "embeddings.norm": [4], [TABLE]: [90, 12], "layer.0.weight": [40, 30], "layer.0.bias": [7],
  "head.weight": [2, 4], "head.bias": [2] };
const headNames = ["head.weight", "head.bias"];
const groupOf = (name: string): string => name.replace(/\.\w+$/, "");
const named = (from: NamedShapes, seed: number): NamedTensors => Object.fromEntries(Object.entries(from)
  .map(([name, shape], i) => [name, tf.tensor(gaussians(sizeOf(shape), seed + i), [...shape])]));
const theta0 = named(shapes, 10);
/** Rows come again. */
const ids = tf.tensor1d([3, 89, 3, 0, 41], "int32");

const make = (method: "did" | "said", headPolicy: HeadPolicy, { d = 8, seed = 3 } = {}): Reparameterisation & { inStep: InStep } => {
  const made = makeReparameterisation({ method, headPolicy, parameters: theta0, d, seed, headNames, groupOf });
  assert.ok(made.inStep);
  return { ...made, inStep: made.inStep };
};

function assertClose(actual: NamedTensors, expected: NamedTensors): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, tensor] of Object.entries(expected)) {
    assert.deepEqual(actual[name]!.shape, tensor.shape, name);
    const far = tf.max(tf.abs(tf.sub(actual[name]!, tensor))).dataSync()[0]!;
    assert.ok(far < 1e-5 * (1 + tf.max(tf.abs(tensor)).dataSync()[0]!), `${name}: ${far}`);
  }
}

/** Somewhere away from the start. */
const elsewhere = (start: NamedTensors): NamedTensors => {
  const moves = named(shapesOf(start), 90);
  return Object.fromEntries(Object.entries(start).map(([name, value]) => [name, tf.add(value, moves[name]!)]));
};

/** Gradients of theta by which the table's other rows than `ids` have none: dense, and as the rows' own. */
function gradients(): { dense: NamedTensors; rows: NamedTensors } {
  const { [TABLE]: _table, ...beside } = shapes;
  const others = named(beside, 50), ofRows = tf.tensor(gaussians(5 * 12, 70), [5, 12]);
  return { dense: { ...others, [TABLE]: tf.unsortedSegmentSum(ofRows, ids, 90) }, rows: { ...others, [TABLE]: ofRows } };
}

for (const method of ["did", "said"] as const) {
  for (const headPolicy of ["projected", "free", "frozen"] as const) {
    test(`${method}, head ${headPolicy}: through a step theta and the gradients are the same, with a table's rows too`, () => tf.tidy(() => {
      const subject = make(method, headPolicy), { inStep } = subject, trainable = elsewhere(subject.init());
      const inputs = { ...inStep.constants, ...inStep.before(trainable) };
      const theta = subject.parameters(trainable), { dense, rows } = gradients();
      assertClose(inStep.parameters(inputs), theta);
      assertClose(inStep.parameters(inputs, { name: TABLE, ids }), { ...theta, [TABLE]: tf.gather(theta[TABLE]!, ids) });
      const expected = subject.gradients(trainable, dense);
      assertClose(inStep.after(trainable, inStep.fold(inputs, dense)), expected);
      assertClose(inStep.after(trainable, inStep.fold(inputs, rows, { name: TABLE, ids })), expected);
      subject.dispose();
    }));
  }

  test(`${method}: a step compiled through one d and seed serves another`, async () => {
    const first = make(method, "projected"), second = make(method, "projected", { d: 11, seed: 4 });
    assert.equal(first.inStep.key, second.inStep.key);
    const step = compileStep((inputs) => first.inStep.parameters(inputs));
    for (const { inStep, init, parameters } of [first, second]) {
      const trainable = elsewhere(init()), before = tf.tidy(() => inStep.before(trainable));
      assertClose(await step.run({ ...inStep.constants, ...before }), parameters(trainable));
    }
    step.dispose();
    for (const subject of [first, second]) subject.dispose();
  });
}

test("what differs inside has another key", () => {
  const keys = [make("did", "projected"), make("said", "projected"), make("did", "free"), make("did", "frozen")].map(({ inStep }) => inStep.key);
  assert.equal(new Set(keys).size, keys.length);
});

test("projections that cannot be divided go around the step", () => {
  const divided = projectionNames.filter((projection) => {
    const subject = makeReparameterisation({ method: "did", parameters: theta0, d: 8, seed: 3, projection });
    subject.dispose();
    return subject.inStep !== undefined;
  });
  assert.deepEqual(divided, ["srht-blocked"]);
});

test("nothing stays behind", () => {
  const before = tf.memory().numTensors;
  const subject = make("said", "free"), { inStep } = subject, trainable = subject.init();
  const given = tf.tidy(() => inStep.before(trainable)), { dense, rows } = gradients();
  const folded = tf.tidy(() => inStep.fold({ ...inStep.constants, ...given }, dense));
  for (const made of [given, folded, trainable, dense, rows]) disposeAll(made);
  subject.dispose();
  assert.ok(tf.memory().numTensors <= before, `${tf.memory().numTensors - before} tensors more`);
});
