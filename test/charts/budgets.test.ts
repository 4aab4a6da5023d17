import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetRows } from "../../lib/charts/budgets.js";
import { methodTrial } from "./methodTrials.js";

test("a row is a method at one size, its seeds together, by ascending size; a free head is counted", () => {
  const rows = budgetRows([methodTrial("did", { trained: 5000, metric: 0.7, seed: 0 }), methodTrial("did", { trained: 5000, metric: 0.8, seed: 1 }),
    methodTrial("head", { trained: 770, free: 770, metric: 0.69 })]);
  assert.deepEqual(rows.map(({ name, trained, free }) => [name, trained, free]), [["head only", 770, 770], ["DID", 5000, 0]]);
  const { metric, low, high, seeds } = rows[1]!;
  assert.ok(Math.abs(metric - 0.75) < 1e-12);
  assert.deepEqual([low, high, seeds], [0.7, 0.8, [0, 1]]);
});

test("of several rates the best mean counts, and ranks are told apart", () => {
  const lora = (rank: number, rate: number, metric: number | null) => methodTrial("lora", { trained: 1000 * rank, rank, rate, metric });
  const rows = budgetRows([lora(1, 0.001, 0.7), lora(1, 0.003, 0.74), lora(1, 0.01, null), lora(2, 0.001, 0.71)]);
  assert.deepEqual(rows.map(({ name, learningRate, metric }) => [name, learningRate, metric]), [["LoRA, rank 1", 0.003, 0.74], ["LoRA, rank 2", 0.001, 0.71]]);
});

test("learned subspaces are told apart by the runs that their directions come from, where these are several", () => {
  const learned = (run: string, metric: number) => methodTrial("learned", { trained: 2, metric, run });
  const [good, bad] = [learned("aaaa00000000", 0.77), learned("bbbb00000000", 0.68)];
  assert.deepEqual(budgetRows([good, bad]).map(({ name, curve }) => [name, curve]),
    [["learned subspace of run aaaa", "learned aaaa00000000"], ["learned subspace of run bbbb", "learned bbbb00000000"]]);
  assert.deepEqual(budgetRows([good]).map(({ name }) => name), ["learned subspace"]);
});

test("a projection other than one-hot in LoRA's space is not called Uni-LoRA", () => {
  const [row] = budgetRows([methodTrial("uni-lora", { trained: 100, metric: 0.7, rank: 4 })]);
  assert.equal(row!.name, "LoRA's space by srht-blocked, rank 4");
});

test("what cannot be compared is refused", () => {
  assert.throws(() => budgetRows([methodTrial("did", { trained: 9, metric: null })]), /trials must hold completed ones, got 1 others/);
  assert.throws(() => budgetRows([methodTrial("did", { trained: 9, metric: 0.7 }), methodTrial("did", { trained: 9, metric: 0.7, epochs: 1 })]),
    /one model, the same rows and training, got 2 setups/);
  const weighed = methodTrial("did", { trained: 9, metric: 0.7 });
  assert.throws(() => budgetRows([methodTrial("head", { trained: 9, metric: 0.7 }), { ...weighed, configuration: { ...weighed.configuration, classWeights: [1, 2] } }]),
    /got 2 setups/);
});
