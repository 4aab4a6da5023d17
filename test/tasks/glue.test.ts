import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HubError } from "../../lib/support/hub.js";
import { labelCounts, loadTask } from "../../lib/tasks/index.js";
import { sharedFolder } from "../../lib/tasks/sources.js";
import { withHub } from "../support/hub-server.js";

const skip = existsSync(join(sharedFolder, "glue", "SST-2", "train.tsv")) ? false : "../shared/data is not here";

test("GLUE's SST-2 has its rows and labels", { skip }, async () => {
  const data = await loadTask({ task: "sst2", data: sharedFolder });
  assert.deepEqual([labelCounts(data.train), labelCounts(data.dev)], [[29_780, 37_569], [428, 444]]);
  assert.equal(data.dataSource, `GLUE SST-2 (${sharedFolder})`);
  assert.deepEqual(data.dev[0], { label: 1, text: "it 's a charming and often affecting journey . " });
  assert.deepEqual(data.labels, ["negative", "positive"]);
});

test("where SST-2 is nowhere, nothing stands in for it", async () => {
  await withHub({ files: {}, status: 503 }, () => assert.rejects(loadTask({ task: "sst2", shared: "/nowhere" }), HubError));
});

test("SST-2 of another size is named by its folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "d90-glue-"));
  mkdirSync(join(folder, "SST-2"));
  for (const split of ["train", "dev"]) writeFileSync(join(folder, "SST-2", `${split}.tsv`), "sentence\tlabel\nfine \t1\nbad \t0\n");
  const data = await loadTask({ task: "sst2", data: folder });
  rmSync(folder, { recursive: true });
  assert.deepEqual(data.train, [{ label: 1, text: "fine " }, { label: 0, text: "bad " }]);
  assert.equal(data.dataSource, `folder ${folder} (2 train and 2 dev rows, not GLUE SST-2)`);
});
