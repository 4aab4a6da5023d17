import assert from "node:assert/strict";
import { test } from "node:test";
import { taskNamed, tasks } from "../../lib/tasks/index.js";

test("a mistyped task gets the list and a suggestion", () => {
  assert.throws(() => taskNamed("mprc"), /loadTask: task must be one of mrpc, qqp, .*paraphrases, or a file of your own \(\.csv, .*\) or its folder, got "mprc"\. Did you mean "mrpc"\?/);
});

test("every task has a name of its own, labels for its values and a place for its rows", () => {
  assert.equal(new Set(tasks.map((task) => task.name)).size, tasks.length);
  for (const task of tasks) {
    assert.equal(task.labels.length, task.format.labelValues.length);
    assert.equal(task.labels.length === 0, task.metric === "pearson" || task.metric === "spearman");
    assert.ok(task.hub !== undefined || task.embedded !== undefined, task.name);
  }
});

test("case and hyphens of a name do not count", () => {
  assert.equal(taskNamed("SST-2").name, "sst2");
  assert.equal(taskNamed("ANLI R1").name, "anli-r1");
});
