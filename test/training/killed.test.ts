import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { idOf } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { runTrial, trainedFile } from "../../lib/training/trial.js";
import { configurationIn, withWorld } from "./world.js";

const child = fileURLToPath(new URL("killedChild.js", import.meta.url));

/** Runs the trial in a process of its own; kills it when it says that it has done `steps` steps. @returns whether it was killed. */
function runAndKill(folder: string, steps: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const trial = spawn(process.execPath, [child, folder], { stdio: ["ignore", "pipe", "inherit"] });
    let seen = 0, killed = false;
    trial.stdout.on("data", (lines: Buffer) => {
      seen += lines.toString().split("step").length - 1;
      if (seen >= steps && !killed) killed = trial.kill("SIGKILL");
    });
    trial.on("error", reject);
    trial.on("exit", (code) => (killed || code === 0 ? resolve(killed) : reject(new Error(`the trial exited with ${code}`))));
  });
}

test("a run killed with SIGKILL again and again ends with the bits of the undisturbed one", () => withWorld(async (session, folder) => {
  const configuration = configurationIn(session);
  const whole = await runTrial(session, configuration, { store: openStore(join(folder, "whole")) });
  let kills = 0;
  for (const steps of [3, 1, 4, 2, Infinity]) if (await runAndKill(folder, steps)) kills += 1;
  assert.ok(kills >= 3, `${kills} kills`);
  const record = await openStore(join(folder, "killed")).findTrial(configuration);
  assert.equal(record?.outcome, "completed");
  assert.deepEqual({ ...record, seconds: 0, startedAt: "" }, { ...whole, seconds: 0, startedAt: "" });
  const bytes = (out: string): Buffer => readFileSync(join(folder, out, idOf(configuration), trainedFile));
  assert.ok(bytes("killed").equals(bytes("whole")), "the same z, bit for bit");
}));
