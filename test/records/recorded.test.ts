import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { recordedRuns } from "../../lib/records/recorded.js";
import { projectRoot } from "../../lib/support/root.js";

const folder = join(projectRoot, "data", "records");
const { records, problems } = await recordedRuns().list();
const searches = records.filter((record) => record.record === "search");

test("the recorded full runs are readable, each with the trials that it rests on", () => {
  assert.deepEqual(problems, []);
  assert.ok(searches.length >= 1);
  const ids = new Set(records.map(({ id }) => id));
  for (const { trials } of searches) assert.deepEqual(trials.filter(({ id }) => !ids.has(id)), []);
});

for (const search of searches) {
  test(`${search.id} can be drawn, has its figure, and is described with its command, time and backend`, () => {
    assert.match(JSON.stringify(accuracyByDimension([search])), /"layer"/);
    assert.ok(existsSync(join(folder, search.id, "report.png")));
    const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");
    assert.ok(readme.includes(search.id) && /npx d90 find --preset full/.test(readme));
    assert.equal(search.configuration.preset, "full");
  });
}
