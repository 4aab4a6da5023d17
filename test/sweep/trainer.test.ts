import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SearchRecord } from "../../lib/records/record.js";
import { measureD90 } from "../../lib/search/measure.js";
import { openSessionFor } from "../../lib/search/within.js";
import type { SweepEvent } from "../../lib/sweep/events.js";
import type { SweepPlanInput } from "../../lib/sweep/plan.js";
import { dryRun } from "../../lib/sweep/dryRun.js";
import { runSweep } from "../../lib/sweep/sweep.js";
import { withFolder } from "../models/folders.js";
import { writeWorld } from "../training/world.js";
import { timelessRecords } from "./records.js";

/** A plan over the tiny model and its rows in `folder`. */
const planIn = (folder: string, rest: Partial<SweepPlanInput>): SweepPlanInput => ({
  models: [join(folder, "model")], tasks: [{ task: "mrpc", data: join(folder, "data") }], methods: ["did"], seeds: [3], fullRates: [0.01], ...rest,
  settings: { epochs: 2, batchSize: 8, maxLength: 16, ...rest.settings },
});

test("real trainings in processes that are killed end as those of one undisturbed process", () => withFolder(async (folder) => {
  writeWorld(folder);
  const plan = planIn(folder, { methods: ["full", "did", "said"], d: [40], rates: [0.05], settings: { epochs: 4 } });
  const estimate = await dryRun(plan, { out: join(folder, "whole"), processes: 1 });
  assert.deepEqual([estimate.total, estimate.recorded, estimate.memoryBasis, estimate.sizing.processes], [3, 0, "measured", 1]);
  assert.ok(estimate.hours! > 0 && estimate.hours! < 0.2 && estimate.memory > 5e7 && estimate.memory < 5e9, JSON.stringify(estimate));
  await runSweep(plan, { out: join(folder, "whole"), processes: 1, threads: 1 });

  const pids = new Map<string, number>();
  let kills = 0;
  const onEvent = (event: SweepEvent): void => {
    if (event.type === "job-start") pids.set(event.job.id, event.pid!);
    if (event.type === "job-progress" && kills < 2 && process.kill(pids.get(event.job.id)!, "SIGKILL")) kills += 1;
  };
  const killed = await runSweep(plan, { out: join(folder, "killed"), processes: 2, threads: 1, onEvent, retryPause: 5 });
  assert.deepEqual([killed.done, killed.failed, kills], [3, [], 2]);
  const whole = await timelessRecords(join(folder, "whole"));
  assert.deepEqual(await timelessRecords(join(folder, "killed")), whole);
  const recorded = await dryRun(plan, { out: join(folder, "whole"), measure: false });
  assert.deepEqual([recorded.recorded, recorded.hours], [3, 0]);
  assert.ok(recorded.jobs.every(({ basis, seconds }) => basis === "recorded" && seconds! > 0));
}));

test("a plan of searches finds what d90 find finds, from one full fine-tuning for both", () => withFolder(async (folder) => {
  writeWorld(folder);
  const settings = { epochs: 1, batchSize: 8, maxLength: 16, lowest: 20, highest: 300, firstD: 60, maxTrials: 1 };
  const result = await runSweep(planIn(folder, { methods: ["did", "said"], search: true, settings }), { out: join(folder, "sweep"), processes: 1, threads: 1 });
  const records = await result.records();
  assert.deepEqual(records.map(({ record }) => record), ["trial", "search", "search"]);
  const [full, did, said] = records;
  assert.deepEqual([did, said].map((record) => record?.record === "search" && record.baseline.map(({ id }) => id)), [[full!.id], [full!.id]]);

  const run = { model: join(folder, "model"), task: "mrpc", data: join(folder, "data"), out: join(folder, "find"),
    settings: { ...settings, fullRates: [0.01], seeds: [3] }, engine: { threads: 1 } };
  const { session } = await openSessionFor(run);
  const found = await measureD90({ ...run, method: "did" }, session).finally(session.dispose);
  const essence = ({ result: { d90, lower, upper, outcome, full: metric }, id }: SearchRecord) => ({ id, d90, lower, upper, outcome, metric });
  assert.ok(did?.record === "search");
  assert.deepEqual(essence(did), essence(found));
}));
