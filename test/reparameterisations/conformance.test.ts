/** What holds for every method, projection and head policy. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { headPoliciesOf, METHODS } from "../../lib/records/methods.js";
import { disposeAll, shapesOf, type NamedTensors } from "../../lib/support/tensors.js";
import { CASES, elsewhere, gradientAt, headNames, lossAt, make, reparameterisationOptions, theta0, values } from "./world.js";
import { budgetFor } from "../../lib/reparameterisations/index.js";

await startEngine();

test("every method and every head policy that it allows is among the cases", () => {
  const missing = METHODS.flatMap((method) => headPoliciesOf(method).filter((headPolicy) =>
    !CASES.some((one) => one.method === method && one.headPolicy === headPolicy)));
  assert.deepEqual(missing, []);
});

/** The slope of the loss along one number of what is trained, by differences that are exact for polynomials of degree four. */
function slopeAlong(at: NamedTensors, name: string, index: number, lossOf: (trainable: NamedTensors) => number): number {
  const value = at[name]!, unit = tf.reshape(tf.oneHot(tf.tensor1d([index], "int32"), value.size), value.shape);
  const lossAtStep = (step: number): number => lossOf({ ...at, [name]: tf.add(value, tf.mul(unit, step)) });
  return (8 * (lossAtStep(1) - lossAtStep(-1)) - (lossAtStep(2) - lossAtStep(-2))) / 12;
}

for (const options of CASES) {
  const what = `${options.method}, ${options.projection}, head ${options.headPolicy}`;

  test(`${what}: it starts at theta0, in theta0's order, and is built from it anew each time`, () => tf.tidy(() => {
    const subject = make(options), start = subject.init();
    assert.deepEqual(Object.keys(subject.parameters(start)), Object.keys(theta0));
    assert.deepEqual(values(subject.parameters(start)), values(theta0));
    const away = elsewhere(start), first = values(subject.parameters(away));
    assert.notDeepEqual(first, values(theta0));
    assert.deepEqual(values(subject.parameters(away)), first);
    assert.deepEqual(values(subject.parameters(start)), values(theta0));
    subject.dispose();
  }));

  test(`${what}: it leaves the start: the gradient there is not zero`, () => tf.tidy(() => {
    const subject = make(options), start = subject.init();
    assert.ok(values(subject.gradients(start, gradientAt(theta0))).some((value) => value !== 0));
    subject.dispose();
  }));

  test(`${what}: the gradients are the slopes of the loss along what is trained`, () => tf.tidy(() => {
    const subject = make(options), at = elsewhere(subject.init());
    const gradients = subject.gradients(at, gradientAt(subject.parameters(at)));
    assert.deepEqual(Object.keys(gradients).sort(), Object.keys(at).sort());
    for (const [name, value] of Object.entries(at)) {
      assert.deepEqual(gradients[name]!.shape, value.shape);
      for (const index of new Set([0, value.size - 1])) {
        const gradient = gradients[name]!.dataSync()[index]!;
        const slope = slopeAlong(at, name, index, (trainable) => lossAt(subject.parameters(trainable)));
        assert.ok(Math.abs(slope - gradient) < 2e-3 * (1 + Math.abs(gradient)), `${name}[${index}]: slope ${slope}, gradient ${gradient}`);
      }
    }
    subject.dispose();
  }));

  test(`${what}: gradients are needed of exactly the parameters that move`, () => tf.tidy(() => {
    const subject = make(options), theta = subject.parameters(elsewhere(subject.init()));
    const moved = Object.keys(theta0).filter((name) => values({ a: theta[name]! }).some((value, i) => value !== values({ a: theta0[name]! })[i]));
    assert.deepEqual([...subject.gradientNames].sort(), moved.sort());
    const few = Object.fromEntries(Object.entries(gradientAt(theta)).filter(([name]) => subject.gradientNames.includes(name)));
    assert.doesNotThrow(() => subject.gradients(elsewhere(subject.init()), few));
    subject.dispose();
  }));

  test(`${what}: a head that is not projected moves as its policy says, and what is trained is what is counted`, () => tf.tidy(() => {
    const subject = make(options), start = subject.init(), theta = subject.parameters(elsewhere(start));
    const { counted, free, total } = subject.budget;
    assert.equal(total, values(start).length);
    assert.equal(total, counted + free);
    assert.equal(free, options.headPolicy === "free" ? 10 : 0);
    if (options.headPolicy === "frozen") for (const name of headNames) assert.deepEqual(theta[name]!.dataSync(), theta0[name]!.dataSync());
    for (const name of headNames) assert.equal(subject.gradientNames.includes(name), options.headPolicy !== "frozen");
    assert.deepEqual(Object.keys(start).filter((name) => headNames.includes(name)).length > 0,
      options.headPolicy === "free" || (options.method === "full" && options.headPolicy === "projected"));
    const { method, headPolicy, d, rank, targets } = reparameterisationOptions(options);
    assert.deepEqual(budgetFor({ method, headPolicy: headPolicy!, headNames, d, rank, targets, shapes: shapesOf(theta0) }), subject.budget);
    subject.dispose();
  }));

  test(`${what}: a seed gives the same moves again, and another one others`, () => tf.tidy(() => {
    const at = (seed: number): number[] => {
      const subject = make({ ...options, seed }), theta = values(subject.parameters(elsewhere(subject.init())));
      subject.dispose();
      return theta;
    };
    assert.deepEqual(at(3), at(3));
    if (["did", "said", "lora", "uni-lora"].includes(options.method)) assert.notDeepEqual(at(3), at(4));
  }));

  test(`${what}: no tensor is left behind, and theta0 stays`, () => {
    const before = tf.memory().numTensors, start = values(theta0);
    const subject = make(options), trained = subject.init(), theta = subject.parameters(trained);
    const gradients = subject.gradients(trained, theta);
    if (options.method !== "full") assert.throws(() => subject.gradients(trained, {}), /gradients must hold/);
    if (trained.z !== undefined) assert.throws(() => subject.parameters({ ...trained, z: theta0["head.bias"]! }), /z must have shape/);
    for (const owned of [trained, theta, gradients]) disposeAll(owned);
    subject.dispose();
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(values(theta0), start);
  });
}

