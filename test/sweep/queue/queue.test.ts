import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { SweepEvent } from "../../../lib/sweep/events.js";
import { runSweep } from "../../../lib/sweep/sweep.js";
import { withFolder } from "../../models/folders.js";
import { timelessRecords } from "../records.js";
import { tinyRunner } from "../tinyRunner.js";
import { coordinate, planOf, startWorkerChild, withWorkers } from "./fleet.js";
import { skip, withRedis } from "./redis.js";

test("a plan through a queue gives the records of a local sweep, each trial run once", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  const plan = planOf(12), trace = join(folder, "trace"), events: SweepEvent[] = [];
  await runSweep(plan, { out: join(folder, "local"), runner: tinyRunner(), processes: 2 });
  const outcome = await withWorkers(2, { url, out: join(folder, "workers"), runner: tinyRunner({ trace, stepMs: 30 }), size: 2 }, () =>
    coordinate(url, join(folder, "queue"), plan, { onEvent: (event) => events.push(event) }));
  assert.deepEqual([outcome.done, outcome.cached, outcome.failed, outcome.interrupted], [12, 0, [], false]);
  assert.deepEqual(await timelessRecords(join(folder, "queue")), await timelessRecords(join(folder, "local")));
  assert.equal(readFileSync(trace, "utf8").trim().split("\n").length, 4 * 12);
  const makers = new Set(events.flatMap((event) => (event.type === "job-end" ? [event.worker] : [])));
  assert.ok([...makers].every((name) => /^test:\d+$/.test(name ?? "")) && makers.size === 2, [...makers].join());
  const again = await coordinate(url, join(folder, "queue"), plan);
  assert.deepEqual([again.done, again.cached], [12, 12]);
})));

test("a worker that is told to end hands back what it runs, and another goes on from its checkpoint in the shared store", { skip }, () =>
  withFolder((folder) => withRedis(async ({ url }) => {
    const trace = join(folder, "trace"), out = join(folder, "shared"), runner = tinyRunner({ trace, steps: 40, stepMs: 40 });
    const plan = planOf(2), done = coordinate(url, out, plan);
    const first = startWorkerChild({ url, out, runner, size: 2, inProcess: true });
    while (((await readOrEmpty(trace)).match(/\n/g) ?? []).length < 12) await sleep(50);
    first.process.kill("SIGTERM");
    assert.equal(await first.exited, 0);
    assert.deepEqual(JSON.parse(first.stdout()), { done: 0, failed: 0, handedBack: 2 });
    const outcome = await withWorkers(1, { url, out, runner, size: 2, inProcess: true }, () => done);
    assert.deepEqual([outcome.done, outcome.failed.length], [2, 0]);
    const steps = (await readOrEmpty(trace)).trim().split("\n");
    assert.equal(steps.length, 2 * 40, "no step was made twice");
    assert.equal(new Set(steps.map((line) => line.split(" ")[2])).size, 2, "by two workers");
  })));

const readOrEmpty = async (file: string): Promise<string> => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
};

test("failures are tried again with pauses; what fails always ends in the list of dead letters, and a new sweep tries it again", { skip }, () =>
  withFolder((folder) => withRedis(async ({ url }) => {
    const options = { url, out: join(folder, "workers"), size: 2, inProcess: true };
    const outcome = await withWorkers(1, { ...options, runner: tinyRunner({ failFirst: 0.4, failAlways: 0.3 }) }, () => coordinate(url, join(folder, "out"), planOf(12, { attempts: 2 })));
    assert.ok(outcome.failed.length > 0 && outcome.failed.length < 9, `${outcome.failed.length}`);
    for (const { reason, attempts } of outcome.failed) assert.deepEqual([reason, attempts], ["this one always fails", 2]);
    assert.equal(outcome.done + outcome.failed.length, 12);
    const mended = await withWorkers(1, { ...options, runner: tinyRunner() }, () => coordinate(url, join(folder, "out"), planOf(12, { attempts: 2 })));
    assert.deepEqual([mended.done, mended.cached, mended.failed], [12, outcome.done, []]);
  })));

test("two coordinators on one plan, with one store and with two, each end with every record", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  const plan = planOf(30), out = join(folder, "one");
  await withWorkers(2, { url, out: join(folder, "workers"), runner: tinyRunner({ stepMs: 5 }), size: 2, inProcess: true }, async () => {
    const outcomes = await Promise.all([coordinate(url, out, plan), coordinate(url, out, plan), coordinate(url, join(folder, "two"), plan)]);
    for (const { done, failed } of outcomes) assert.deepEqual([done, failed], [30, []]);
  });
  const records = await timelessRecords(out);
  assert.equal(records.size, 30);
  assert.deepEqual(await timelessRecords(join(folder, "two")), records);
})));

test("a worker of another version is refused with both versions, and so is a coordinator while there is work", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  const stop = new AbortController(), out = join(folder, "out");
  const waiting = coordinate(url, out, planOf(3), { signal: stop.signal });
  await sleep(500);
  const other = startWorkerChild({ url, out, runner: tinyRunner(), size: 1, version: "9.9.9", inProcess: true });
  assert.equal(await other.exited, 2);
  assert.match(other.stderr(), /queue: it is one of d90 \d+\.\d+\.\d+ \(protocol 1, records 1\), and this is d90 9\.9\.9 .*: install the same version here/);
  const identity = { version: "9.9.9", protocol: 1, records: 1 };
  await assert.rejects(coordinate(url, out, planOf(3), { identity }), /let that sweep end first, or use another queue: redis:\/\/\.\.\.\?name=another/);
  stop.abort();
  assert.equal((await waiting).interrupted, true);
})));

test("rates compete over all workers, and the record says what was stopped", { skip }, () => withFolder((folder) => withRedis(async ({ url }) => {
  const plan = { ...planOf(1), rates: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9], settings: { epochs: 4 }, earlyStopping: {} };
  const outcome = await withWorkers(2, { url, out: join(folder, "workers"), runner: tinyRunner(), size: 2, inProcess: true }, () => coordinate(url, join(folder, "out"), plan));
  assert.equal(outcome.done, 9);
  const stopped = [...(await timelessRecords(join(folder, "out"))).values()].filter((text) => text.includes('"earlyStop"'));
  assert.ok(stopped.length >= 3 && stopped.length < 9, `${stopped.length}`);
})));
