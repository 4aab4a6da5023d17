import assert from "node:assert/strict";
import { test } from "node:test";
import type { MeasureEvent } from "../../lib/search/measure.js";
import { withEstimate } from "../../lib/search/withEstimate.js";

/** What is told of trainings of 100 steps, the first of which takes a second and every other a hundredth; each begins after a step. */
function told(trainings: { after: number; made: number; steps?: number }[], rounds = 4): string[] {
  const lines: string[] = [];
  const { onEvent, onStep } = withEstimate((event: MeasureEvent) => { if (event.type === "estimate") lines.push(`${event.trials}: ${event.seconds} s`); });
  for (const { after, made, steps = 100 } of trainings) {
    onEvent({ type: "trial-start", request: { kind: "full", d: null, learningRate: 1, seed: 0 }, number: 1, remainingTrials: 4, remainingRounds: rounds, remainingSeconds: null });
    for (let step = after + 1; step <= after + made; step++) onStep({ step, steps, loss: 1, eta: 1, stepsPerSecond: step === after + 1 ? 1 : 100 });
  }
  return lines;
}

test("the search's time is told once, after 25 steps", () => {
  assert.deepEqual(told([{ after: 0, made: 24 }]), []);
  assert.deepEqual(told([{ after: 0, made: 25 }, { after: 0, made: 100 }]), ["4: 4 s"]);
});

test("trials at once take the time of as many as would one after the other", () => {
  assert.deepEqual(told([{ after: 0, made: 25 }], 2.5), ["4: 2.5 s"]);
});

test("a training that goes on tells by the steps that it makes, not by those before", () => {
  assert.deepEqual(told([{ after: 80, made: 20 }]), [], "too few");
  assert.deepEqual(told([{ after: 80, made: 20 }, { after: 0, made: 25 }]), ["4: 4 s"]);
  assert.deepEqual(told([{ after: 50, made: 25 }]), ["4: 4 s"]);
});

test("a training of fewer steps tells by all of them", () => {
  assert.deepEqual(told([{ after: 0, made: 10, steps: 10 }]), ["4: 0.4 s"]);
});
