import assert from "node:assert/strict";
import { test } from "node:test";
import { renderSvg } from "../../lib/charts/render.js";
import { lossRows, trainingCurves } from "../../lib/charts/trainingCurves.js";
import { trialRecord } from "./records.js";

test("a curve is the mean over the last tenth of the run, and keeps its last step", () => {
  const losses = Array.from({ length: 20 }, (_unused, i) => ({ step: i + 1, loss: i % 2 }));
  const rows = lossRows({ ...trialRecord(), losses });
  assert.deepEqual(rows.map(({ loss }) => loss), Array.from({ length: 19 }, () => 0.5));
  assert.equal(rows.at(-1)!.step, 20);
});

test("losses that are not finite are left out", () => {
  assert.deepEqual(lossRows({ ...trialRecord(), losses: [{ step: 1, loss: 0.7 }, { step: 2, loss: null }] }).map(({ step }) => step), [1]);
});

test("each line is labelled with its run and what became of it", async () => {
  const svg = (await renderSvg(trainingCurves([trialRecord(), trialRecord({ d: 5000, metric: null })]))).replaceAll("\u00a0", " ");
  assert.match(svg, />DID d 1,000, 0.1: 75.0 %</);
  assert.match(svg, />DID d 5,000, 0.1: diverged at 172</);
});

test("without any loss there is no chart", () => {
  assert.throws(() => trainingCurves([{ ...trialRecord(), losses: [] }]), /trainingCurves: trials must have losses, got 1 without any/);
});
