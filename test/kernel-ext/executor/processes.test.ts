import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { descendants, signalAll } from "../../../kernel-ext/executor/processes.js";

test("descendants are found at every remove, parents first, and can be ended", { timeout: 60_000 }, async () => {
  const child = spawn("sh", ["-c", "sh -c 'sleep 600; true'; true"], { stdio: "ignore" }), { pid } = child;
  assert.ok(pid !== undefined);
  const ended = once(child, "exit");
  try {
    // The inner shell, and its sleep: each takes a moment to start.
    while (descendants(pid).length < 2) await sleep(5);
    const found = descendants(process.pid), below = descendants(pid);
    assert.deepEqual(below.map((one) => found.indexOf(one) - found.indexOf(pid)), [1, 2]);
  } finally {
    signalAll([pid, ...descendants(pid)], "SIGKILL");
  }
  await ended;
  assert.ok(!descendants(process.pid).includes(pid));
});

test("signals to processes that have ended are ignored", () => {
  assert.doesNotThrow(() => signalAll([2 ** 22 + 1], "SIGTERM"));
});
