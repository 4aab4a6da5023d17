import assert from "node:assert/strict";
import { test } from "node:test";
import { createLadder, isRung, isStopped } from "../../lib/sweep/halving.js";
import { shuffle } from "../../lib/support/random.js";

const halving = { group: "g", reduction: 3, minEpochs: 1 };
const at = (epoch: number, metric: number) => ({ step: epoch, epoch, metric, accuracy: metric, f1: null, loss: 1 });

test("rungs are minEpochs times powers of the reduction", () => {
  assert.deepEqual(Array.from({ length: 30 }, (_unused, epoch) => epoch).filter((epoch) => isRung(epoch, { reduction: 3, minEpochs: 2 })), [2, 6, 18]);
});

test("while fewer than the reduction have come all go on; then only the best third", () => {
  const ladder = createLadder();
  assert.equal(ladder.compete(halving, "a", at(1, 0.1)), null);
  assert.equal(ladder.compete(halving, "b", at(1, 0.2)), null);
  assert.deepEqual(ladder.compete(halving, "c", at(1, 0.15)), { reduction: 3, epoch: 1, metric: 0.15, rank: 2, of: 3 });
  assert.equal(ladder.compete(halving, "d", at(1, 0.9)), null);
  assert.equal(ladder.compete(halving, "e", at(2, 0)), null, "epoch 2 is no rung");
  assert.equal(ladder.compete({ ...halving, group: "h" }, "f", at(1, 0)), null, "another group");
});

test("the best of a group is never stopped, in whatever order they come, and asking twice changes nothing", () => {
  for (let seed = 0; seed < 50; seed++) {
    const ladder = createLadder();
    const metrics = shuffle(Array.from({ length: 20 }, (_unused, index) => index / 20), seed);
    const verdicts = metrics.map((metric, index) => ladder.compete(halving, `t${index}`, at(1, metric)));
    assert.equal(verdicts[metrics.indexOf(0.95)], null);
    const stopped = verdicts.filter((verdict) => verdict !== null);
    assert.ok(stopped.length >= 6 && stopped.length <= 18, `${stopped.length} of 20 stopped`);
    const again = ladder.compete(halving, "t3", at(1, metrics[3]!));
    assert.equal(again?.of ?? 20, 20);
  }
  assert.equal(isStopped(1, 100, 3), false);
});
