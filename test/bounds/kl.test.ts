import assert from "node:assert/strict";
import test from "node:test";
import { binaryKl, klInverse } from "../../lib/bounds/kl.js";

test("the relative entropy of equal coins is 0, and infinite where one excludes what the other allows", () => {
  for (const q of [0, 0.3, 1]) assert.equal(binaryKl(q, q), 0);
  assert.equal(binaryKl(0.1, 0), Infinity);
  assert.equal(binaryKl(0.9, 1), Infinity);
  assert.ok(Math.abs(binaryKl(0, 0.25) + Math.log(0.75)) < 1e-15);
});

test("the inverse undoes it: kl(q || inverse) is the nats again", () => {
  for (const q of [0, 0.01, 0.2, 0.5, 0.8]) {
    for (const nats of [1e-6, 1e-3, 0.1, 1]) {
      const p = klInverse(q, nats);
      assert.ok(Math.abs(binaryKl(q, p) - nats) < 1e-9, `${q}, ${nats}`);
    }
  }
});

test("it is sharper than Hoeffding and never below what was measured", () => {
  for (const q of [0, 0.05, 0.15, 0.5]) {
    for (const nats of [1e-4, 0.01, 0.1]) {
      const p = klInverse(q, nats);
      assert.ok(p > q && p <= q + Math.sqrt(nats / 2) + 1e-12);
    }
  }
});
