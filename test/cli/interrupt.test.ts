import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { exitCodes } from "../../lib/cli/exitCodes.js";
import { projectRoot } from "../../lib/support/root.js";

/** Runs the child; sends each signal when the child has said the word before it. */
async function stopped(kind: string, signals: readonly (readonly [string, NodeJS.Signals])[]):
  Promise<{ status: number | null; stderr: string }> {
  const script = join(projectRoot, "dist", "test", "cli", "interruptChild.js");
  const child = spawn(process.execPath, [script, kind], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "", stderr = "", sent = 0;
  const hear = (text: string): void => {
    said += text;
    const next = signals[sent];
    if (next === undefined || !said.includes(next[0])) return;
    sent++;
    said = "";
    child.kill(next[1]);
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", (text: string) => { stderr += text; hear(text); });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, stderr };
}

test("the first Ctrl-C lets the command finish its step, and the exit status tells", async () => {
  const { status, stderr } = await stopped("patient", [["ready", "SIGINT"]]);
  assert.equal(status, exitCodes.interrupted);
  assert.match(stderr, /Stopping after this step/);
});

test("the second Ctrl-C exits at once", async () => {
  assert.equal((await stopped("deaf", [["ready", "SIGINT"], ["Stopping", "SIGINT"]])).status, exitCodes.interrupted);
});

test("SIGTERM stops in the same way with a status of its own", async () => {
  assert.equal((await stopped("patient", [["ready", "SIGTERM"]])).status, exitCodes.terminated);
});

test("an error that follows from stopping is not the news", async () => {
  const { status, stderr } = await stopped("failing", [["ready", "SIGINT"]]);
  assert.equal(status, exitCodes.interrupted);
  assert.doesNotMatch(stderr, /whatever was going on/);
});
