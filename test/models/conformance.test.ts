/** Every architecture against Transformers: names, logits, gradients, padding, dropout, compiled steps, tensors, errors. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compileStep, startEngine } from "../../lib/engine/index.js";
import { architectures } from "../../lib/models/registry.js";
import { disposeAll, type NamedTensors } from "../../lib/support/tensors.js";
import { caseNames, gradientsOf, logitsOf, readCase, releaseCase, type Case } from "./architectures.js";
import { assertGradients, floats, largestDifference } from "./golden.js";

const cases: Case[] = [];

before(async () => {
  await startEngine();
  for (const name of caseNames) cases.push(await readCase(name));
});
after(() => cases.forEach(releaseCase));

/** A test of each case; tensors that it leaves are an error. */
function each(title: string, check: (the: Case) => void | Promise<void>): void {
  for (const [index, name] of caseNames.entries()) {
    test(`${name}: ${title}`, async () => {
      const { numTensors } = tf.memory();
      await check(cases[index]!);
      assert.equal(tf.memory().numTensors, numTensors, "tensors were left");
    });
  }
}

/** `compute` with what it leaves taken away. */
const values = (compute: () => tf.Tensor): Float32Array => tf.tidy(() => compute().dataSync() as Float32Array);

test("every architecture has a case", () => {
  assert.deepEqual(new Set(cases.map(({ architecture }) => architecture.modelType)), new Set(architectures.map(({ modelType }) => modelType)));
});

each("names, order and shapes of the parameters are those of Transformers, the head last", ({ shapes, names }) => {
  assert.deepEqual(Object.entries(shapes), Object.entries(names));
});

each("logits and gradients are those of Transformers", (the) => {
  const { logits, gradients } = gradientsOf(the);
  try {
    assert.ok(largestDifference(logits.dataSync(), floats(the.golden, "logits")) < 1e-5);
    assertGradients(the.golden, gradients, 1e-4);
  } finally {
    disposeAll({ logits, ...gradients });
  }
});

each("padded left, a decoder's logits are those of Transformers", (the) => {
  if (the.golden["left/logits"] === undefined) return;
  assert.ok(largestDifference(values(() => logitsOf(the, { batch: the.left })), floats(the.golden, "left/logits")) < 1e-5);
});

each("padding has no say: not its length, nor its ids and types", (the) => {
  const longer = values(() => {
    const isToken = tf.cast(the.batch.attentionMask, "bool");
    const refilled = (x: tf.Tensor2D, fill: number): tf.Tensor2D =>
      tf.pad(tf.where(isToken, x, tf.fill(x.shape, fill, "int32")) as tf.Tensor2D, [[0, 0], [0, 2]], fill);
    const { inputIds, attentionMask, tokenTypeIds } = the.batch;
    return logitsOf(the, { batch: { inputIds: refilled(inputIds, 13), attentionMask: refilled(attentionMask, 0), tokenTypeIds: refilled(tokenTypeIds, 0) } });
  });
  assert.ok(largestDifference(longer, floats(the.golden, "logits")) < 1e-5);
});

each("a row that is all padding gives finite logits", (the) => {
  assert.ok(values(() => logitsOf(the, { batch: { ...the.batch, attentionMask: tf.zerosLike(the.batch.attentionMask) } })).every(Number.isFinite));
});

each("the word embeddings may be the rows of one batch alone", (the) => {
  const ids = [...the.batch.inputIds.dataSync()], rows = [...new Set(ids)];
  const name = the.architecture.wordTable;
  const compact = values(() => logitsOf(the, {
    parameters: { ...the.parameters, [name]: tf.gather(the.parameters[name]!, tf.tensor1d(rows, "int32")) },
    batch: { ...the.batch, inputIds: tf.tensor2d(ids.map((id) => rows.indexOf(id)), the.batch.inputIds.shape, "int32") },
  }));
  assert.ok(largestDifference(compact, floats(the.golden, "logits")) < 1e-5);
});

each("dropout follows its seed, changes with it, and is none at rate 0", (the) => {
  const at = (low: number, rate = 0.3): Float32Array => values(() => logitsOf(the, { dropout: { seed: tf.tensor1d([low, 5], "int32"), rate } }));
  assert.deepEqual(at(1), at(1));
  assert.ok(largestDifference(at(1), at(2)) > 1e-3);
  assert.ok(largestDifference(at(1, 0), floats(the.golden, "logits")) < 1e-5);
});

each("a compiled step gives the same logits and gradients", async (the) => {
  const { error } = console;
  const lines: unknown[] = [];
  console.error = (line: unknown) => lines.push(line); // what the engine says when it cannot record
  const step = compileStep(({ inputIds, attentionMask, tokenTypeIds, ...parameters }) => {
    const batch = { inputIds: inputIds as tf.Tensor2D, attentionMask: attentionMask as tf.Tensor2D, tokenTypeIds: tokenTypeIds as tf.Tensor2D };
    const { logits, gradients } = gradientsOf({ ...the, parameters, batch });
    return { logits, ...gradients };
  });
  let results: NamedTensors = {};
  try {
    results = await step.run({ ...the.parameters, ...the.batch });
    const { logits, ...gradients } = results;
    assert.ok(largestDifference(logits!.dataSync(), floats(the.golden, "logits")) < 1e-5);
    assertGradients(the.golden, gradients, 1e-4);
    assert.deepEqual(lines, []);
  } finally {
    console.error = error;
    disposeAll(results);
    step.dispose();
  }
});

each("an absent parameter and a batch that does not fit are errors that leave nothing", (the) => {
  const { maxPositions } = the.config;
  const names = Object.keys(the.shapes), stride = Math.ceil(names.length / 8);
  for (const name of names.filter((_, i) => i % stride === 0 || i === names.length - 1)) {
    const { [name]: _left, ...fewer } = the.parameters;
    assert.throws(() => logitsOf(the, { parameters: fewer }), (error) => error instanceof RangeError && error.message.includes(`parameters must have "${name}"`));
  }
  const narrow = tf.zeros([3, 11], "int32") as tf.Tensor2D, long = tf.zeros([3, maxPositions + 1], "int32") as tf.Tensor2D;
  assert.throws(() => logitsOf(the, { batch: { ...the.batch, attentionMask: narrow } }), /attentionMask must have the shape of inputIds, \[3,12\], got \[3,11\]/);
  assert.throws(() => logitsOf(the, { batch: { inputIds: long, attentionMask: long, tokenTypeIds: long } }), new RegExp(`at most ${maxPositions} columns`));
  disposeAll({ narrow, long });
});

each("SAID's groups are the embeddings, each layer and the head", ({ architecture, shapes, config }) => {
  const groups = [...new Set(Object.keys(shapes).map(architecture.layerOf))];
  const layers = groups.filter((group) => group.startsWith("layer."));
  assert.deepEqual(new Set(groups), new Set(["embeddings", ...layers, "head"]));
  assert.equal(layers.length, config.sharing === undefined ? config.layers : config.sharing.groups * config.sharing.inner);
  for (const name of architecture.headNames(config)) assert.equal(architecture.layerOf(name), "head");
});

each("the head is among what a checkpoint may lack, and every parameter knows its own name", ({ architecture, shapes, config }) => {
  const optional = architecture.optionalNames(config);
  assert.deepEqual(architecture.headNames(config).filter((name) => !optional.includes(name) || shapes[name] === undefined), []);
  for (const name of Object.keys(shapes)) assert.equal(architecture.canonicalName(name), name);
});
