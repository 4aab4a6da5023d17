import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../../lib/support/root.js";
import type { SweepPlanInput } from "../../../lib/sweep/plan.js";
import { TRAINER } from "../../../lib/sweep/pool.js";
import { runSweep } from "../../../lib/sweep/sweep.js";
import { withFolder } from "../../models/folders.js";
import { writeWorld } from "../../training/world.js";
import { withWorkers } from "./fleet.js";
import { skip, withRedis } from "./redis.js";

/** The plan of docs/sweeps.md, which README names, as it stands there. */
function documentedPlan(): SweepPlanInput {
  const [, json = ""] = /```json\n(\{[^`]*\})\n```/.exec(readFileSync(join(projectRoot, "docs", "sweeps.md"), "utf8")) ?? [];
  return JSON.parse(json);
}

/** A record's file without the values of what depends on the clock: every other byte counts. */
const timeless = (text: string): string => text.replace(/^( *"(?:seconds|startedAt|finishedAt)": ).*$/gm, "$1-");

const filesIn = (out: string): Map<string, string> => new Map(readdirSync(out).filter((name) => /^[0-9a-f]{12}$/.test(name)).sort()
  .map((name) => [name, timeless(readFileSync(join(out, name, "record.json"), "utf8"))]));

test("the documented plan, trained by a tiny model locally and through a queue, gives the same files byte for byte, times aside", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  writeWorld(folder);
  const plan: SweepPlanInput = {
    ...documentedPlan(), models: [join(folder, "model")], tasks: [{ task: "mrpc", data: join(folder, "data") }], settings: { epochs: 1, batchSize: 8, maxLength: 16 },
  };
  const local = await runSweep(plan, { out: join(folder, "local"), processes: 1, threads: 1 });
  assert.deepEqual([local.done, local.failed], [local.total, []]);
  const worker = { url, out: join(folder, "worker"), runner: TRAINER, size: 1 };
  const queued = await withWorkers(1, worker, () => runSweep(plan, { out: join(folder, "queued"), queue: url }));
  assert.deepEqual([queued.done, queued.cached, queued.failed], [queued.total, 0, []]);
  const expected = filesIn(join(folder, "local"));
  assert.equal(expected.size, local.total);
  assert.deepEqual(filesIn(join(folder, "queued")), expected);
})));
