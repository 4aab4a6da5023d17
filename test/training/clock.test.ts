import assert from "node:assert/strict";
import { test } from "node:test";
import { startClock } from "../../lib/training/clock.js";

/** A clock whose steps take the given milliseconds. */
function ticked(milliseconds: number[], steps: number): { stepsPerSecond: number; eta: number; seconds: number } {
  let time = 0;
  const clock = startClock(100, () => time);
  const rates = milliseconds.map((duration, i) => {
    time += duration;
    return clock.tick(i + 1, steps);
  });
  return { ...rates[rates.length - 1], seconds: clock.seconds() };
}

test("a first step that takes long to compile does not spoil the rate", () => {
  const { stepsPerSecond, eta, seconds } = ticked([9000, 500, 500, 500, 500], 25);
  assert.equal(stepsPerSecond, 2);
  assert.equal(eta, 10);
  assert.equal(seconds, 111, "seconds of earlier starts count");
});

test("the rate follows the steps of late", () => {
  const { stepsPerSecond } = ticked([...Array<number>(100).fill(1000), ...Array<number>(64).fill(250)], 200);
  assert.equal(stepsPerSecond, 4);
});
