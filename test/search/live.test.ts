import assert from "node:assert/strict";
import test from "node:test";
import { livePretraining, liveSearch, liveSeries } from "../../lib/search/live.js";
import { searchRecord } from "../charts/records.js";

/** What a search of three trainings, one of them recorded, shows. */
function shownBy(outcome: "found" | "interrupted") {
  const outputs: unknown[][] = [];
  let now = 0;
  const onEvent = liveSearch({
    now: () => (now += 100),
    output: () => {
      const shown: unknown[] = [];
      outputs.push(shown);
      return { update: (value: unknown) => void shown.push(value) };
    },
  });
  const { configuration, result, baseline, trials } = searchRecord();
  const remaining = { remainingTrials: 2, remainingRounds: 2, remainingSeconds: 40, number: 1 };
  onEvent({ type: "begin", configuration });
  onEvent({ type: "trial-end", trial: baseline[1]!, cached: true, ...remaining });
  for (const trial of [baseline[0]!, { ...trials[0]!, outcome: "diverged" as const, metric: null }]) {
    onEvent({ type: "trial-start", request: trial, ...remaining });
    for (let step = 1; step <= 50; step++) onEvent({ type: "step", progress: { step, steps: 50, loss: 0.6, stepsPerSecond: 4, eta: 1 } });
    onEvent({ type: "trial-end", trial, cached: false, ...remaining });
  }
  onEvent({ type: "done", result: { ...result, outcome } });
  return outputs.map((shown) => shown.map((value) => JSON.stringify(value)));
}

test("a search shows each training under its name, with its accuracy, and at the end what was done", () => {
  const [bar, chart] = shownBy("found");
  assert.ok(bar!.some((text) => text.includes("<b>full</b>") && text.includes("about 2 trainings to go, 40")));
  assert.match(bar!.at(-1)!, /2 trainings in .*, 1 recorded one taken up/);
  const figure = chart!.at(-1)!;
  const parts = ["full: 81.1", "DID d 207: diverged", "GLUE MRPC (../shared/data)", "full preset", "seed 0"];
  assert.deepEqual(parts.filter((part) => !figure.includes(part)), []);
});

test("one that was stopped says how it goes on", () => {
  const [bar] = shownBy("interrupted");
  assert.match(bar!.at(-1)!, /run the cell again to go on/);
});

/** Outputs that note what they show, as text. */
function notebook() {
  const outputs: string[][] = [];
  let now = 0;
  const output = () => {
    const shown: string[] = [];
    outputs.push(shown);
    return { update: (value: unknown) => void shown.push(JSON.stringify(value)) };
  };
  return { outputs, options: { output, now: () => (now += 600) } };
}

test("of a series each search is shown in the place of the one before", () => {
  const { outputs, options } = notebook();
  const onEvent = liveSeries(options);
  const { configuration, result, baseline, trials } = searchRecord();
  for (const [number, trial] of [baseline[0]!, trials[0]!].entries()) {
    onEvent({ type: "point-start", name: `checkpoint-${number}`, task: "mrpc", number: number + 1, of: 2 });
    const remaining = { remainingTrials: 2, remainingRounds: 2, remainingSeconds: 40, number: 1 };
    onEvent({ type: "search", event: { type: "begin", configuration } });
    onEvent({ type: "search", event: { type: "trial-start", request: trial, ...remaining } });
    for (let step = 1; step <= 20; step++) onEvent({ type: "search", event: { type: "step", progress: { step, steps: 20, loss: 0.6, stepsPerSecond: 4, eta: 1 } } });
    onEvent({ type: "search", event: { type: "trial-end", trial, cached: false, ...remaining } });
    onEvent({ type: "search", event: { type: "done", result } });
  }
  assert.equal(outputs.length, 2);
  const figures = outputs[1]!.filter((text) => text.includes("dev accuracy that each run ends with"));
  assert.deepEqual(figures.map((text) => [text.includes("full: "), text.includes("DID d ")]), [[true, false], [false, true]]);
});

test("a pre-training ends with its perplexity; what is only taken up shows nothing", () => {
  const { outputs, options } = notebook();
  const onEvent = livePretraining({ about: "paraphrases", ...options });
  const evaluation = (update: number) => ({ update, tokens: 10, loss: 3, perplexity: 20.4, folder: "x", sha256: "y" });
  onEvent({ type: "start", parameters: 100_000, trainRows: 10, trainTokens: 5_000, resumedAt: 0 });
  onEvent({ type: "checkpoint", evaluation: evaluation(0) });
  assert.equal(outputs.length, 0);
  for (let update = 1; update <= 20; update++) {
    onEvent({ type: "step", progress: { update, updates: 20, loss: 5 - update / 10, stepsPerSecond: 4, tokensPerSecond: 400, eta: 1 } });
    if (update % 10 === 0) onEvent({ type: "checkpoint", evaluation: evaluation(update) });
  }
  assert.match(outputs[0]!.at(-1)!, /1 training in /);
  for (const part of ["masked words: perplexity 20", "paraphrases · 100,000 parameters, 5,000 tokens", "\"Training loss\""]) assert.ok(outputs[1]!.at(-1)!.includes(part), part);
});
