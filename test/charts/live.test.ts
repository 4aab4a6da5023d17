import assert from "node:assert/strict";
import test from "node:test";
import type { TopLevelSpec } from "vega-lite";
import { liveFigure, liveTraining } from "../../lib/charts/live.js";
import { addLoss, barOf, type LiveRun } from "../../lib/charts/liveState.js";
import { jupyterDisplay } from "../../lib/support/notebook.js";

type Shown = { value: unknown; raw: boolean; at: number };

/** Outputs that note what they show, and a clock that is set by hand. */
function notebook() {
  const outputs: Shown[][] = [], clock = { now: 0 };
  const output = () => {
    const shown: Shown[] = [];
    outputs.push(shown);
    return { update: (value: unknown, { raw } = { raw: false }) => void shown.push({ value, raw, at: clock.now }) };
  };
  return { outputs, clock, options: { output, now: () => clock.now } };
}

const progressAt = (step: number, steps = 100) => ({ step, steps, loss: 0.7 - 0.003 * step, stepsPerSecond: 4, eta: (steps - step) / 4 });
const isChart = (value: unknown): value is { spec: TopLevelSpec } => typeof value === "object" && value !== null && jupyterDisplay in value;

test("bar and chart update in place, together at most four times a second, and end as a figure with an image", () => {
  const { outputs, clock, options } = notebook();
  const figure = liveFigure(options);
  figure.about(["data · model · preset"]);
  figure.begin({ name: "DID d 1,000", method: "did" });
  for (let step = 1; step <= 100; step++) {
    clock.now += 25;
    figure.step(progressAt(step));
  }
  figure.end("75.0 %");
  const [bar, chart] = outputs;
  assert.equal(outputs.length, 2);
  assert.ok(bar!.length >= 4 && bar!.length <= 6, `${bar!.length} updates of the bar in 2.5 s`);
  assert.ok(chart!.length >= 2 && chart!.length <= 3, `${chart!.length} updates of the chart in 2.5 s`);
  assert.ok([...bar!, ...chart!].every(({ raw }) => raw));
  figure.finish();
  const last = chart!.at(-1)!;
  assert.ok(isChart(last.value) && !last.raw);
  assert.deepEqual((last.value.spec.title as { subtitle: string[] }).subtitle, ["data · model · preset", "Means over a tenth of each run"]);
  assert.match(JSON.stringify(last.value.spec), /DID d 1,000: 75\.0 %/);
  assert.deepEqual(bar!.at(-1)!.value, { "text/html": "<div>1 training in 2.5\u00a0s</div>", "text/plain": "1 training in 2.5\u00a0s" });
  const counts = outputs.map(({ length }) => length);
  figure.step(progressAt(100));
  figure.finish();
  assert.deepEqual(outputs.map(({ length }) => length), counts, "nothing comes after the end");
});

test("the bar says steps, steps a second, loss, what is left and the last accuracy, and shows what is a tag as text", () => {
  const done: LiveRun = { name: "full", method: "full", result: "81.1 %", early: false, steps: 9, step: 9, losses: [] };
  const state = { runs: [done, { ...done, name: "<b>", result: null }], about: [], metric: "accuracy" as const, takenUp: 0, conclusion: null, seconds: 0 };
  const bar = barOf({ ...state, progress: progressAt(25), remaining: "about 2 trainings to go" });
  assert.equal(bar["text/plain"], "<b> [#####...............] 25 of 100 steps · 4.0 steps/s · loss 0.625 · 19\u00a0s left\n" +
    "about 2 trainings to go\nlast dev accuracy 81.1 % (full)");
  assert.match(String(bar["text/html"]), /<progress value="25" max="100".*&#60;b&#62;.*<br>about 2 trainings to go · last dev accuracy/s);
  assert.match(String(barOf({ ...state, progress: progressAt(100), remaining: "" })["text/plain"]), /evaluating/);
});

test("long trainings keep some 200 points, each the mean of its steps", () => {
  const run: LiveRun = { name: "x", method: "did", result: null, early: false, steps: 1, step: 0, losses: [] };
  for (let step = 1; step <= 1_000; step++) addLoss(run, { ...progressAt(step, 1_000), loss: step });
  assert.equal(run.losses.length, 200);
  assert.deepEqual(run.losses.slice(0, 2), [{ step: 5, loss: 3 }, { step: 10, loss: 8 }]);
  addLoss(run, { ...progressAt(1_000, 1_000), loss: NaN });
  assert.ok(run.losses.every(({ loss }) => Number.isFinite(loss)));
});

test("one training shows itself and ends with its last step", () => {
  const { outputs, clock, options } = notebook();
  const onProgress = liveTraining({ name: "DID d 1,000", about: "data · model", ...options });
  for (let step = 1; step <= 100; step++) {
    clock.now += 100;
    onProgress(progressAt(step));
  }
  assert.ok(isChart(outputs[1]!.at(-1)!.value));
  assert.match(JSON.stringify(outputs[1]!.at(-1)!.value), /DID d 1,000: loss 0\.400/);
});

test("what is stopped is marked so, and what was only taken up has no chart", (t) => {
  const key = Symbol.for("Jupyter.signal"), controller = new AbortController();
  Reflect.set(globalThis, key, controller.signal);
  t.after(() => Reflect.deleteProperty(globalThis, key));
  const { outputs, clock, options } = notebook();
  const onProgress = liveTraining({ name: "DID d 1,000", about: "data", ...options });
  for (let step = 1; step <= 40; step++) {
    clock.now += 100;
    onProgress(progressAt(step));
  }
  controller.abort();
  assert.match(JSON.stringify(outputs[1]!.at(-1)!.value), /DID d 1,000: stopped at 40/);
  assert.match(JSON.stringify(outputs[0]!.at(-1)!.value), /Stopped; the checkpoint is kept/);
  const other = notebook();
  const figure = liveFigure(other.options);
  figure.takeUp();
  figure.takeUp();
  figure.finish();
  assert.deepEqual(other.outputs.map((shown) => shown.map(({ value }) => (value as Record<string, string>)["text/plain"])), [["2 recorded trainings taken up"]]);
});

test("outside of a notebook nothing is shown and nothing fails", () => {
  const onProgress = liveTraining({ name: "x", about: "y" });
  onProgress(progressAt(1));
  onProgress(progressAt(100));
});
