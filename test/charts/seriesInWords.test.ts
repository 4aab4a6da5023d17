import assert from "node:assert/strict";
import { test } from "node:test";
import { seriesInWords } from "../../lib/charts/seriesInWords.js";
import { seriesRecord } from "./seriesRecords.js";

const plain = (text: string | undefined): string => (text ?? "").replaceAll("\u00a0", " ");

test("a row for each checkpoint, along the updates, with what was reached in percent and d90 with its range over seeds", () => {
  const record = seriesRecord({ kind: "checkpoints", d90: { mrpc: [null, 5200] }, x: [0, 1200] });
  const [first, last, ...more] = seriesInWords({ ...record, points: record.points.toReversed() });
  assert.equal(more.length, 0);
  assert.deepEqual(Object.keys(first!), ["updates", "perplexity", "all weights", "majority class", "d90", "chance-corrected d90"]);
  assert.deepEqual([first!.updates, first!.d90, first!["chance-corrected d90"]], ["0", "unable to compute", "unable to compute"]);
  assert.deepEqual([last!.updates, plain(last!["all weights"]), plain(last!["majority class"])], ["1,200", "81.0 %", "68.4 %"]);
  assert.equal(last!.d90, "5,200 (seeds: 3,714 to 7,800)");
});

test("models have names and sizes; several tasks are told apart, one after the other", () => {
  const rows = seriesInWords(seriesRecord({ kind: "models", d90: { sst2: [900, 400], mrpc: [1000, 500] }, x: [1e6, 1e5], seeds: [0] }));
  assert.deepEqual(rows.map(({ task, model, parameters, d90, perplexity }) => [task, model, parameters, d90, perplexity]), [
    ["mrpc", "100000", "100,000", "500", "not known"], ["mrpc", "1000000", "1,000,000", "1,000", "not known"],
    ["sst2", "100000", "100,000", "400", "not known"], ["sst2", "1000000", "1,000,000", "900", "not known"],
  ]);
});

test("brackets with an open end, or with none, say so", () => {
  const record = seriesRecord({ kind: "models", d90: { mrpc: [1000] }, x: [1e5], seeds: [0] }), [point] = record.points;
  const told = (ends: { lower: number | null; upper: number | null }): string | undefined =>
    seriesInWords({ ...record, points: [{ ...point!, full: null, d90: { ...point!.d90, ...ends, d90: ends.upper, exact: false, outcome: "open" } }] })[0]!.d90;
  assert.equal(told({ lower: 62_180, upper: null }), "more than 62,180");
  assert.equal(told({ lower: 240, upper: 2493 }), "more than 240, at most 2,493");
  assert.equal(told({ lower: null, upper: null }), "not known");
});