for (const options of CASES.filter((one) => make(one).inGraph)) {
  const what = `${options.method}, ${options.projection}, head ${options.headPolicy}`;

  test(`${what}: the gradients are those of automatic differentiation through the map`, () => tf.tidy(() => {
    const subject = make(options), at = elsewhere(subject.init()), names = Object.keys(at);
    const loss = (...trained: tf.Tensor[]): tf.Scalar => {
      const theta = subject.parameters(Object.fromEntries(names.map((name, i) => [name, trained[i]!])));
      return tf.addN(Object.values(gradientAt(theta)).map((slope, i) => {
        const value = Object.values(theta)[i]!;
        return tf.sum(tf.mul(value, tf.sub(slope, tf.div(value, 2))));
      }));
    };
    const automatic = tf.grads(loss)(Object.values(at)), explicit = subject.gradients(at, gradientAt(subject.parameters(at)));
    names.forEach((name, i) => {
      const [a, b] = [automatic[i]!.dataSync(), explicit[name]!.dataSync()];
      a.forEach((value, j) => assert.ok(Math.abs(value - b[j]!) < 1e-4 * (1 + Math.abs(value)), `${name}[${j}]: ${value} and ${b[j]}`));
    });
    subject.dispose();
  }));
}

/** Methods whose theta is linear in what is trained: theta(a + b - start) = theta(a) + theta(b) - theta0. */
const LINEAR = ["full", "did", "learned", "ia3", "bitfit", "head"];

for (const options of CASES) {
  const linear = LINEAR.includes(options.method);
  test(`${options.method}, ${options.projection}, head ${options.headPolicy}: the map is ${linear ? "" : "not "}linear`, () => tf.tidy(() => {
    const subject = make(options), start = subject.init(), a = elsewhere(start), b = elsewhere(start, 130);
    const combine = (x: NamedTensors, y: NamedTensors, origin: NamedTensors): NamedTensors =>
      Object.fromEntries(Object.keys(x).map((name) => [name, tf.sub(tf.add(x[name]!, y[name]!), origin[name]!)]));
    const left = values(subject.parameters(combine(a, b, start)));
    const right = values(combine(subject.parameters(a), subject.parameters(b), theta0));
    const worst = Math.max(...left.map((value, i) => Math.abs(value - right[i]!)));
    assert.ok(linear ? worst < 1e-4 : worst > 1e-2, `differs by ${worst}`);
    subject.dispose();
  }));
}
