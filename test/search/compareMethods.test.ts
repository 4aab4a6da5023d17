import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs-core";
import { compareMethods, type CompareEvent, type MethodPlan } from "../../lib/search/compareMethods.js";
import { withWorld, worldSettings } from "../training/world.js";

const settings = worldSettings({ fullRates: [0.01], seeds: [5, 6], epochs: 1, rank: 2, directions: 2 });
const plans: MethodPlan[] = [{ method: "head" }, { method: "did", d: 30, learningRate: 0.05 }, { method: "lora", rank: 1 }];

test("every plan is trained with every seed, in order, each by its own size and rate, and a second call trains nothing", () => withWorld(async (session, folder) => {
  const events: CompareEvent[] = [], out = join(folder, "runs");
  const compare = () => compareMethods({ plans, settings, out, onEvent: (event) => events.push(event) }, session);
  const trials = await compare(), { numTensors } = tf.memory();
  assert.deepEqual(trials.map(({ configuration: { method, seeds } }) => [method, seeds.run]), plans.flatMap(({ method }) => [[method, 5], [method, 6]]));
  const [head, , did, , lora] = trials.map(({ configuration }) => configuration);
  assert.deepEqual([head!.learningRate, did!.learningRate, lora!.learningRate], [0.5, 0.05, 0.1]);
  assert.deepEqual([did!.d, lora!.adapter?.rank], [30, 1]);
  assert.deepEqual(events.filter(({ type }) => type === "trial-start").map((event) => event.type === "trial-start" && [event.number, event.of]),
    [1, 2, 3, 4, 5, 6].map((number) => [number, 6]));
  events.length = 0;
  assert.deepEqual(await compare(), trials);
  assert.ok(!events.some(({ type }) => type === "step"));
  assert.equal(tf.memory().numTensors, numTensors);
}));

test("stopped in a training it returns what is finished, and the same call goes on", () => withWorld(async (session, folder) => {
  const out = join(folder, "runs"), abort = new AbortController();
  const onEvent = (event: CompareEvent): void => { if (event.type === "step" && event.progress.step === 3) abort.abort(); };
  assert.deepEqual(await compareMethods({ plans, settings, out, signal: abort.signal, onEvent }, session), []);
  const started: number[] = [];
  const trials = await compareMethods({ plans: plans.slice(0, 1), settings, out, onEvent: (event) => { if (event.type === "step") started.push(event.progress.step); } }, session);
  assert.equal(trials.length, 2);
  assert.ok(started[0]! > 3, `went on at ${started[0]}`);
}));

test("plans that cannot be are refused before anything is trained for them", () => withWorld(async (session, folder) => {
  const of = (...wrong: MethodPlan[]) => compareMethods({ plans: wrong, settings, out: join(folder, "runs") }, session);
  await assert.rejects(of(), /plans must name one method at least, got none/);
  await assert.rejects(of({ method: "did" }), /method did needs --d/);
  await assert.rejects(of({ method: "lora", d: 3 }), /method lora has no --d, got 3: its size follows from --rank and --targets/);
  await assert.rejects(of({ method: "learned", d: 3 }), /d must be an integer in \[1, 2\], got 3/);
  await assert.rejects(of({ method: "uni-lora", d: 1e6 }), /d must be an integer in \[1, \d+\], got 1000000/);
}));
