import assert from "node:assert/strict";
import { test } from "node:test";
import { labelCounts, loadTask, subset, subsetOf, type Example } from "../../lib/tasks/index.js";

const examples: Example[] = Array.from({ length: 100 }, (_, row) => ({ text: `row ${row}`, label: row % 10 < 7 ? 1 : 0 }));

test("a subset keeps the classes in proportion and the rows in their order", () => {
  for (const rows of [1, 3, 10, 33, 99, 100]) {
    const some = subset(examples, rows, 1);
    assert.equal(some.length, rows);
    assert.equal(new Set(some).size, rows);
    assert.ok(Math.abs(labelCounts(some, 2)[1]! - 0.7 * rows) < 1);
    const order = some.map((example) => examples.indexOf(example));
    assert.deepEqual(order, order.toSorted((a, b) => a - b));
  }
});

test("the seed alone decides which rows", () => {
  assert.deepEqual(subset(examples, 20, 1), subset(examples, 20, 1));
  assert.notDeepEqual(subset(examples, 20, 1), subset(examples, 20, 2));
});

test("the rows of a seed are the same on every machine", () => {
  const rows = subset(examples, 8, 90).map(({ text }) => Number(text.slice(4)));
  assert.deepEqual(rows, [22, 28, 59, 73, 83, 84, 86, 91]);
});

test("over seeds, every row is about equally likely", () => {
  const hits = new Map<Example, number>(examples.map((example) => [example, 0]));
  for (let seed = 0; seed < 400; seed++) for (const example of subset(examples, 30, seed)) hits.set(example, hits.get(example)! + 1);
  // 120 expected, standard deviation 9.2: six of them either way.
  for (const count of hits.values()) assert.ok(count > 65 && count < 175, `${count}`);
});

test("a number of rows outside [1, all] is an error", () => {
  assert.throws(() => subset(examples, 0, 1), /subset: rows must be an integer in \[1, 100\], got 0/);
  assert.throws(() => subset(examples, 101, 1), RangeError);
});

test("rows whose labels are numbers are drawn by the seed, none twice", () => {
  const scored = examples.map((example, row) => ({ ...example, label: row / 20 }));
  const data = { task: "scores", source: "folder" as const, dataSource: "scores", train: scored, dev: scored, labels: [], metric: "spearman" as const, sha256: "", notes: [] };
  const { train, dev } = subsetOf(data, { train: 30, dev: 100, seed: 1 });
  assert.equal(new Set(train.map(({ label }) => label)).size, 30);
  assert.deepEqual(train.map(({ label }) => label), train.map(({ label }) => label).toSorted((a, b) => a - b));
  assert.equal(dev, scored);
  assert.notDeepEqual(subsetOf(data, { train: 30, seed: 2 }).train, train);
});

test("a task's subset says so, and has a hash of its own", async () => {
  const all = await loadTask({ task: "paraphrases" });
  const some = subsetOf(all, { train: 100, dev: 1e6, seed: 4 });
  assert.equal(some.train.length, 100);
  assert.equal(some.dev.length, all.dev.length);
  assert.match(some.dataSource, /^subset of embedded paraphrases \(not MRPC\): train 100 of [\d,]+ rows, seed 4$/);
  assert.notEqual(some.sha256, all.sha256);
  assert.equal(subsetOf(all, { seed: 4 }), all);
});
