import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { batchReader, validationBatches } from "../../lib/pretraining/batches.js";
import { startEngine } from "../../lib/engine/index.js";
import { knownRows, openRows, writeRows } from "../../lib/pretraining/rows.js";
import { sha256 } from "../../lib/support/files.js";
import { disposeAll } from "../../lib/support/tensors.js";
import { withFolder } from "../models/folders.js";

async function* numbered(count: number): AsyncGenerator<number[]> {
  for (let i = 0; i < count; i++) yield [2, 10 + i, 3];
}
const options = { key: "k", length: 4, padId: 0 };
const vocabulary = { maskId: 4, padId: 0, special: new Set([0, 2, 3, 4]), size: 5000 };

test("rows come back padded, by number, with what they are", () => withFolder(async (folder) => {
  const path = join(folder, "a.rows");
  const info = await writeRows(path, numbered(2500), options);
  assert.deepEqual(info, { key: "k", rows: 2500, length: 4, tokens: 7500, sha256: sha256(readFileSync(path)) });
  const rows = openRows(path, info);
  assert.deepEqual([...rows.read(0), ...rows.read(2499)], [2, 10, 3, 0, 2, 2509, 3, 0]);
  rows.close();
  assert.deepEqual(await knownRows(path, "k"), info);
  assert.equal(await knownRows(path, "other"), null);
  assert.equal(await knownRows(join(folder, "b.rows"), "k"), null);
}));

test("rows that failed half-way leave nothing; a file that was cut says so", () => withFolder(async (folder) => {
  const path = join(folder, "a.rows");
  await assert.rejects(writeRows(path, (async function* () { yield [1]; throw new Error("broken text"); })(), options), /broken text/);
  assert.equal(await knownRows(path, "k"), null);
  const info = await writeRows(path, numbered(2), options);
  writeFileSync(path, readFileSync(path).subarray(0, 20));
  const rows = openRows(path, info);
  assert.throws(() => rows.read(1), /ends inside row 1; delete it, and it is made again/);
  rows.close();
}));

test("an epoch of batches holds every row once, in another order each time, masked anew or as before", () => withFolder(async (folder) => {
  await startEngine();
  const path = join(folder, "a.rows"), rows = openRows(path, await writeRows(path, numbered(12), options));
  const labelsOf = (masking: "dynamic" | "static", index: number): number[] => {
    const { tensors } = batchReader(rows, { batchSize: 4, seed: 1, asked: 1, masking, vocabulary })(index);
    const labels = [...tensors["labels"]!.dataSync()];
    disposeAll(tensors);
    return labels;
  };
  const epoch = (first: number): number[] => [0, 1, 2].flatMap((i) => labelsOf("dynamic", first + i));
  assert.deepEqual([...epoch(0)].sort((a, b) => a - b), Array.from({ length: 12 }, (_unused, i) => 10 + i));
  assert.notDeepEqual(epoch(0), epoch(3));
  assert.deepEqual(epoch(3), epoch(3));
  assert.deepEqual([...labelsOf("static", 0)].length, 4);
  rows.close();
}));

test("a validation pass asks for every row once, whatever the batch size", () => withFolder(async (folder) => {
  await startEngine();
  const path = join(folder, "a.rows"), rows = openRows(path, await writeRows(path, numbered(7), options));
  const all: number[] = [];
  let asked = 0;
  for (const batch of validationBatches(rows, { batchSize: 4, seed: 1, asked: 1, masking: "dynamic", vocabulary, limit: 6 })) {
    all.push(...batch.tensors["labels"]!.dataSync());
    asked += batch.asked;
    disposeAll(batch.tensors);
  }
  assert.deepEqual(all, [10, 11, 12, 13, 14, 15, -1, -1]);
  assert.equal(asked, 6);
  rows.close();
}));
