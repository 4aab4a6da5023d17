import assert from "node:assert/strict";
import { test } from "node:test";
import { d90BySize, fitOfSizes } from "../../lib/charts/d90BySize.js";
import type { SeriesRecord } from "../../lib/records/record.js";
import { seriesRecord } from "./seriesRecords.js";

const x = [1e5, 1e6, 1e7];
const textOf = (value: unknown): string => JSON.stringify(value);

test("the line's slope is that of the logarithms, and the title tells it with its interval", () => {
  const record = seriesRecord({ kind: "models", d90: { mrpc: [10_000, 1000, 100] }, x });
  assert.ok(Math.abs(fitOfSizes(record, "mrpc")!.slope + 1) < 1e-12);
  assert.match(textOf(d90BySize(record).title), /d90 ~ parameters\^−1\.00 \(95 %: −1\.00 to −1\.00\): larger need fewer/);
});

test("a line whose slope may be zero says so; two known points have none", () => {
  assert.match(textOf(d90BySize(seriesRecord({ kind: "models", d90: { mrpc: [1000, 5000, 900] }, x })).title), /: no clear direction/);
  const two = seriesRecord({ kind: "models", d90: { mrpc: [1000, null, 900] }, x });
  assert.equal(fitOfSizes(two, "mrpc"), null);
  assert.match(textOf(d90BySize(two).title), /d90 against the number of parameters/);
});

test("a preset that was changed is not told as the preset alone", () => {
  const record = seriesRecord({ kind: "models", d90: { mrpc: [1000, 900] }, x }), of = (settings: SeriesRecord["question"]["settings"]) =>
    textOf(d90BySize({ ...record, question: { ...record.question, settings } }).title);
  assert.match(of({}), /DID · quick preset · seeds 0, 1, 2/);
  assert.match(of({ devRows: 100 }), /DID · quick preset with other settings · seeds 0, 1, 2/);
  assert.match(of({ epochs: 8 }), /DID · quick preset with other settings · 8 epochs/);
});

test("a series without points is refused", () => {
  assert.throws(() => d90BySize({ ...seriesRecord({ kind: "models", d90: { mrpc: [1] }, x: [1] }), points: [] }), /d90BySize: record must have points, got none/);
});
