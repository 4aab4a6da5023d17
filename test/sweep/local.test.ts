import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "../../lib/records/store.js";
import type { SweepEvent } from "../../lib/sweep/events.js";
import type { SweepPlanInput } from "../../lib/sweep/plan.js";
import { runSweep } from "../../lib/sweep/sweep.js";
import { withFolder } from "../models/folders.js";
import { timelessRecords } from "./records.js";
import { tinyRunner } from "./tinyRunner.js";

const plan: SweepPlanInput = { methods: ["full", "did"], d: [100, 200, 300], rates: [0.1, 0.2], fullRates: [1e-4], seeds: [0, 1, 2], attempts: 3 };
const TOTAL = 3 + 18;

test("every trial is recorded once, and a second run takes all of them up", () => withFolder(async (folder) => {
  const out = join(folder, "runs"), trace = join(folder, "trace"), runner = tinyRunner({ trace, steps: 2 });
  const first = await runSweep(plan, { out, runner, processes: 2 });
  assert.deepEqual([first.total, first.done, first.cached, first.failed.length, first.interrupted], [TOTAL, TOTAL, 0, 0, false]);
  assert.equal((await first.records()).length, TOTAL);
  assert.equal((await timelessRecords(out)).size, TOTAL);
  const steps = readFileSync(trace, "utf8");
  assert.equal(steps.trim().split("\n").length, 2 * TOTAL, "no trial was run twice");
  assert.equal(new Set(steps.trim().split("\n").map((line) => line.split(" ")[2])).size, 2, "by two processes");
  const second = await runSweep(plan, { out, runner, processes: 2 });
  assert.deepEqual([second.done, second.cached], [TOTAL, TOTAL]);
  assert.equal(readFileSync(trace, "utf8"), steps);
}));

test("a sweep stopped again and again, and taken up, ends as the undisturbed one", () => withFolder(async (folder) => {
  const whole = join(folder, "whole"), parts = join(folder, "parts"), trace = join(folder, "trace");
  await runSweep(plan, { out: whole, runner: tinyRunner(), processes: 2 });
  let stops = 0, done = 0;
  for (let interrupted = true; interrupted && stops < 30; stops += 1) {
    const stop = new AbortController();
    let ended = 0;
    const onEvent = (event: SweepEvent): void => { if (event.type === "job-end" && !event.cached && ++ended === 6) stop.abort(); };
    const result = await runSweep(plan, { out: parts, runner: tinyRunner({ trace, stepMs: 4 }), processes: 2, signal: stop.signal, onEvent });
    ({ interrupted, done } = result);
  }
  assert.ok(stops > 2, `${stops} starts`);
  assert.equal(done, TOTAL);
  assert.deepEqual(await timelessRecords(parts), await timelessRecords(whole));
  assert.equal(readFileSync(trace, "utf8").trim().split("\n").length, 4 * TOTAL, "what was stopped went on from its checkpoint");
}));

test("processes that are killed, and trials that fail, are tried again; what fails always is given up with its reason", () => withFolder(async (folder) => {
  const out = join(folder, "runs"), whole = join(folder, "whole");
  const runner = tinyRunner({ failFirst: 0.4, dieFirst: 0.3, failAlways: 0.15 });
  const retries: string[] = [];
  const onEvent = (event: SweepEvent): void => { if (event.type === "job-retry") retries.push(event.reason); };
  const result = await runSweep({ ...plan, attempts: 2 }, { out, runner, processes: 2, onEvent, retryPause: 5 });
  assert.ok(result.failed.length > 0 && result.failed.length < TOTAL / 2, `${result.failed.length} failed`);
  for (const { reason, attempts } of result.failed) assert.deepEqual([reason, attempts], ["this one always fails", 2]);
  assert.ok(retries.some((reason) => /the worker process ended \(SIGKILL\): killed/.test(reason)), retries.join("; "));
  assert.ok(retries.includes("this one fails the first time"));
  assert.equal(result.done + result.failed.length, TOTAL);
  await runSweep(plan, { out: whole, runner: tinyRunner(), processes: 2 });
  const expected = await timelessRecords(whole);
  for (const { id } of result.failed) expected.delete(id);
  assert.deepEqual(await timelessRecords(out), expected);
}));

