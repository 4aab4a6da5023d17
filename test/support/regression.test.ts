import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fitLine, studentQuantile, type Line } from "../../lib/support/regression.js";
import { projectRoot } from "../../lib/support/root.js";

const golden = JSON.parse(readFileSync(join(projectRoot, "test/oracles/regression.json"), "utf8")) as
  { cases: (Line & { x: number[]; y: number[] })[]; quantiles: Record<string, number> };

for (const { x, y, ...expected } of golden.cases) {
  test(`the line through ${x.length} points, and the interval of its slope, are SciPy's`, () => {
    const line = fitLine(x, y)!;
    const pairs = [...(["slope", "intercept", "correlation"] as const).map((name) => [line[name], expected[name]]),
      ...line.slopeInterval!.map((end, i) => [end, expected.slopeInterval![i]!])];
    for (const [got, wanted] of pairs) assert.ok(Math.abs(got! - wanted!) < 2e-4 * Math.max(1, Math.abs(wanted!)), `${got}, SciPy ${wanted}`);
  });
}

test("Student's quantiles are SciPy's to four digits", () => {
  for (const [degrees, expected] of Object.entries(golden.quantiles)) assert.ok(Math.abs(studentQuantile(Number(degrees)) - expected) < 1e-4, degrees);
});

test("two points have a line without an interval; one, or two at the same place, have none", () => {
  assert.deepEqual(fitLine([0, 2], [1, 5]), { slope: 2, intercept: 1, correlation: 1, slopeInterval: null });
  assert.deepEqual([fitLine([1], [1]), fitLine([1, 1], [1, 2])], [null, null]);
  assert.throws(() => fitLine([1, 2], [1]), /fitLine: y must have length 2, got 1/);
});
