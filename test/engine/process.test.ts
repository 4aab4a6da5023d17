import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { nativeProcess, quietly, worthShowing } from "../../lib/engine/process.js";
import { bindingFile } from "../../lib/engine/tensorflow.js";
import { projectRoot } from "../../lib/support/root.js";

test("announcements are left out, everything else is shown", () => {
  const text = "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\nE0000 no memory\n\nI0 oneDNN custom operations are on.\n";
  assert.deepEqual(worthShowing(text), ["E0000 no memory"]);
});

test("without the addon the work is done all the same", () => {
  assert.equal(quietly(nativeProcess("/nowhere/process.node"), () => 42), 42);
});

/** What `code` prints in a process of its own, in which the engine has started. */
function printedAfterStart(code: string): { stdout: string; stderr: string } {
  const engine = pathToFileURL(join(projectRoot, "dist", "lib", "engine", "index.js")).href;
  const program = `const { startEngine } = await import(${JSON.stringify(engine)}); await startEngine(); ${code}`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
}

test("the engine starts without a word on standard error", () => {
  const { stdout, stderr } = printedAfterStart(`console.log("started");`);
  assert.equal(stdout.trim(), "started", stderr);
  assert.equal(stderr, "");
});

const unmaps = process.platform === "linux" && nativeProcess(join(dirname(bindingFile()), "process.node")) !== null;

test("what only loading TensorFlow needed is given back", { skip: !unmaps && "takes Linux and the compiled addon" }, () => {
  const { stdout, stderr } = printedAfterStart(`
    const status = (await import("node:fs")).readFileSync("/proc/self/status", "utf8");
    const megabytes = (name) => Number(new RegExp(name + ":[^0-9]*([0-9]+) kB").exec(status)[1]) / 1024;
    console.log(megabytes("VmHWM") - megabytes("VmRSS"));`);
  assert.ok(Number(stdout) > 150, `${stdout} MB less than when it was loading; ${stderr}`);
});
