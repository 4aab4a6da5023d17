import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { idOf, type Method, type TrialConfiguration, type TrialRecord } from "../../lib/records/record.js";
import { openStore } from "../../lib/records/store.js";
import { readSafetensors } from "../../lib/models/safetensors.js";
import type { Session } from "../../lib/training/session.js";
import { evaluateTrained, runTrial, trainedFile, type TrialOptions } from "../../lib/training/trial.js";
import { configurationIn, withWorld } from "./world.js";

const run = (session: Session, configuration: TrialConfiguration, out: string, options: Partial<TrialOptions> = {}): Promise<TrialRecord> =>
  runTrial(session, configuration, { store: openStore(out), ...options });

/** The bits of what a run kept. */
async function trained(out: string, { id }: TrialRecord): Promise<Record<string, number[]>> {
  const { tensors } = await readSafetensors(join(out, id, trainedFile));
  return Object.fromEntries(Object.entries(tensors).map(([name, { values }]) => [name, [...new Uint32Array(values.slice().buffer)]]));
}

const plans = [
  { name: "full fine-tuning", plan: { method: "full", d: null, learningRate: 0.01 }, settings: {} },
  { name: "DID", plan: { method: "did", d: 40 }, settings: {} },
  { name: "SAID with dropout", plan: { method: "said", d: 40 }, settings: { dropout: true } },
  { name: "LoRA", plan: { method: "lora", d: null, learningRate: 0.01 }, settings: { rank: 2, dropout: true } },
  { name: "Uni-LoRA by a host projection", plan: { method: "uni-lora", d: 30 }, settings: { projection: "one-hot", rank: 2, head: "free" } },
  { name: "IA3", plan: { method: "ia3", d: null, learningRate: 0.02 }, settings: {} },
  { name: "BitFit with a frozen head", plan: { method: "bitfit", d: null, learningRate: 0.02 }, settings: { head: "frozen" } },
  { name: "the head alone", plan: { method: "head", d: null, learningRate: 0.02 }, settings: {} },
  { name: "DID by a host projection with accumulation", plan: { method: "did", d: 40 }, settings: { projection: "one-hot", accumulation: 2 } },
] as const;

const methodsInParts: readonly Method[] = ["lora", "uni-lora", "ia3", "bitfit", "head"];

for (const { name, plan, settings } of plans) {
  test(`${name}, stopped on the way and taken up, ends with the bits of the uninterrupted run`, () => withWorld(async (session, folder) => {
    const configuration = configurationIn(session, plan, settings);
    const whole = await run(session, configuration, join(folder, "whole"), { keep: true });
    assert.equal(whole.outcome, "completed");
    const out = join(folder, "parts");
    let record: TrialRecord, stops = 0;
    do {
      const abort = new AbortController();
      let steps = 0; // those of the methods beside the paper's in parts of five: each start compiles again
      const onProgress = (): void => { if (++steps === (methodsInParts.includes(configuration.method) ? 5 : 1)) abort.abort(); };
      record = await run(session, configuration, out, { keep: true, signal: abort.signal, onProgress });
      stops += 1;
    } while (record.outcome === "interrupted");
    assert.ok(stops > 2, `${stops} starts`);
    assert.deepEqual(await trained(out, record), await trained(join(folder, "whole"), whole));
    assert.deepEqual({ ...record, seconds: 0, startedAt: "" }, { ...whole, seconds: 0, startedAt: "" });
    assert.ok(!existsSync(join(out, record.id, "checkpoint.safetensors")), "a finished run keeps no checkpoint");
  }));
}

test("training in a subspace moves the loss, and more coordinates move it further", () => withWorld(async (session, folder) => {
  const lossAt = async (d: number): Promise<number> => {
    const record = await run(session, configurationIn(session, { d }, { epochs: 10 }), join(folder, "runs"));
    return record.losses.slice(-7).reduce((sum, { loss }) => sum + (loss ?? NaN) / 7, 0);
  };
  const [few, many] = [await lossAt(2), await lossAt(1000)];
  assert.ok(many < few - 0.05, `mean loss of the last epoch ${many} at d = 1000, ${few} at d = 2`);
}));

test("a rate that is far too large diverges: an outcome, not an error, and no later metric is made up", () => withWorld(async (session, folder) => {
  const plan = { method: "full", d: null, learningRate: 1e30 } as const;
  const record = await run(session, configurationIn(session, plan), join(folder, "runs"));
  assert.equal(record.outcome, "diverged");
  assert.equal(record.final, null);
}));

test("a finished trial is not run again, and what it kept evaluates to its record", () => withWorld(async (session, folder) => {
  const configuration = configurationIn(session);
  const out = join(folder, "runs");
  const record = await run(session, configuration, out);
  let steps = 0;
  assert.deepEqual(await run(session, configuration, out, { onProgress: () => { steps += 1; } }), record);
  assert.equal(steps, 0);
  const { accuracy, loss } = await evaluateTrained(session, configuration, { path: join(out, record.id, trainedFile), store: openStore(out) });
  assert.equal(accuracy, record.final?.accuracy);
  assert.equal(loss, record.final?.loss);
}));

test("a checkpoint of another configuration is refused with a remedy", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs");
  const abort = new AbortController();
  const stop = { signal: abort.signal, onProgress: () => abort.abort() };
  const record = await run(session, configurationIn(session), out, stop);
  const other = configurationIn(session, { seed: 4 });
  mkdirSync(join(out, idOf(other)), { recursive: true });
  cpSync(join(out, record.id, "checkpoint.safetensors"), join(out, idOf(other), "checkpoint.safetensors"));
  await assert.rejects(run(session, other, out), /belongs to another run.*Delete the file/s);
}));

test("trials leave no tensors behind, whatever their outcome", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs");
  await run(session, configurationIn(session, { seed: 9 }), out); // compiles
  const before = tf.memory().numTensors;
  for (const { plan, settings } of plans.slice(0, 7)) await run(session, configurationIn(session, { ...plan, seed: 10 }, settings), out);
  await run(session, configurationIn(session, { method: "full", d: null, learningRate: 1e30 }), out);
  const abort = new AbortController();
  await run(session, configurationIn(session, { seed: 11 }), out, { signal: abort.signal, onProgress: () => abort.abort() });
  assert.equal(tf.memory().numTensors, before);
}));
