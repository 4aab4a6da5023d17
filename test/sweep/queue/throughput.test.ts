import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../../lib/records/store.js";
import { placeOf } from "../../../lib/sweep/describe.js";
import { countJobs, jobsOf } from "../../../lib/sweep/expand.js";
import { parsePlan } from "../../../lib/sweep/plan.js";
import { createOutstanding } from "../../../lib/sweep/queue/outstanding.js";
import { withFolder } from "../../models/folders.js";
import { collect } from "../../support/collect.js";
import { describeTiny, tinyRunner } from "../tinyRunner.js";
import { coordinate, planOf, withWorkers } from "./fleet.js";
import { skip, withRedis } from "./redis.js";

/** D90_FAULTS=long: 2,000 trials and 8 workers, alone on the machine, must make 200 a second. */
const LONG = process.env.D90_FAULTS === "long";
const [TRIALS, WORKERS] = LONG ? [2000, 8] : [200, 2];

test("empty trials pass through the queue", { skip }, (t) => withFolder((folder) => withRedis(async ({ url }) => {
  const options = { url, out: join(folder, "workers"), runner: tinyRunner({ steps: 0 }), size: 4, inProcess: true };
  let first = 0;
  const outcome = await withWorkers(WORKERS, options, () => coordinate(url, join(folder, "out"), planOf(TRIALS),
    { poll: 50, onEvent: () => { first ||= performance.now(); } }));
  // Workers take seconds to start: the time counts from the first trial that any of them ended.
  const rate = TRIALS / ((performance.now() - first) / 1000);
  t.diagnostic(`${TRIALS} empty trials, ${WORKERS} workers: ${rate.toFixed(0)} a second`);
  assert.equal(outcome.done, TRIALS);
  assert.equal((await openStore(join(folder, "out")).list()).records.length, TRIALS);
})));

function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

test("a coordinator's memory does not grow with the plan: a hundred thousand trials pass through its window", async () => {
  const seeds = Array.from({ length: 25_000 }, (_unused, seed) => seed);
  const plan = parsePlan({ methods: ["did"], d: [100, 200], rates: [0.1, 0.2], seeds }), places = [placeOf({}, await describeTiny())];
  assert.equal(countJobs(plan, places), 100_000);
  const outstanding = createOutstanding(jobsOf(plan, places));
  let passed = 0, early = 0;
  for (;;) {
    for (let job = outstanding.jobs.size < 1000 ? outstanding.next() : null; job !== null; job = outstanding.jobs.size < 1000 ? outstanding.next() : null) outstanding.add(job);
    if (outstanding.isDone()) break;
    for (const job of [...outstanding.jobs.values()]) { outstanding.end(job); passed++; }
    if (passed === 10_000) early = heldBytes();
  }
  const grown = heldBytes() - early;
  assert.equal(passed, 100_000);
  assert.ok(grown < 5e6, `${(grown / 1e6).toFixed(1)} MB more at 100,000 trials than at 10,000`);
});
