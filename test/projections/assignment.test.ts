import assert from "node:assert/strict";
import { test } from "node:test";
import { dealInRuns } from "../../lib/projections/assignment.js";

test("each run of n rows is dealt every integer once; the last run a part", () => {
  const runs: number[][] = [];
  dealInRuns({ n: 5, rows: 23, seed: 1 }, (dealt, first, count) => {
    assert.equal(first, runs.length * 5);
    runs.push([...dealt.subarray(0, count)]);
  });
  assert.deepEqual(runs.map((run) => run.length), [5, 5, 5, 5, 3]);
  for (const run of runs) assert.equal(new Set(run).size, run.length);
  assert.ok(new Set(runs.map((run) => run.join())).size > 2);
});
