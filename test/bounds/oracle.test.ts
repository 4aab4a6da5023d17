import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { boundDefinitions, evaluateBound, type Situation } from "../../lib/bounds/index.js";
import { klInverse } from "../../lib/bounds/kl.js";
import { projectRoot } from "../../lib/support/root.js";

interface Golden {
  cases: { situation: Situation; bounds: Record<string, number> }[];
  klInverse: { q: number; nats: number; p: number }[];
}

const golden = JSON.parse(readFileSync(join(projectRoot, "test/oracles/bounds.json"), "utf8")) as Golden;

for (const definition of boundDefinitions) {
  test(`${definition.name} is what 60 digits give`, () => {
    for (const { situation, bounds } of golden.cases) {
      const bound = evaluateBound(definition, situation);
      const expected = bounds[definition.name]!;
      assert.ok(bound !== null && Math.abs(bound.value - expected) <= 1e-9 * Math.max(1, expected), `${bound?.value} instead of ${expected}`);
    }
  });
}

test("the inverse of the relative entropy is what 60 digits give, and not below", () => {
  for (const { q, nats, p } of golden.klInverse) {
    const found = klInverse(q, nats);
    assert.ok(found >= p - 1e-15 && found <= p + 5e-8, `klInverse(${q}, ${nats}) = ${found} instead of ${p}`);
  }
});
