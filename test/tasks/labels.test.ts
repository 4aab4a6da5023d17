import assert from "node:assert/strict";
import { test } from "node:test";
import { labellingOf } from "../../lib/tasks/labels.js";
import type { Table } from "../../lib/tasks/table.js";

const tableOf = (labels: readonly unknown[]): Table =>
  ({ file: "x.csv", columns: ["l"], rows: labels.map((l, i) => ({ place: i + 2, values: { l } })), where: (place) => `x.csv:${place}` });
const of = (labels: readonly unknown[], given: Parameters<typeof labellingOf>[2] = {}) => labellingOf(tableOf(labels), "l", given);
const many = Array.from({ length: 30 }, (_unused, i) => i);

test("classes are in the order of their names, numbers by size, or as given", () => {
  assert.deepEqual(of(["pos", "neg", "pos"]), { labels: ["neg", "pos"], metric: "accuracy" });
  assert.deepEqual(of([10, 9, "2"]).labels, ["2", "9", "10"]);
  assert.deepEqual(of(["pos", "neg"], { labels: ["pos", "neg"] }).labels, ["pos", "neg"]);
});

test("numbers that are not whole, or more than twenty, are a scale, unless a metric of classes is asked for", () => {
  assert.deepEqual(of(["0.5", "1", "2"]), { labels: [], metric: "spearman" });
  assert.deepEqual(of(many), { labels: [], metric: "spearman" });
  assert.deepEqual(of([1, 2, 3], { metric: "pearson" }), { labels: [], metric: "pearson" });
  assert.equal(of([...many, ...many, ...many], { metric: "accuracy" }).labels.length, 30);
});

for (const [what, labels, given, message] of [
  ["a single class", ["a", "a"], {}, /^x\.csv: every row has the label "a" \(column "l"\), and two at least are needed/],
  ["an empty label", ["a", "", "b"], {}, /^x\.csv:3: the label \(column "l"\) is empty\. Fill it in/],
  ["as many words as rows", many.map((i) => `word ${i}`), {}, /column "l" has 30 different values in 30 rows, so it holds no labels/],
  ["F1 of three classes", ["a", "b", "c"], { metric: "f1" }, /metric f1 must have two labels, got 3\. Take --metric accuracy or matthews/],
  ["a label named twice", ["a", "b"], { labels: ["a", "a"] }, /--labels must be different names, got a,a/],
] as const) {
  test(`${what} is an error`, () => assert.throws(() => of(labels, given), { name: "UsageError", message }));
}
