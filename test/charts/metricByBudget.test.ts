import assert from "node:assert/strict";
import { test } from "node:test";
import { metricByBudget } from "../../lib/charts/metricByBudget.js";
import { methodsChart } from "../../lib/charts/index.js";
import { renderSvg } from "../../lib/charts/render.js";
import { comparison, methodTrial } from "./methodTrials.js";

const plain = (text: string): string => text.replaceAll("\u00a0", " ");

test("every method is named, with full fine-tuning's line, 90 % of it, the majority class, and where the numbers come from", async () => {
  const svg = plain(await renderSvg(metricByBudget(comparison())));
  for (const name of ["DID", "LoRA, rank 8", "IA3", "BitFit", "head only", "learned subspace"]) assert.ok(svg.includes(`>${name}<`), name);
  for (const line of ["full fine-tuning 80.1 %", "90 % of it 72.1 %", "majority class 68.4 %"]) assert.ok(svg.includes(`>${line}<`), line);
  assert.match(svg, /GLUE MRPC .* 3,668 training rows, 408 dev rows/);
  assert.match(svg, /22,713,986 parameters\) · full preset · 3 epochs in batches of 16 · seed 0/);
  assert.match(svg, /A head that is trained beside a method is counted\./);
  assert.match(svg, /A learned subspace needs a basis/);
});

test("the title is the smallest budget that reaches 90 % of full fine-tuning, and says so where none does", () => {
  const titleOf = (...trials: Parameters<typeof metricByBudget>[0]): string => {
    const { title } = metricByBudget(trials);
    assert.ok(typeof title === "object" && "text" in title && Array.isArray(title.text));
    return plain(title.text.join(" "));
  };
  const full = methodTrial("full", { trained: 22_713_986, metric: 0.8 }), did = methodTrial("did", { trained: 1000, metric: 0.73 });
  assert.equal(titleOf(full, did, methodTrial("head", { trained: 770, free: 770, metric: 0.7 })),
    "1,000 trained numbers (DID) reach 90 % of full fine-tuning, which trains 22,714 times as many");
  assert.match(titleOf(full, methodTrial("did", { trained: 1000, metric: 0.71 })), /None of the methods tried reaches 90 %/);
  assert.equal(titleOf(methodTrial("full", { trained: 22_713_986, metric: 0.7 }), did), "90 % of full fine-tuning is not above the majority class: reaching it says nothing");
  assert.equal(titleOf(did), "What is reached against the numbers that are trained");
});

test("names of marks that lie near each other do not overlap", () => {
  const { datasets } = metricByBudget(comparison());
  const points = datasets!.points as { trained: number; nameAt: number; name: string; align: string }[];
  const near = points.filter(({ trained }) => trained > 9000 && trained < 30_000).map(({ nameAt }) => nameAt).sort((a, b) => a - b);
  const { datasets: _datasets, ...spec } = metricByBudget(comparison());
  const perPixel = Math.abs(Number(JSON.stringify(spec).match(/"domain":\[(0\.\d+),(0\.\d+)\]/)!.slice(1).map(Number).reduce((a, b) => b - a))) / 360;
  near.slice(1).forEach((place, i) => assert.ok(place - near[i]! > 13.5 * perPixel, `${place - near[i]!} and ${perPixel}`));
});

test("where some methods ran in bf16 and others did not, the subtitle says which; class weights are there, too", () => {
  const [full, head] = comparison(), low = { ...full!, configuration: { ...full!.configuration, bf16: true } };
  const subtitle = (...trials: Parameters<typeof metricByBudget>[0]): string => plain(JSON.stringify(metricByBudget(trials).title));
  assert.match(subtitle(low, head!), /seed 0 · bf16: full fine-tuning"/);
  assert.match(subtitle(low), /seed 0 · bf16"/);
  assert.doesNotMatch(subtitle(full!, head!), /bf16/);
  assert.match(subtitle({ ...full!, configuration: { ...full!.configuration, classWeights: [1, 2.5] } }), /seed 0 · class weights 1, 2\.5"/);
});

test("its description has every number", () => {
  assert.match(plain(metricByBudget(comparison()).description ?? ""), /LoRA, rank 1 9,986: 76\.3 %/);
  assert.deepEqual(methodsChart(...comparison()).spec, metricByBudget(comparison()));
});
