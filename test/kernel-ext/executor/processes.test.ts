import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import test from "node:test";
import { descendants, signalAll } from "../../../kernel-ext/executor/processes.js";

test("descendants are found at every remove, parents first, and can be ended", { timeout: 60_000 }, async () => {
  const child = spawn("sh", ["-c", "sh -c 'echo up; sleep 600; true'; true"], { stdio: ["ignore", "pipe", "ignore"] });
  assert.ok(child.pid !== undefined);
  await once(child.stdout, "data");
  const found = descendants(process.pid);
  assert.ok(found.includes(child.pid));
  const below = descendants(child.pid);
  assert.ok(below.length >= 1);
  assert.ok(below.every((pid) => found.indexOf(pid) > found.indexOf(child.pid ?? 0)));
  const ended = once(child, "exit");
  signalAll(found.filter((pid) => pid === child.pid || below.includes(pid)), "SIGKILL");
  await ended;
  assert.ok(!descendants(process.pid).includes(child.pid));
});

test("signals to processes that have ended are ignored", () => {
  assert.doesNotThrow(() => signalAll([2 ** 22 + 1], "SIGTERM"));
});
