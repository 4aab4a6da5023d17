import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { budgetRows } from "../../lib/charts/budgets.js";
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

test("the recorded comparison of methods is of one setup and on all of MRPC, with full fine-tuning, and described with its command", () => {
  const trials = records.flatMap((record) => (record.record === "trial" ? [record] : []));
  const compared = trials.filter(({ configuration: { preset, seeds, task } }) => preset === "quick" && seeds.run === 0 && task.name === "mrpc");
  const rows = budgetRows(compared), methods = rows.map(({ method }) => method);
  for (const method of ["full", "lora"] as const) assert.ok(methods.includes(method), `${method} is missing among ${methods.join()}`);
  assert.deepEqual([...new Set(compared.map(({ configuration: { task } }) => `${task.name} ${task.trainRows} ${task.devRows}`))], ["mrpc 3668 408"]);
  const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");
  assert.match(readme, /npx d90 compare --preset quick --seeds 0 --methods full,/);
  for (const { id, configuration: { learned } } of compared) {
    assert.ok(readme.includes(id), id);
    if (learned !== undefined) assert.ok(records.some((record) => record.id === learned.run), `the fine-tuning ${learned.run} of ${id}`);
  }
});

for (const search of searches) {
  test(`${search.id} can be drawn, has its figure, and is described with its command, time and backend`, () => {
    assert.match(JSON.stringify(accuracyByDimension([search])), /"layer"/);
    assert.ok(existsSync(join(folder, search.id, "report.png")));
    const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");
    const [section] = readme.split(/^## /m).filter((text) => text.includes(search.id));
    assert.match(section ?? "", new RegExp(`npx d90 find --preset ${search.configuration.preset} `));
  });
}
