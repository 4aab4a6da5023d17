import assert from "node:assert/strict";
import { test } from "node:test";
import { searchNarrator, stepInWords } from "../../lib/cli/narrate.js";

const plain = (lines: readonly string[]): string[] => lines.map((line) => line.replaceAll("\u00a0", " "));

function listener() {
  const notes: string[] = [], updates: string[] = [];
  const progress = { note: (line: string) => void notes.push(line), update: (line: string) => void updates.push(line), done: () => undefined };
  return { notes, updates, tell: searchNarrator("said", progress) };
}

const request = { kind: "subspace" as const, d: 1389, learningRate: 0.30000001, seed: 0 };
const trial = { id: "0".repeat(12), ...request, outcome: "completed" as const, metric: 0.75, seconds: 52 };
const remaining = { remainingTrials: 4, remainingRounds: 4, remainingSeconds: 370, number: 2 };

test("a trial is told with its rate, what remains, its steps and its result", () => {
  const { notes, updates, tell } = listener();
  tell({ type: "trial-start", request, ...remaining });
  tell({ type: "step", progress: { step: 120, steps: 230, loss: 0.6123, stepsPerSecond: 4.21, eta: 26 } });
  tell({ type: "trial-end", trial, cached: false, ...remaining });
  assert.deepEqual(plain(updates), [
    "SAID d 1,389, rate 0.3, seed 0 (about 4 trials and 6 min 10 s to go)",
    "SAID d 1,389, rate 0.3, seed 0 (about 4 trials and 6 min 10 s to go): step 120 of 230, 4.2 steps/s, loss 0.612, 26 s left",
  ]);
  assert.deepEqual(plain(notes), ["SAID d 1,389, rate 0.3, seed 0: 75.0 % (52 s)"]);
});

test("the first result is full fine-tuning's, with the threshold that follows", () => {
  const { notes, tell } = listener();
  const reached = { full: 0.811, fullRate: 1e-4, threshold: 0.7299, chanceThreshold: 0.79 };
  tell({ type: "baseline", ...reached, meaningful: true, degenerate: false, majority: 0.684 });
  assert.deepEqual(plain(notes), ["Full fine-tuning reaches 81.1 %; 90 % of it is 73.0 %; the majority class alone has 68.4 %."]);
});

test("brackets are told when they change, recorded trials together", () => {
  const { notes, tell } = listener();
  const bracket = { type: "bracket" as const, target: "d90" as const, seed: 0, lower: 500, upper: 1389 };
  tell({ type: "bracket", target: "d90", seed: 0, lower: null, upper: null });
  tell({ type: "trial-end", trial, cached: true, ...remaining });
  tell({ type: "trial-end", trial: { ...trial, outcome: "diverged", metric: null }, cached: true, ...remaining });
  tell({ type: "trial-start", request, ...remaining });
  tell(bracket);
  tell(bracket);
  tell({ ...bracket, target: "chanceCorrectedD90", lower: 1 });
  tell({ ...bracket, lower: null });
  assert.deepEqual(plain(notes), ["SAID: took up 2 recorded trials.", "  SAID, seed 0: 500 < d90 <= 1,389", "  SAID, seed 0: d90 <= 1,389"]);
});

test("a rate that is not known yet has no end", () => {
  assert.equal(stepInWords({ step: 1, steps: 9, loss: 0.7, stepsPerSecond: 0, eta: Infinity }), "step 1 of 9, 0.0 steps/s, loss 0.700");
});
