import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadTask } from "../../lib/tasks/index.js";
import { withHub } from "../support/hub-server.js";

const root = mkdtempSync(join(tmpdir(), "d90-anli-"));
after(() => rmSync(root, { recursive: true }));
const jsonl = (count: number): string => Array.from({ length: count }, (_unused, row) =>
  `${JSON.stringify({ uid: `${row}`, context: `A premise ${row}.`, hypothesis: `A hypothesis ${row}.`, label: "enc"[row % 3] })}\n`).join("");

test("a round is read from ANLI's release", async () => {
  mkdirSync(join(root, "anli_v1.0", "R2"), { recursive: true });
  for (const split of ["train", "dev"]) writeFileSync(join(root, "anli_v1.0", "R2", `${split}.jsonl`), jsonl(6));
  const data = await loadTask({ task: "anli-r2", data: root });
  assert.deepEqual(data.train[1], { label: 1, text: "A premise 1.", text2: "A hypothesis 1." });
  assert.deepEqual(data.labels, ["entailment", "neutral", "contradiction"]);
  assert.match(data.dataSource, /6 train and 6 dev rows, not ANLI R2/);
});

test("dev rows alone are not trained on: the error says what ANLI's authors ask", async () => {
  const shared = join(root, "shared");
  mkdirSync(join(shared, "anli"), { recursive: true });
  writeFileSync(join(shared, "anli", "R1_dev.jsonl"), jsonl(6));
  const asks = /R1.*has the dev and test rows alone, and ANLI's authors ask that they are not trained on for published figures\. .*--task .*R1_dev\.jsonl/;
  await withHub({ files: {}, status: 503 }, () => assert.rejects(loadTask({ task: "anli-r1", shared }), asks));
  await assert.rejects(loadTask({ task: "anli-r1", data: shared }), asks);
});
