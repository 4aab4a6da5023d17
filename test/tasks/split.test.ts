import assert from "node:assert/strict";
import { test } from "node:test";
import { labelCounts, type Example } from "../../lib/tasks/index.js";
import { splitRows } from "../../lib/tasks/split.js";

const rows: Example[] = Array.from({ length: 50 }, (_unused, row) => ({ text: `row ${row}`, label: row % 5 === 0 ? 1 : 0 }));

test("every row is in one of both splits, in its order, and the classes are held out in proportion", () => {
  const { train, dev } = splitRows(rows, { share: 0.2, seed: 3, classes: true });
  assert.deepEqual([...train, ...dev].sort((a, b) => rows.indexOf(a) - rows.indexOf(b)), rows);
  assert.deepEqual([labelCounts(train), labelCounts(dev)], [[32, 8], [8, 2]]);
  assert.deepEqual(dev, dev.toSorted((a, b) => rows.indexOf(a) - rows.indexOf(b)));
});

test("the seed alone decides which", () => {
  const dev = (seed: number) => splitRows(rows, { share: 0.3, seed, classes: false }).dev.map(({ text }) => text);
  assert.deepEqual(dev(1), dev(1));
  assert.notDeepEqual(dev(1), dev(2));
});

test("either split has a row at least", () => {
  for (const share of [0.001, 0.999]) {
    const { train, dev } = splitRows(rows.slice(0, 3), { share, seed: 0, classes: true });
    assert.ok(train.length >= 1 && dev.length >= 1 && train.length + dev.length === 3);
  }
  assert.throws(() => splitRows(rows.slice(0, 1), { share: 0.2, seed: 0, classes: true }), /at least 2, got 1/);
  assert.throws(() => splitRows(rows, { share: 1, seed: 0, classes: true }), /--dev-share/);
});
