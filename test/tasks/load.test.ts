import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { UsageError } from "../../lib/support/checks.js";
import { loadTask } from "../../lib/tasks/index.js";
import { withHub } from "../support/hub-server.js";
import { pairParquet, pairs, writeSplits } from "./fixtures.js";

const root = mkdtempSync(join(tmpdir(), "d90-tasks-"));
const nowhere = join(root, "nowhere");
const train = pairs(9, "train"), dev = pairs(6, "dev");
const hubFiles = {
  "datasets/nyu-mll/glue/mrpc/train-00000-of-00001.parquet": pairParquet(train),
  "datasets/nyu-mll/glue/mrpc/validation-00000-of-00001.parquet": pairParquet(dev),
};
const hadData = process.env.D90_DATA;
beforeEach(() => void delete process.env.D90_DATA);
after(() => {
  rmSync(root, { recursive: true });
  if (hadData !== undefined) process.env.D90_DATA = hadData;
});

for (const layout of ["", "MRPC", "glue/MRPC"]) {
  test(`a named folder with the layout "${layout}" is read`, async () => {
    const folder = join(root, `layout-${layout.replace("/", "-")}`);
    writeSplits(join(folder, layout), train, dev);
    const data = await loadTask({ data: folder });
    assert.deepEqual([data.train, data.dev, data.source, data.task], [train, dev, "folder", "mrpc"]);
    assert.equal(data.dataSource, `folder ${folder} (9 train and 6 dev rows, not GLUE MRPC)`);
  });
}

test("--data goes before D90_DATA, D90_DATA before the shared folder, that before the hub", async () => {
  const [first, second, third] = ["first", "second", "third"].map((name) => writeSplits(join(root, name), pairs(3, name), dev));
  process.env.D90_DATA = second!;
  assert.equal((await loadTask({ data: first!, shared: third! })).train[0]?.text, 'first 0 said "so');
  assert.equal((await loadTask({ shared: third! })).train[0]?.text, 'second 0 said "so');
  process.env.D90_DATA = "";
  const shared = await loadTask({ shared: third!, offline: true });
  assert.deepEqual([shared.train[0]?.text, shared.source], ['third 0 said "so', "shared"]);
});

test("a folder that the user names is never passed over", async () => {
  const shared = writeSplits(join(root, "shared"), train, dev);
  const half = writeSplits(join(root, "half"), train, dev);
  rmSync(join(half, "dev.tsv"));
  await assert.rejects(loadTask({ data: nowhere, shared }), UsageError);
  await assert.rejects(loadTask({ data: nowhere, shared }), /--data: there is no folder/);
  await assert.rejects(loadTask({ data: half, shared }), /--data: task mrpc needs train\.tsv and dev\.tsv .* none has them/);
  await assert.rejects(loadTask({ data: join(half, "train.tsv"), shared }), /is a file; name the folder that holds train\.tsv and dev\.tsv, or the file itself by --task/);
  process.env.D90_DATA = half;
  await assert.rejects(loadTask({ shared }), /D90_DATA: task mrpc needs train\.tsv/);
});

test("a broken row stops the loading with file and line", async () => {
  const folder = writeSplits(join(root, "broken"), train, dev);
  writeFileSync(join(folder, "dev.tsv"), "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t2\ta\tb\n");
  await assert.rejects(loadTask({ data: folder }), /dev\.tsv:2: a row must have 5/);
  writeFileSync(join(folder, "dev.tsv"), "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n");
  await assert.rejects(loadTask({ data: folder }), /9 train and 0 dev rows; both need some/);
});

test("the hub's parquet is downloaded once, then read from the cache, offline too", async () => {
  await withHub({ files: hubFiles }, async ({ requests }) => {
    const data = await loadTask({ shared: nowhere });
    assert.deepEqual([data.train, data.dev, data.source, data.notes], [train, dev, "hub", []]);
    const before = requests.length;
    assert.deepEqual(await loadTask({ shared: nowhere, offline: true }), data);
    assert.equal(requests.length, before);
  });
});

test("the same rows have the same hash from a folder and from the hub, other rows another", async () => {
  const folder = writeSplits(join(root, "hash"), train, dev);
  const swapped = writeSplits(join(root, "swapped"), dev, train);
  const { sha256 } = await loadTask({ data: folder });
  await withHub({ files: hubFiles }, async () => assert.equal((await loadTask({ shared: nowhere })).sha256, sha256));
  assert.notEqual((await loadTask({ data: swapped })).sha256, sha256);
});

test("where the hub cannot be reached, the embedded paraphrases stand in and are not called MRPC", async () => {
  await withHub({ files: {}, status: 503 }, async () => {
    const data = await loadTask({ shared: nowhere });
    assert.deepEqual([data.task, data.source, data.dataSource], ["paraphrases", "embedded", "embedded paraphrases (not MRPC)"]);
    assert.equal(data.notes.length, 1);
    assert.match(data.notes[0]!, /^GLUE MRPC is not at hand \(.*HTTP 503.*\) Using embedded paraphrases \(not MRPC\); name a folder/);
  });
});

test("a broken file in the hub's cache is an error, not a reason for other data", async () => {
  const files = { ...hubFiles, "datasets/nyu-mll/glue/mrpc/train-00000-of-00001.parquet": new TextEncoder().encode("no parquet at all") };
  await withHub({ files }, () => assert.rejects(loadTask({ shared: nowhere }), /cannot be read as parquet/));
});

test("the paraphrases are always the project's own", async () => {
  process.env.D90_DATA = nowhere;
  const data = await loadTask({ task: "paraphrases" });
  assert.deepEqual([data.source, data.notes], ["embedded", []]);
  await assert.rejects(loadTask({ task: "paraphrases", data: root }), /takes no data folder; .*--task mrpc --data/);
});

test("a named task may be measured by another metric that its labels allow", async () => {
  const folder = writeSplits(join(root, "metric"), train, dev);
  assert.equal((await loadTask({ data: folder, metric: "f1" })).metric, "f1");
  await assert.rejects(loadTask({ data: folder, metric: "spearman" }), /metric \(--metric\) must be accuracy, f1 or matthews for folder .*, got spearman/);
  await assert.rejects(loadTask({ data: folder, text: "a" }), /text is for files of one's own, and task mrpc knows its columns/);
});

test("rows that are in both splits are counted in a note, and left out of training when asked", async () => {
  const folder = writeSplits(join(root, "both"), [...train, dev[2]!, { ...dev[3]!, label: 1 - dev[3]!.label }], dev);
  const data = await loadTask({ data: folder });
  assert.match(data.notes[0]!, /2 of 6 dev rows \(33\.3 %\) have the texts of a training row, 1 of them with another label/);
  const dropped = await loadTask({ data: folder, dropDuplicates: true });
  assert.deepEqual([dropped.train, dropped.dev, dropped.notes, dropped.dropDuplicates], [train, dev, [], true]);
  assert.match(dropped.dataSource, /, without 2 training rows that are in dev$/);
  assert.equal(dropped.sha256, (await loadTask({ data: writeSplits(join(root, "clean"), train, dev) })).sha256);
  await assert.rejects(loadTask({ data: writeSplits(join(root, "same"), dev, dev), dropDuplicates: true }), /all training rows .* are in dev, too/);
});
