import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { labelCounts, loadTask, taskNamed } from "../../lib/tasks/index.js";
import { sharedFolder } from "../../lib/tasks/sources.js";
import { withHub } from "../support/hub-server.js";
import { hubParquet, rowsFor } from "./zip.js";

const skip = existsSync(join(sharedFolder, "yelp-polarity", "train.tsv")) ? false : "../shared/data is not here";

test("the sentences in ../shared/data are not called Yelp Polarity", { skip }, async () => {
  const data = await loadTask({ task: "yelp-polarity" });
  assert.equal(data.dataSource, "sentence-level Yelp polarity, a draw, not Yelp Polarity's reviews (../shared/data)");
  assert.deepEqual([data.train.length, data.dev.length], [20_000, 2_000]);
  assert.equal(labelCounts(data.train).length, 2);
});

test("the hub's reviews are measured on its test split", async () => {
  const task = taskNamed("yelp-polarity"), rows = rowsFor(task, 6);
  const files = Object.fromEntries(["train", "test"].map((split) =>
    [`datasets/fancyzhx/yelp_polarity/plain_text/${split}-00000-of-00001.parquet`, hubParquet(task, rows)]));
  await withHub({ files }, async () => assert.deepEqual((await loadTask({ task: "Yelp-Polarity", shared: "/nowhere" })).dev, rows));
});
