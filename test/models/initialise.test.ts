import assert from "node:assert/strict";
import { test } from "node:test";
import { initialValues } from "../../lib/models/initialise.js";

const shapes = { "classifier.weight": [2, 5000], "classifier.bias": [2], "pooler.weight": [4, 4] };

test("weights are normal with the range as deviation, biases zero", () => {
  const { "classifier.weight": weight, "classifier.bias": bias } = initialValues(shapes, { seed: 1, range: 0.02 });
  const deviation = Math.sqrt(weight!.reduce((sum, value) => sum + value * value, 0) / weight!.length);
  assert.ok(Math.abs(deviation - 0.02) < 0.0005);
  assert.ok(Math.abs(weight!.reduce((sum, value) => sum + value, 0) / weight!.length) < 0.001);
  assert.deepEqual([...bias!], [0, 0]);
});

test("the same seed gives the same numbers, whatever else is initialised; other seeds and names others", () => {
  const all = initialValues(shapes, { seed: 1, range: 0.02 });
  const one = initialValues({ "pooler.weight": [4, 4] }, { seed: 1, range: 0.02 });
  assert.deepEqual(one["pooler.weight"], all["pooler.weight"]);
  assert.notDeepEqual(initialValues(shapes, { seed: 2, range: 0.02 })["pooler.weight"], all["pooler.weight"]);
  assert.notDeepEqual(initialValues({ other: [4, 4] }, { seed: 1, range: 0.02 }).other, all["pooler.weight"]);
});
