import assert from "node:assert/strict";
import test from "node:test";
import { liveSearch } from "../../lib/search/live.js";
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
  const remaining = { remainingTrials: 2, remainingSeconds: 40, number: 1 };
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
