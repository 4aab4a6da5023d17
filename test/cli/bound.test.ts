import assert from "node:assert/strict";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { triedOf } from "../../lib/cli/bound.js";
import type { BoundRecord } from "../../lib/records/boundRecord.js";
import { temporaryFolder } from "../models/folders.js";
import { writeWorld } from "../training/world.js";
import { d90 } from "./spawn.js";

const { folder, remove } = temporaryFolder();
after(remove);
writeWorld(folder);
const world = ["--model", "model", "--data", "data", "--batch-size", "8", "--max-length", "16", "--epochs", "1"];

test("bound trains, prints one JSON object, and leaves the file and the record; a table says the same", async () => {
  const { status, stdout, stderr } = await d90(["bound", ...world, "--d", "40", "--levels", "4,8", "--json"], { cwd: folder });
  assert.equal(status, 0, stderr);
  const record = JSON.parse(stdout) as BoundRecord;
  assert.equal(record.bounds[0].name, "occam");
  assert.equal(statSync(join(folder, "runs", record.trial, "model.d90")).size, record.file.bytes);
  assert.ok(existsSync(join(folder, "runs", record.trial, "bound.json")));
  const table = await d90(["bound", "--run", "latest", "--data", "data", "--levels", "8", "--tried", "d=4"], { cwd: folder });
  assert.equal(table.status, 0, table.stderr);
  assert.match(table.stdout, /^searched +d among 4, levels among 1$/m);
  assert.match(table.stdout, /^Parameter count, 32 bits each .*vacuous/m);
  assert.match(table.stdout, /^Charts: runs\/\w+\/bound\.png$/m);
  assert.ok(existsSync(join(folder, "runs", record.trial, "trade-off.png")));
  assert.match(table.stdout, /^(With 95 % confidence|No certificate: )/m);
});

test("export and apply carry a run to a folder; the errors say what to do", async () => {
  const exported = await d90(["export", "latest", "--data", "data", "--file", "mine.d90", "--json"], { cwd: folder });
  assert.equal(exported.status, 0, exported.stderr);
  const { bytes, numbers } = JSON.parse(exported.stdout) as { bytes: number; numbers: number };
  assert.equal(statSync(join(folder, "mine.d90")).size, bytes);
  assert.equal(numbers, 40);
  const applied = await d90(["apply", "mine.d90", "made", "--model", "model"], { cwd: folder });
  assert.equal(applied.status, 0, applied.stderr);
  assert.match(applied.stdout, /made: bert for mrpc, 2 labels, texts of at most 16 tokens/);
  const again = await d90(["apply", "mine.d90", "made", "--model", "model"], { cwd: folder });
  assert.deepEqual([again.status, /made is not empty\. Name a new folder\./.test(again.stderr)], [2, true]);
  writeFileSync(join(folder, "bad.d90"), "nothing");
  const bad = await d90(["apply", "bad.d90", "other", "--model", "model"], { cwd: folder });
  assert.equal(bad.status, 1);
  assert.match(bad.stderr, /^d90: bad\.d90: not a model\.d90: its first bytes are others\. Make one with d90 export\.$/m);
});

test("bound without a run and without d says what it needs", async () => {
  const { status, stderr } = await d90(["bound"]);
  assert.equal(status, 2);
  assert.match(stderr, /give either --run, a training that is there, or --d/);
});

test("what is searched on the command line is charged, and a run that is there takes no options of a training", async () => {
  const { status, stdout, stderr } = await d90(["bound", "--model", "model", "--data", "data", "--batch-size", "8", "--max-length", "16", "--train-rows", "30",
    "--d", "10,20", "--epochs", "1,2", "--levels", "4", "--prior", "0", "--json"], { cwd: folder });
  assert.equal(status, 0, stderr);
  const { choices, others, split, charts } = JSON.parse(stdout) as BoundRecord & { others: BoundRecord[]; charts: string[] };
  assert.deepEqual(choices.filter(({ candidates }) => candidates > 1).map(({ name }) => name), ["d", "epochs"]);
  assert.deepEqual([others.length, split?.rows, charts.map((path) => path.split("/").at(-1))], [3, 20, ["bound.png", "trade-off.png"]]);
  const mixed = await d90(["bound", "--run", "latest", "--lr", "0.1", "--epochs", "2"], { cwd: folder });
  assert.deepEqual([mixed.status, /bound: --lr, --epochs would train, and --run names a training that is there/.test(mixed.stderr)], [2, true]);
});

test("what was tried is read as names and numbers", () => {
  assert.deepEqual(triedOf("d=6, rate=3"), [{ name: "d", candidates: 6 }, { name: "rate", candidates: 3 }]);
  assert.throws(() => triedOf("d"), /names with numbers of at least 1/);
});
