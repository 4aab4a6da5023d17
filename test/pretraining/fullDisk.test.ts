import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { startEngine } from "../../lib/engine/index.js";
import { pretrain } from "../../lib/pretraining/index.js";
import { UsageError } from "../../lib/support/checks.js";
import { withFolder } from "../models/folders.js";
import { withFullDisk } from "../support/disk.js";
import { tinyOptions, writeText } from "./tiny.js";

before(async () => { await startEngine(); });

const explains = (kept: RegExp) => (error: unknown): boolean =>
  error instanceof UsageError && /cannot write to .*: the disk is full\. /.test(error.message) && kept.test(error.message) && /run the same command again/.test(error.message);

test("a disk that fills up in any file is explained, keeps all before, and the same call ends with the bits of the undisturbed one", () => withFolder(async (folder) => {
  writeText(folder);
  const whole = await pretrain(tinyOptions(folder, "whole")), out = join(folder, "full"), tensors = tf.memory().numTensors;
  const fails = (pattern: RegExp, kept: RegExp): Promise<void> =>
    withFullDisk(pattern, () => assert.rejects(pretrain(tinyOptions(folder, "full")), explains(kept)));

  await fails(/full.checkpoint-000000/, /Nothing was written before/);
  assert.deepEqual(readdirSync(out), []);
  await fails(/checkpoint-000003.*model\.safetensors/, /Nothing was written before/);
  assert.ok(existsSync(join(out, "checkpoint-000000", "model.safetensors")) && !existsSync(join(out, "checkpoint-000003")));
  await fails(/state\.safetensors/, /Nothing was written before/);
  await fails(/checkpoint-000006.*tokenizer\.json/, /Everything up to update 3 is kept/);
  await fails(/full.pretraining\.json/, /Everything up to update 6 is kept/);
  await fails(/full.model\.safetensors/, /Everything up to update 8 is kept/);

  const record = await pretrain(tinyOptions(folder, "full"));
  assert.deepEqual([record.evaluations, record.losses, record.outcome], [whole.evaluations, whole.losses, "completed"]);
  for (const path of ["model.safetensors", "checkpoint-000003/model.safetensors"]) {
    assert.ok(readFileSync(join(out, path)).equals(readFileSync(join(folder, "whole", path))), path);
  }
  assert.deepEqual(readdirSync(out, { recursive: true }).filter((name) => String(name).endsWith(".tmp")), []);
  assert.equal(tf.memory().numTensors, tensors);
}));

test("a disk that fills up while rows are packed leaves no half of them", () => withFolder(async (folder) => {
  writeText(folder);
  await withFullDisk(/train\.rows/, () => assert.rejects(pretrain(tinyOptions(folder, "full")), explains(/Nothing was written before/)));
  assert.deepEqual(readdirSync(join(folder, "rows")), ["tokenizer.json"]);
}));
