import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { UsageError } from "../../lib/support/checks.js";
import { readParquet } from "../../lib/tasks/parquet.js";
import { temporaryFolder } from "../models/folders.js";
import { gluePair, pairParquet } from "./fixtures.js";

const columns = { text: "sentence1", text2: "sentence2", label: "label" };
const { folder, remove } = temporaryFolder();
after(remove);
const write = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};
const refuses = (file: string, message: RegExp) =>
  assert.rejects(readParquet(file, columns, 2), (error) => error instanceof UsageError && message.test(error.message));

test("rows come in their order, with 64-bit labels as numbers", async () => {
  const rows = [gluePair(1, "é \"a\"\u0012", "b"), gluePair(0, "c", "d")];
  assert.deepEqual(await readParquet(write("good.parquet", pairParquet(rows)), columns, 2), rows);
});

test("an unlabelled split is an error with its row", async () => {
  const file = write("test.parquet", pairParquet([gluePair(1, "a", "b"), gluePair(-1, "c", "d")]));
  await refuses(file, /test\.parquet, row 1: column "label" must hold an integer in \[0, 1\], got -1/);
});

test("an empty text is an error with its row", async () => {
  await refuses(write("empty.parquet", pairParquet([gluePair(1, " ", "b")])), /empty\.parquet, row 0: a text is empty/);
});

test("what is no parquet, or lacks a column, is an error with the remedy", async () => {
  await refuses(write("text.parquet", new TextEncoder().encode("this is not a parquet file")), /cannot be read as parquet .*Delete it/);
  const file = write("other.parquet", pairParquet([gluePair(1, "a", "b")]));
  await assert.rejects(readParquet(file, { text: "question", label: "label" }, 2), /cannot be read as parquet with columns "question", "label"/);
});
