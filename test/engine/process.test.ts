import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { nativeProcess, quietly, worthShowing } from "../../lib/engine/process.js";
import { projectRoot } from "../../lib/support/root.js";

test("announcements are left out, everything else is shown", () => {
  const text = "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\nE0000 no memory\n\nI0 oneDNN custom operations are on.\n";
  assert.deepEqual(worthShowing(text), ["E0000 no memory"]);
});

test("without the addon the work is done all the same", () => {
  assert.equal(quietly(nativeProcess("/nowhere/process.node"), () => 42), 42);
});

test("the engine starts without a word on standard error", () => {
  const engine = pathToFileURL(join(projectRoot, "dist", "lib", "engine", "index.js")).href;
  const code = `const { startEngine } = await import(${JSON.stringify(engine)}); await startEngine(); console.log("started");`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  assert.equal(stdout.trim(), "started", stderr);
  assert.equal(stderr, "");
});
