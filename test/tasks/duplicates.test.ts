import assert from "node:assert/strict";
import { test } from "node:test";
import { overlapInWords, overlapOf, withoutOverlap } from "../../lib/tasks/duplicates.js";

const row = (text: string, label: number, text2?: string) => (text2 === undefined ? { text, label } : { text, text2, label });

test("texts are the same whatever their case and white space, and pairs only as pairs", () => {
  const splits = { train: [row("A  b", 1), row("c", 0), row("c", 0), row("d", 1, "e")], dev: [row(" a B\n", 1), row("C", 1), row("d", 1), row("d", 1, "f")] };
  assert.deepEqual(overlapOf(splits), { dev: 2, otherLabel: 1, train: 3 });
  assert.deepEqual(withoutOverlap(splits), { train: [row("d", 1, "e")], dev: splits.dev });
  assert.match(overlapInWords(overlapOf(splits), splits)!, /^2 of 4 dev rows \(50\.0 %\) have the texts of a training row, 1 of them with another label: .*--drop-duplicates/);
});

test("a composed letter is the same as one put together", () => {
  assert.equal(overlapOf({ train: [row("caf\u00e9", 0)], dev: [row("cafe\u0301", 0)] }).dev, 1);
});

test("splits that share nothing have nothing to tell", () => {
  const splits = { train: [row("a", 0)], dev: [row("b", 0)] };
  assert.equal(overlapInWords(overlapOf(splits), splits), null);
});
