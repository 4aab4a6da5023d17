import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { pretrain, readPretraining } from "../../lib/pretraining/index.js";
import { withFolder } from "../models/folders.js";
import { tinyOptions, writeText } from "./tiny.js";

const child = fileURLToPath(new URL("pretrainChild.js", import.meta.url));

/** Pre-trains in a process of its own, killed when it has done `steps` things, or while it writes the file `dyingIn`. @returns whether it was killed. */
function runAndKill(folder: string, { steps = Infinity, dyingIn }: { steps?: number; dyingIn?: string }): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [child, folder, String(steps), ...(dyingIn === undefined ? [] : [dyingIn])], { stdio: ["ignore", "ignore", "inherit"] });
    process_.on("error", reject);
    process_.on("exit", (code, signal) => (signal === "SIGKILL" || code === 0 ? resolve(signal !== null) : reject(new Error(`it exited with ${code}`))));
  });
}

test("a pre-training killed between updates and inside files ends with the bits of the undisturbed one", () => withFolder(async (folder) => {
  writeText(folder);
  const whole = await pretrain(tinyOptions(folder, "whole"));
  const dies = async (how: { steps?: number; dyingIn?: string }): Promise<void> => assert.ok(await runAndKill(folder, how), `${JSON.stringify(how)}: killed`);
  await dies({ steps: 2 });
  await dies({ dyingIn: "checkpoint-000003.*model.safetensors" });
  await dies({ dyingIn: "killed.state.safetensors" });
  assert.equal(await runAndKill(folder, {}), false);
  const record = (await readPretraining(join(folder, "killed")))!;
  assert.deepEqual([record.evaluations, record.losses], [whole.evaluations, whole.losses]);
  for (const path of ["model.safetensors", "checkpoint-000003/model.safetensors", "tokenizer.json"]) {
    assert.ok(readFileSync(join(folder, "killed", path)).equals(readFileSync(join(folder, "whole", path))), path);
  }
  assert.deepEqual(readdirSync(join(folder, "killed")).filter((name) => name.endsWith(".tmp")), [], "what was half-written is gone");
}));
