import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { pretrain } from "../../lib/pretraining/index.js";
import { readSeries, seriesPath } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { checkpointsIn, updatesOf } from "../../lib/search/checkpoints.js";
import { d90OverCheckpoints, d90OverModels, type SeriesEvent, type SeriesOptions } from "../../lib/search/series.js";
import { seriesChart } from "../../lib/charts/index.js";
import { hubFiles, withFolder, writeTinyModel } from "../models/folders.js";
import { tinyOptions, writeText } from "../pretraining/tiny.js";
import { commit, withHub } from "../support/hub-server.js";
import { writeWorld } from "../training/world.js";

before(async () => { await startEngine(); });

/** One epoch, two trials. */
const optionsIn = (folder: string, onEvent?: (event: SeriesEvent) => void): SeriesOptions => ({
  out: join(folder, "runs"), data: join(folder, "data"), tasks: ["mrpc"], onEvent,
  settings: { epochs: 1, maxLength: 16, maxTrials: 2, firstD: 50, highest: 500, fullRates: [0.01] },
});

test("d90 over models is recorded point by point, taken up in any order, and stopped without loss", () => withFolder(async (folder) => {
  writeWorld(folder);
  const [a, b] = [join(folder, "model"), writeTinyModel(join(folder, "other"))];
  const tensors = tf.memory().numTensors, stop = new AbortController();
  const first = await d90OverModels([a, b], { ...optionsIn(folder, (event) => { if (event.type === "point-end") stop.abort(); }), signal: stop.signal });
  assert.deepEqual([first.outcome, first.points.length, first.points[0]!.name], ["interrupted", 1, a]);
  const trials: string[] = [];
  const whole = await d90OverModels([b, a], optionsIn(folder, (event) => { if (event.type === "search" && event.event.type === "trial-start") trials.push(event.event.request.kind); }));
  assert.deepEqual([whole.id, whole.outcome], [first.id, "completed"]);
  assert.deepEqual(trials, [], "the same weights on the same rows are measured once, whatever the folder's name");
  assert.deepEqual(whole.points.map(({ name, d90 }) => [name, d90]), [[b, first.points[0]!.d90], [a, first.points[0]!.d90]]);
  assert.deepEqual(await readSeries(seriesPath(join(folder, "runs"), whole.id)), whole);
  const { records, problems } = await openStore(join(folder, "runs")).list();
  assert.deepEqual([problems, records.filter(({ record }) => record === "search").map(({ id }) => id)], [[], [whole.points[0]!.search]]);
  assert.equal(tf.memory().numTensors, tensors);
}));

test("d90 over checkpoints tells updates and perplexity, and calls what cannot beat the majority class by its outcome", () => withFolder(async (folder) => {
  writeWorld(folder);
  writeText(folder);
  const { evaluations } = await pretrain(tinyOptions(folder, "model", { updates: 4, every: 2 }));
  const record = await d90OverCheckpoints(join(folder, "model"), { ...optionsIn(folder), checkpoints: [0, 4], settings: { ...optionsIn(folder).settings, fullRates: [1e-6] } });
  assert.deepEqual(record.points.map(({ update, perplexity, tokens }) => [update, perplexity, tokens]), [0, 2].map((i) => [evaluations[i]!.update, evaluations[i]!.perplexity, evaluations[i]!.tokens]));
  for (const { d90, task, full } of record.points) {
    assert.equal(d90.outcome, full! > task.majority + 0.01 ? d90.outcome : "baseline-not-above-majority");
  }
  assert.ok(record.points.some(({ d90 }) => d90.outcome === "baseline-not-above-majority"), "a rate of 1e-6 teaches nothing");
}));

const namesIn = async (...place: Parameters<typeof checkpointsIn>): Promise<string[]> => (await checkpointsIn(...place)).map(({ name }) => name);

