import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { SearchRecord } from "../../lib/records/record.js";
import { measureD90 } from "../../lib/search/measure.js";
import { d90OverModels } from "../../lib/search/series.js";
import { openTrialPool } from "../../lib/sweep/trialPool.js";
import { withWorld, worldSettings } from "../training/world.js";

const settings = worldSettings({ fullRates: [0.01, 0.02], lowest: 20, highest: 300, firstD: 60, maxTrials: 4, seeds: [5] });
/** A record without what depends on the clock and the process. */
const timeless = ({ environment: _environment, ...record }: SearchRecord) => JSON.parse(JSON.stringify(record, (key, value: unknown) =>
  (["seconds", "startedAt", "finishedAt"].includes(key) ? 0 : value))) as unknown;

test("a search in two processes, one thread each, ends as the search in this one", () => withWorld(async (session, folder) => {
  const whole = await measureD90({ method: "did", settings, out: join(folder, "whole") }, session);
  const pool = openTrialPool({ processes: 2, source: { model: join(folder, "model"), data: join(folder, "data"), task: "mrpc" } });
  const lines: string[] = [];
  try {
    const record = await measureD90({
      method: "did", settings, out: join(folder, "beside"), pool,
      onEvent: (event) => { if (event.type === "step") lines.push(`${event.progress.step} of ${event.progress.steps}: ${Number.isFinite(event.progress.loss)}`); },
    }, session);
    assert.equal(pool.size, 2);
    assert.deepEqual(timeless(record), timeless(whole));
    assert.ok(lines.length > 0 && lines.every((line) => line.endsWith("true")), lines[0]);
  } finally {
    await pool.close();
  }
}));

test("each measurement of a series has its own pool, which ends with it, and the points are those of trials one by one", () => withWorld(async (_session, folder) => {
  const [model, data] = [join(folder, "model"), join(folder, "data")], options = { tasks: ["mrpc"], data, settings: { ...settings, maxTrials: 2 } };
  const one = await d90OverModels([model], { ...options, out: join(folder, "one") });
  const told: string[] = [];
  const beside = await d90OverModels([model], {
    ...options, out: join(folder, "two"),
    async openPool(run, { records }) {
      told.push(`opened for ${records.model.parameters === one.points[0]!.model.parameters} ${run.model === model}`);
      const pool = openTrialPool({ processes: 2, source: { model, data, task: "mrpc" } });
      return { ...pool, close: () => (told.push("closed"), pool.close()) };
    },
  });
  assert.deepEqual(told, ["opened for true true", "closed"]);
  assert.deepEqual(beside.points.map(({ d90 }) => d90), one.points.map(({ d90 }) => d90));
}));

test("more processes than cores are refused", () => {
  assert.throws(() => openTrialPool({ processes: 1000 }), /^UsageError: --processes times --threads must be at most the \d+ cores, got 1000 x 1\.$/);
});