test("a trial that takes too long is stopped, goes on from its checkpoint, and is given up in the end", () => withFolder(async (folder) => {
  const slow: SweepPlanInput = { methods: ["full"], fullRates: [1e-4], seeds: [0], attempts: 3, timeoutMinutes: 0.2 / 60 };
  const runner = tinyRunner({ steps: 8, stepMs: 60 });
  const through = await runSweep({ ...slow, attempts: 8 }, { out: join(folder, "a"), runner, processes: 1, retryPause: 5 });
  assert.deepEqual([through.done, through.failed.length], [1, 0], "each attempt brought it further");
  const never = await runSweep({ ...slow, attempts: 2 }, { out: join(folder, "b"), runner: tinyRunner({ steps: 1, stepMs: 60_000 }), processes: 1, retryPause: 5 });
  assert.equal(never.failed.length, 1);
  assert.match(never.failed[0]!.reason, /timed out after 0\.00333 minutes/);
}));

test("early stopping ends hopeless rates, says so in the record, and without it they go on", () => withFolder(async (folder) => {
  const out = join(folder, "runs");
  const many: SweepPlanInput = { methods: ["did"], d: [100], rates: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], seeds: [0], settings: { epochs: 4 }, earlyStopping: { reduction: 3, minEpochs: 1 } };
  const runner = tinyRunner({ steps: 4, stepMs: 1 });
  const result = await runSweep(many, { out, runner, processes: 1 });
  const records = await result.records();
  const stopped = records.flatMap((record) => (record.record === "trial" && record.earlyStop !== undefined ? [record] : []));
  assert.ok(stopped.length >= 4 && stopped.length < 9, `${stopped.length} stopped`);
  for (const { earlyStop, outcome } of stopped) {
    assert.equal(outcome, "interrupted");
    assert.ok(earlyStop!.rank > Math.floor(earlyStop!.of / 3) && [1, 3].includes(earlyStop!.epoch));
  }
  const best = Math.max(...records.flatMap((record) => (record.record === "trial" ? record.final?.metric ?? [] : [])));
  assert.ok(stopped.every(({ earlyStop }) => earlyStop!.metric <= best), "the best is not among the stopped ones");
  assert.equal((await runSweep(many, { out, runner, processes: 1 })).cached, 9, "stopped ones are finished under the same plan");
  const { earlyStopping: _none, ...without } = many;
  const all = await runSweep(without, { out, runner, processes: 1 });
  assert.equal((await all.records()).filter((record) => record.record === "trial" && record.outcome === "completed").length, 9);
}));

test("a store that cannot be written stops the sweep with the remedy, and what was written stays", () => withFolder(async (folder) => {
  const runner = tinyRunner({ failWithDisk: 0.2 });
  await assert.rejects(runSweep(plan, { out: join(folder, "runs"), runner, processes: 1 }), /the disk is full.*run the same command again/s);
  const after = await runSweep(plan, { out: join(folder, "runs"), runner: tinyRunner(), processes: 1 });
  assert.ok(after.cached > 0 && after.done === TOTAL, `${after.cached}`);
}));

test("no worker process outlives its sweep, whatever becomes of it", () => withFolder(async (folder) => {
  const trace = join(folder, "trace"), stop = new AbortController();
  let heard = 0;
  const onEvent = (event: SweepEvent): void => { if (event.type === "job-progress" && ++heard === 2) stop.abort(); };
  await runSweep(plan, { out: join(folder, "runs"), runner: tinyRunner({ trace, stepMs: 50 }), processes: 2, signal: stop.signal, onEvent });
  await sleep(20);
  const pids = new Set(readFileSync(trace, "utf8").trim().split("\n").map((line) => Number(line.split(" ")[2])));
  assert.ok(pids.size > 0);
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), /ESRCH/);
  assert.deepEqual((await openStore(join(folder, "runs")).list()).problems, []);
}));
