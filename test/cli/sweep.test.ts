import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createView, statusBlock } from "../../lib/cli/sweepView.js";
import { dryRunText, sweepText } from "../../lib/cli/sweepTexts.js";
import type { DryRun } from "../../lib/sweep/dryRun.js";
import { placeOf } from "../../lib/sweep/describe.js";
import { jobsOf } from "../../lib/sweep/expand.js";
import { parsePlan } from "../../lib/sweep/plan.js";
import { statusLine } from "../../lib/sweep/statusText.js";
import { withFolder } from "../models/folders.js";
import { sampleTrial } from "../records/samples.js";
import { describeTiny } from "../sweep/tinyRunner.js";
import { d90 } from "./spawn.js";

test("a plan that is not there, or makes no sense, is a mistake in the command: status 2, one JSON object", () => withFolder(async (folder) => {
  const missing = await d90(["sweep", "nowhere.json"]);
  assert.deepEqual([missing.status, missing.stdout], [2, ""]);
  assert.match(missing.stderr, /^d90: sweep: there is no plan nowhere\.json\.\n$/);
  const path = join(folder, "plan.json");
  writeFileSync(path, '{"methods": ["dod"], "d": [100]}');
  const wrong = await d90(["sweep", path, "--json"]);
  assert.equal(wrong.status, 2);
  assert.match(JSON.parse(wrong.stdout).error, /methods\[0\]: must be one of full, did.*got "dod"\. Did you mean "did"\?/);
}));

const dry: DryRun = {
  total: 2, recorded: 1, sizing: { processes: 2, threads: 1, limit: "memory" }, memory: 1.24e9, memoryBasis: "measured", hours: 1.25, notes: ["A note."],
  jobs: [
    { id: "0123456789ab", kind: "trial", model: "m", task: "mrpc", method: "did", d: 1000, learningRate: 0.1, seed: 0, updates: 690, recorded: true, seconds: 60, basis: "recorded" },
    { id: "ba9876543210", kind: "search", model: "m", task: "mrpc", method: "said", d: null, learningRate: null, seed: null, updates: null, recorded: false, seconds: 9000, basis: "measured" },
  ],
};

test("a dry run lists its trials and says what they take, and on what that rests", () => {
  const text = plain(dryRunText(dry));
  assert.match(text, /^A note\.\nRun/);
  assert.match(text, /0123456789ab +m +mrpc +DID +1,000 +0\.1 +0 +690 .*recorded/);
  assert.match(text, /ba9876543210 +m +mrpc +SAID, search +- +- +- +- .*to do/);
  assert.match(text, /2 trials, 1 of them recorded\.\nAbout 1 h 15 min on 2 processes of 1 thread, from updates timed just now/);
  assert.match(text, /1\.2 GB of memory for each process \(measured\)\. The number of processes is set by the free memory/);
});

test("what came of a sweep: its runs, the count, and each failure with its reason", () => {
  const text = plain(sweepText({ records: [sampleTrial()], total: 3, done: 2, cached: 1, failed: [{ id: "0123456789ab", reason: "the model is gone.", attempts: 3 }] }));
  assert.match(text, /2 of 3 trials done, 1 of them recorded before; 1 failed:\n {2}0123456789ab, 3 attempts: the model is gone\.$/);
});

/** Spaces that do not break are spaces to a reader. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

/** A job of a small plan. */
const someJob = async () => jobsOf(parsePlan({ methods: ["did"], d: [100], seeds: [0] }), [placeOf({}, await describeTiny())]).next().value!;

test("the view shows counts, the time left and each worker; failures and repeats stay as lines", async () => {
  const job = await someJob();
  let written = "", clock = 0;
  const view = createView({ isTTY: true, columns: 100, write: (text: string) => { written += text; } }, () => clock);
  view.onEvent({ type: "start", total: 4, workers: 1 });
  clock = 1000;
  view.onEvent({ type: "job-start", job, worker: "process 1", pid: 1 });
  clock = 2000;
  view.onEvent({ type: "job-progress", job, worker: "process 1", progress: { step: 5, steps: 10, stepsPerSecond: 1 } });
  assert.match(plain(written), /0 of 4 done\n {2}process 1 {2}0 done, 0 an hour, did d 100: step 5 of 10$/);
  clock = 3000;
  view.onEvent({ type: "job-end", job, record: sampleTrial(), worker: "process 1", cached: false, seconds: 2 });
  assert.match(plain(written), /\x1b\[1A\x1b\[0J1 of 4 done, best 75\.0 %, 9\.0 s left\n {2}process 1 {2}1 done, 1,800 an hour, waiting$/);
  view.onEvent({ type: "job-retry", job, attempt: 2, reason: "it died.", pauseSeconds: 1 });
  view.onEvent({ type: "job-failed", job, attempts: 3, reason: "it died again." });
  assert.match(plain(written), new RegExp(`${job.id}: it died\\. Attempt 2 follows in 1\\.0 s\\.\n`));
  assert.match(plain(written), new RegExp(`${job.id} failed after 3 attempts: it died again\\.\n`));
});

test("a rack is shown by its first workers and a count", () => {
  const worker = (name: string) => ({ name, done: 1, running: null, perHour: 10 });
  const status = { total: 10, done: 5, cached: 2, early: 1, failed: 1, retries: 2, seconds: 10, eta: 60, best: null };
  assert.equal(plain(statusLine({ ...status, workers: [] })), "5 of 10 done (2 recorded before), 1 stopped early, 1 failed, 2 attempts repeated, 1 min 0 s left");
  const block = statusBlock({ ...status, workers: Array.from({ length: 40 }, (_unused, index) => worker(`rack${index}`)) });
  assert.deepEqual([block.length, block.at(-1)], [18, "  and 24 workers more"]);
});
