import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { labelCounts, loadTask, majorityShare } from "../../lib/tasks/index.js";
import { mrpc } from "../../lib/tasks/mrpc.js";
import { sharedFolder } from "../../lib/tasks/sources.js";
import { withFolder } from "../models/folders.js";
import { pairs, pairTsv } from "./fixtures.js";

const skip = existsSync(join(sharedFolder, "glue", "MRPC", "train.tsv")) ? false : "../shared/data is not here";

test("GLUE's MRPC has its rows and labels, none dropped or shifted", { skip }, async () => {
  const data = await loadTask({ data: sharedFolder });
  assert.deepEqual([data.train.length, data.dev.length], [3668, 408]);
  assert.deepEqual([labelCounts(data.train), labelCounts(data.dev)], [[1194, 2474], [129, 279]]);
  assert.ok(Math.abs(majorityShare(data.train) - 0.6745) < 1e-4);
  assert.equal(data.dataSource, `GLUE MRPC (${sharedFolder})`);
  assert.equal(data.sha256, "d3fcc0c53847cc4a3ac027f7c99a28f5b5426094cb7025154beef23645762171");
});

test("GLUE's MRPC keeps its quotes and its control byte, and no mark of byte order", { skip }, async () => {
  const { train, dev } = await loadTask({ data: sharedFolder });
  const texts = [...train, ...dev].flatMap((example) => [example.text, example.text2 ?? ""]);
  assert.equal(texts.filter((text) => text.includes("\u0012")).length, 1);
  assert.ok(train[1585]!.text.includes("\u0012") || train[1585]!.text2!.includes("\u0012"), "line 1587 of train.tsv");
  assert.equal(texts.filter((text) => text.includes("\uFEFF") || text.includes("\t")).length, 0);
  assert.ok(texts.filter((text) => text.split('"').length % 2 === 0).length > 100, "unpaired quotes");
});

test("the original corpus is split by dev_ids.tsv", () => withFolder(async (folder) => {
  const rows = pairs(10, "corpus");
  assert.equal(await mrpc.otherLayout!(folder), undefined);
  writeFileSync(join(folder, "msr_paraphrase_train.txt"), pairTsv(rows).replaceAll("\n", "\r\n"));
  await assert.rejects(loadTask({ data: folder }), /dev_ids\.tsv is missing.*Take it from GLUE's zip/);
  writeFileSync(join(folder, "dev_ids.tsv"), "2\t1002\n7\t1007\n");
  const data = await loadTask({ data: folder });
  assert.deepEqual(data.dev, [rows[2], rows[7]]);
  assert.equal(data.train.length, 8);
}));