test("revisions of a hub repository are checkpoints, their updates told by their names", () => withFolder(async (folder) => {
  assert.deepEqual(await namesIn("a/b@step20k,step1000,main-3"), ["a/b@main-3", "a/b@step1000", "a/b@step20k"]);
  assert.deepEqual(await namesIn("a/b-2k,a/b-1k", { updates: [2000] }), ["a/b-2k"]);
  await assert.rejects(checkpointsIn("a/b@main,a/b@step1"), /a\/b@main must end in its number of updates, as in owner\/name@step1000,step2000/);
  await assert.rejects(checkpointsIn("a/b@step1", { updates: [7] }), /has no checkpoint of 7 updates; it has 1/);
  writeWorld(folder);
  const revisions = { step1000: commit, step2000: commit.replace("0", "f") };
  await withHub({ files: hubFiles(join(folder, "hub")), revisions }, async () => {
    const record = await d90OverCheckpoints("someone/tiny-bert@step2000,step1000", optionsIn(folder));
    assert.deepEqual(record.points.map(({ name, update, perplexity }) => [name, update, perplexity]), [
      ["someone/tiny-bert@step1000", 1000, null], ["someone/tiny-bert@step2000", 2000, null],
    ]);
    assert.match(JSON.stringify(seriesChart(record).spec), /Updates of pre-training/);
    await assert.rejects(d90OverCheckpoints("someone/tiny-bert@step3000", optionsIn(folder)), /someone\/tiny-bert@step3000.* was not found/);
  });
}));

test("folders in a hub repository are checkpoints, as d90 pretrain's folder is when it is uploaded", () => withFolder(async (folder) => {
  writeWorld(folder);
  const model = hubFiles(join(folder, "hub"));
  const files = Object.fromEntries(["checkpoint-000020", "checkpoint-000100", "final"].flatMap((name) => Object.entries(model).map(([path, content]) =>
    [path.replace(/^(someone\/tiny-bert)\//, `$1/${name}/`), content])));
  await withHub({ files: { ...files, "someone/tiny-bert/notes-7/readme.md": Buffer.from("no model") } }, async () => {
    assert.deepEqual(await namesIn("someone/tiny-bert"), ["someone/tiny-bert/checkpoint-000020", "someone/tiny-bert/checkpoint-000100"]);
    const record = await d90OverCheckpoints("someone/tiny-bert@main", { ...optionsIn(folder), checkpoints: [100] });
    assert.deepEqual(record.points.map(({ name, update }) => [name, update]), [["someone/tiny-bert/checkpoint-000100@main", 100]]);
    assert.deepEqual(await namesIn("someone/tiny-bert", { offline: true }), ["someone/tiny-bert/checkpoint-000100"], "what the cache has");
    await assert.rejects(checkpointsIn("someone/other"), /there is no folder "someone\/other", and as a hub id: .*Make one with d90 pretrain/);
  });
}));

test("checkpoints are found by the number that their names end in, and missing ones are named", () => withFolder(async (folder) => {
  assert.deepEqual(["checkpoint-000500", "step_20k", "7", "final", "a/b/checkpoint-9k@v2", "a/b@step3"].map(updatesOf), [500, 20_000, 7, null, 9000, 3]);
  await assert.rejects(checkpointsIn(join(folder, "none")), /there is no folder .*none.*\. Make one with d90 pretrain, or list checkpoints of the hub: owner\/name@step1000/);
  await assert.rejects(checkpointsIn(folder), /has no checkpoints: subfolders with a config\.json whose names end in their number of updates/);
  for (const name of ["checkpoint-100", "checkpoint-20", "final"]) cpSync(writeTinyModel(join(folder, "tiny")), join(folder, name), { recursive: true });
  assert.deepEqual(await checkpointsIn(folder), [20, 100].map((update) => ({ name: join(folder, `checkpoint-${update}`), update })));
  await assert.rejects(checkpointsIn(folder, { updates: [20, 30] }), /has no checkpoint of 30 updates; it has 20, 100/);
  await assert.rejects(d90OverModels([]), /models must name at least one model, got none/);
}));
