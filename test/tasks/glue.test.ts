import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { HubError } from "../../lib/support/hub.js";
import { glueTasks } from "../../lib/tasks/glue.js";
import { labelCounts, loadTask, taskNamed } from "../../lib/tasks/index.js";
import { sharedFolder } from "../../lib/tasks/sources.js";
import { withHub } from "../support/hub-server.js";
import { hubParquet, rowsFor, writeZip, zipTsv } from "./zip.js";

const root = mkdtempSync(join(tmpdir(), "d90-glue-"));
after(() => rmSync(root, { recursive: true }));
const skip = existsSync(join(sharedFolder, "glue", "SST-2", "train.tsv")) ? false : "../shared/data is not here";

for (const task of glueTasks) {
  test(`${task.title} is the same from GLUE's zip and from the hub's parquet`, async () => {
    const splits = { train: rowsFor(task, 24), dev: rowsFor(task, 13) };
    const folder = join(root, task.name);
    writeZip(task, folder, splits);
    const data = await loadTask({ task: task.name, data: folder });
    assert.deepEqual([data.train, data.dev], [splits.train, splits.dev]);
    assert.equal(data.dataSource, `folder ${folder} (24 train and 13 dev rows, not ${task.title})`);
    assert.deepEqual([data.labels, data.metric], [[...task.labels], task.metric]);
    const files = Object.fromEntries((["train", "dev"] as const).map((split) =>
      [`datasets/nyu-mll/glue/${task.hub![split]}`, hubParquet(task, splits[split])]));
    await withHub({ files }, async () => {
      const fromHub = await loadTask({ task: task.name, shared: join(root, "nowhere") });
      assert.deepEqual([fromHub.sha256, fromHub.source], [data.sha256, "hub"]);
    });
  });
}

test("GLUE's SST-2 has its rows and labels", { skip }, async () => {
  const data = await loadTask({ task: "sst2", data: sharedFolder });
  assert.deepEqual([labelCounts(data.train), labelCounts(data.dev)], [[29_780, 37_569], [428, 444]]);
  assert.equal(data.dataSource, `GLUE SST-2 (${sharedFolder})`);
  assert.deepEqual(data.dev[0], { label: 1, text: "it 's a charming and often affecting journey . " });
});

test("the parts of QQP and MNLI in ../shared/data are never called the task", { skip }, async () => {
  const [qqp, mnli] = [await loadTask({ task: "qqp" }), await loadTask({ task: "mnli" })];
  assert.equal(qqp.dataSource, "part of GLUE QQP's train rows, its dev not GLUE's (../shared/data)");
  assert.equal(mnli.dataSource, "part of GLUE MNLI's train rows, its dev not GLUE's (../shared/data)");
  assert.deepEqual([qqp, mnli].map(({ train, dev }) => [train.length, dev.length]), [[8999, 1000], [8999, 1000]]);
  assert.equal(labelCounts(mnli.train).length, 3);
});

test("where a task is nowhere, nothing stands in for it, and the error says what helps", async () => {
  await withHub({ files: {}, status: 503 }, () => assert.rejects(loadTask({ task: "sst2", shared: "/nowhere" }),
    (error) => error instanceof HubError && /^GLUE SST-2 is not at hand \(.*HTTP 503.*\) Name a folder that holds it by --data or D90_DATA\.$/.test(error.message)));
});

test("QQP's rows that break off are left out, as on the hub; those of another task are an error", async () => {
  for (const name of ["qqp", "qnli"]) {
    const task = taskNamed(name), folder = join(root, `broken-${name}`), place = join(folder, task.folders[1]!);
    writeZip(task, folder, { train: rowsFor(task, 4), dev: rowsFor(task, 4) });
    writeFileSync(join(place, "train.tsv"), `${zipTsv(task, rowsFor(task, 4))}5\t6\tHow do\n`);
    if (name === "qqp") assert.equal((await loadTask({ task: name, data: folder })).train.length, 4);
    else await assert.rejects(loadTask({ task: name, data: folder }), /train\.tsv:6: a row must have 4/);
  }
});

test("a test file without labels is refused with its place", async () => {
  const task = taskNamed("rte"), folder = join(root, "unlabelled");
  writeZip(task, folder, { train: rowsFor(task, 4), dev: rowsFor(task, 4) });
  writeFileSync(join(folder, "RTE", "dev.tsv"), "index\tsentence1\tsentence2\n0\ta\tb\n");
  await assert.rejects(loadTask({ task: "rte", data: folder }), /dev\.tsv:1: the first line must name the columns "sentence1", "sentence2", "label"/);
});

test("a byte-order mark and carriage returns change nothing", async () => {
  const task = taskNamed("stsb"), folder = join(root, "windows"), rows = rowsFor(task, 11);
  mkdirSync(join(folder, "STS-B"), { recursive: true });
  for (const split of ["train", "dev"]) {
    writeFileSync(join(folder, "STS-B", `${split}.tsv`), `\uFEFF${zipTsv(task, rows).replaceAll("\n", "\r\n")}`);
  }
  assert.deepEqual((await loadTask({ task: "stsb", data: folder })).dev, rows);
  const broken = readFileSync(join(folder, "STS-B", "dev.tsv"), "utf8").replace("2.500", "high");
  writeFileSync(join(folder, "STS-B", "dev.tsv"), broken);
  await assert.rejects(loadTask({ task: "stsb", data: folder }), /dev\.tsv:7: column "score" must hold a number, got "high"/);
});
