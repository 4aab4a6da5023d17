import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pretrain, readPretraining } from "../../lib/pretraining/index.js";
import { withFolder } from "../models/folders.js";
import { tinyOptions, writeText } from "./tiny.js";

const child = fileURLToPath(new URL("pretrainChild.js", import.meta.url));

/** Pre-trains in a process of its own; kills it when it says that it has done `steps` things. @returns whether it was killed. */
function runAndKill(folder: string, steps: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, folder], { stdio: ["ignore", "pipe", "inherit"] });
    let seen = 0, killed = false;
    process_.stdout.on("data", (lines: Buffer) => {
      seen += lines.toString().split("step").length - 1;
      if (seen >= steps && !killed) killed = process_.kill("SIGKILL");
    });
    process_.on("error", reject);
    process_.on("exit", (code) => (killed || code === 0 ? resolve(killed) : reject(new Error(`it exited with ${code}`))));
  });
}

test("a pre-training killed again and again ends with the bits of the undisturbed one", () => withFolder(async (folder) => {
  writeText(folder);
  const whole = await pretrain(tinyOptions(folder, "whole"));
  let kills = 0;
  for (const steps of [2, 5, Infinity]) if (await runAndKill(folder, steps)) kills += 1;
  assert.ok(kills >= 1, `${kills} kills`);
  const record = (await readPretraining(join(folder, "killed")))!;
  assert.deepEqual([record.evaluations, record.losses], [whole.evaluations, whole.losses]);
  for (const path of ["model.safetensors", "checkpoint-000003/model.safetensors", "tokenizer.json"]) {
    assert.ok(readFileSync(join(folder, "killed", path)).equals(readFileSync(join(folder, "whole", path))), path);
  }
}));
