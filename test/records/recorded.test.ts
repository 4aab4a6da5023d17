import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { accuracyByDimension } from "../../lib/charts/accuracyByDimension.js";
import { budgetRows } from "../../lib/charts/budgets.js";
import { fitOfSizes } from "../../lib/charts/d90BySize.js";
import { recordedRuns, recordedSeries } from "../../lib/records/recorded.js";
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

test("what is concluded from the recorded series is so: all of d90's fall lies before the second checkpoint, and over sizes none is clear", () => {
  for (const { points: [first, ...later] } of series.filter(({ kind }) => kind === "checkpoints")) {
    assert.ok(first!.update === 0 && first!.d90.outcome === "above-grid" && first!.d90.lower! > 0.94 * first!.model.parameters);
    assert.ok(later.every(({ d90: { interval } }) => interval!.high! < 1000), "some hundreds");
    const medians = later.map(({ d90 }) => d90.d90!), widest = Math.max(...later.map(({ d90: { interval } }) => interval!.high! / interval!.low!));
    assert.ok(Math.max(...medians) / Math.min(...medians) <= widest, "checkpoints differ by no more than seeds");
    const perplexities = later.map(({ perplexity }) => perplexity!);
    assert.deepEqual(perplexities, perplexities.toSorted((a, b) => b - a));
  }
  for (const record of series.filter(({ kind }) => kind === "models")) {
    const [low, high] = fitOfSizes(record, record.question.tasks[0]!)!.slopeInterval!;
    assert.ok(low < 0 && high > 0, `${low} to ${high}`);
    const ends = [record.points[0]!, record.points.at(-1)!].map(({ d90, model }) => d90.d90! / model.parameters);
    assert.ok(ends[1]! < ends[0]! / 3, "the share falls");
  }
});

test("the fifth size, whose search stands by itself, makes the line over sizes flatter: it still holds zero, and the share falls as told", () => {
  const [sizes] = series.filter(({ kind }) => kind === "models"), xl = alone.find(({ configuration: { model } }) => model.id === "pretrained/xl");
  assert.ok(sizes !== undefined && xl !== undefined && readme.includes(`| ${xl.id} |`));
  assert.deepEqual({ ...xl.configuration.search, fullRates: [] }, { ...searches.find(({ id }) => id === sizes.points.at(-1)!.search)!.configuration.search, fullRates: [] });
  const points = [...sizes.points, { ...sizes.points[0]!, model: xl.configuration.model, d90: xl.result }];
  const [line, four] = [{ ...sizes, points }, sizes].map((record) => fitOfSizes(record, "yelp-polarity")!);
  assert.ok(Math.abs(line!.slope) < Math.abs(four!.slope));
  const [low, high] = line!.slopeInterval!, [smallest, largest] = [points[0]!, points.at(-1)!].map(({ model, d90 }) => ({ parameters: model.parameters, d90: d90.d90! }));
  assert.ok(readme.includes(`parameters^${line!.slope.toFixed(2)}, and its interval, ${low.toFixed(2)} to ${high.toFixed(2)}, holds zero`) && low < 0 && high > 0);
  assert.ok(readme.includes(points.map(({ d90 }) => d90.d90).join(", ")));
  const times = largest!.parameters / smallest!.parameters, fold = times.toFixed(0), share = (times * smallest!.d90 / largest!.d90).toFixed(0);
  assert.ok(readme.includes(`a factor of ${fold} in parameters`) && readme.includes(`by a factor of ${share}`), `${fold}, ${share}`);
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
