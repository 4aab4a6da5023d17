import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { withLock } from "../../setup/support/lock.mjs";
import { put, temporaryProject } from "./project.mjs";

/** The id of a process that has ended. */
async function endedProcess() {
  const child = spawn(process.execPath, ["-e", ""]);
  await once(child, "exit");
  return child.pid;
}

test("one holder at a time, the others wait, and nothing is left", async (t) => {
  const project = temporaryProject(t);
  const path = join(project.state, "setup.lock");
  let inside = 0;
  const waits = [];
  const work = () => withLock(path, async () => {
    inside += 1;
    assert.equal(inside, 1);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    inside -= 1;
  }, { poll: 1, waiting: (pid) => waits.push(pid) });
  await Promise.all(Array.from({ length: 6 }, work));
  assert.ok(waits.length > 0 && waits.every((pid) => pid === process.pid));
  assert.deepEqual(readdirSync(project.state), []);
});

test("the lock is free again after an error", async (t) => {
  const path = join(temporaryProject(t).state, "setup.lock");
  await assert.rejects(withLock(path, () => { throw new Error("broken"); }), /broken/);
  assert.equal(existsSync(path), false);
  assert.equal(await withLock(path, () => 7), 7);
});

test("a lock whose owner has ended is taken over", async (t) => {
  const project = temporaryProject(t);
  put(project, ".d90/setup.lock", { pid: await endedProcess(), host: hostname() });
  assert.equal(await withLock(join(project.state, "setup.lock"), () => 7), 7);
});

test("a lock of another machine holds while its heart beats, not afterwards", async (t) => {
  const project = temporaryProject(t);
  const path = join(project.state, "setup.lock");
  put(project, ".d90/setup.lock", { pid: 1, host: "elsewhere" });
  const events = [];
  const waiting = (pid) => {
    events.push(`waits for ${pid}`);
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(path, longAgo, longAgo);
  };
  await withLock(path, () => events.push("works"), { poll: 1, waiting });
  assert.deepEqual(events, ["waits for 1", "works"]);
});

test("a damaged lock file is taken over when it is old", async (t) => {
  const project = temporaryProject(t);
  const path = join(project.state, "setup.lock");
  put(project, ".d90/setup.lock", "");
  utimesSync(path, new Date(0), new Date(0));
  assert.equal(await withLock(path, () => 7), 7);
});
