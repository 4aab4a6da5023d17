import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { openStore } from "../../lib/records/store.js";
import type { SearchRecord } from "../../lib/records/record.js";
import { measureD90, type MeasureEvent } from "../../lib/search/measure.js";
import { evaluateRun, trainOnce } from "../../lib/search/once.js";
import type { Session } from "../../lib/training/session.js";
import { withWorld, worldSettings } from "../training/world.js";

const settings = worldSettings({ fullRates: [0.01], lowest: 20, highest: 300, firstD: 60, maxTrials: 3, seeds: [5] });
const search = (session: Session, out: string, method: "did" | "said", onEvent?: (event: MeasureEvent) => void, signal?: AbortSignal) =>
  measureD90({ method, settings, out, onEvent, signal }, session);
/** A record without what depends on the clock. */
const timeless = (record: SearchRecord) => JSON.parse(JSON.stringify(record, (key, value: unknown) =>
  (["seconds", "startedAt", "finishedAt"].includes(key) ? 0 : value))) as unknown;

test("a search stopped in every trial and taken up ends as the uninterrupted one", () => withWorld(async (session, folder) => {
  const whole = await search(session, join(folder, "whole"), "did");
  let record: SearchRecord, stops = 0;
  do {
    const abort = new AbortController();
    let steps = 0;
    const stopLate = (event: MeasureEvent) => { if (event.type === "step" && ++steps === 9) abort.abort(); };
    record = await search(session, join(folder, "parts"), "did", stopLate, abort.signal);
    stops += 1;
  } while (record.result.outcome === "interrupted" && stops < 50);
  assert.ok(stops > 1, `${stops} starts`);
  assert.deepEqual(timeless(record), timeless(whole));
}));

test("SAID and DID share full fine-tuning, and a second call trains nothing", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs");
  const [did, said] = [await search(session, out, "did"), await search(session, out, "said")];
  assert.equal(did.baseline[0].id, said.baseline[0].id);
  let steps = 0;
  const again = await search(session, out, "said", (event) => { if (event.type === "step") steps += 1; });
  assert.equal(steps, 0);
  assert.deepEqual(again, said, "the same, its times too");
  const elsewhere = { ...said, environment: { ...said.environment, platform: "another machine's" } };
  await openStore(out).write(elsewhere);
  assert.deepEqual(await search(session, out, "said"), elsewhere, "what another machine computed is not said to be of this one");
  assert.deepEqual((await openStore(out).list()).problems, []);
}));

test("a search whose trials' records are gone is taken up whole, and serves one that asks for more", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs"), first = await search(session, out, "did");
  for (const { id } of [...first.baseline, ...first.trials]) await rm(join(out, id), { recursive: true });
  const trained = new Set<string>();
  const count = (event: MeasureEvent) => { if (event.type === "trial-start") trained.add(`${event.request.kind} ${event.request.d ?? ""} ${event.request.learningRate}`); };
  const again = await search(session, out, "did", count);
  assert.deepEqual([...trained], []);
  assert.deepEqual(timeless(again), timeless(first));
  const more = await measureD90({ method: "did", settings: { ...settings, fullRates: [0.01, 1e-9] }, out, onEvent: count }, session);
  assert.deepEqual([...trained], ["full  1e-9"]);
  assert.deepEqual(more.trials, first.trials);
}));

test("one training is recorded, evaluated from what it kept, and leaves no tensors", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs");
  await trainOnce({ d: 30, learningRate: 0.05, settings, out }, session);
  const before = tf.memory().numTensors;
  const record = await trainOnce({ d: 31, learningRate: 0.05, settings, out }, session);
  assert.deepEqual(record.configuration.budget, { counted: 31, free: 0, total: 31 });
  const { evaluation } = await evaluateRun({ run: record.id, out, data: join(folder, "data") });
  assert.equal(evaluation.accuracy, record.final?.accuracy);
  assert.equal(tf.memory().numTensors, before);
}));

test("a method without a d has no d90, and the error says which have one", () => withWorld(async (session, folder) => {
  const lora: string = "lora", wrong = { method: lora, settings, out: join(folder, "runs") };
  await assert.rejects(Reflect.apply(measureD90, undefined, [wrong, session]), /method must have a d \(said, did, uni-lora, learned\), got "lora"\. compareMethods takes any/);
}));

test("d that is missing, too large, or used up by SAID's lambdas is refused in words", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs");
  await assert.rejects(trainOnce({ settings, out }, session), /method did needs --d/);
  await assert.rejects(trainOnce({ d: 1e9, settings, out }, session), /d must be an integer in \[1, \d+\], got 1000000000/);
  await assert.rejects(trainOnce({ method: "said", d: 2, settings, out }, session), /lambda/);
}));
