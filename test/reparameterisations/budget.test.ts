import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetFor, spaceDimension, type BudgetQuestion } from "../../lib/reparameterisations/index.js";

/** Two layers of a width of 10, and a head of 22; conformance.test.ts compares every budget with what is really trained. */
const shapes = {
  ...Object.fromEntries([0, 1].flatMap((i) => ["query", "key", "value"].flatMap((part) =>
    [[`layer.${i}.attention.self.${part}.weight`, [10, 10]], [`layer.${i}.attention.self.${part}.bias`, [10]]]))),
  "classifier.weight": [2, 10], "classifier.bias": [2],
};
const question: Omit<BudgetQuestion, "method"> = { shapes, headNames: ["classifier.weight", "classifier.bias"], headPolicy: "free" };

test("LoRA has r (in + out) numbers for each target, IA3 one for each unit, BitFit the biases, the head itself", () => {
  const of = (method: BudgetQuestion["method"], more: Partial<BudgetQuestion> = {}) => budgetFor({ ...question, method, ...more });
  assert.deepEqual(of("lora", { rank: 3 }), { counted: 4 * 3 * 20, free: 22, total: 262 });
  assert.deepEqual(of("lora", { rank: 3, targets: ["all"] }).counted, 6 * 3 * 20);
  assert.deepEqual(of("ia3", { targets: ["key", "value"] }), { counted: 40, free: 22, total: 62 });
  assert.deepEqual(of("bitfit"), { counted: 60, free: 22, total: 82 });
  assert.deepEqual(of("bitfit", { headPolicy: "frozen" }), { counted: 60, free: 0, total: 60 });
  assert.deepEqual(of("head"), { counted: 0, free: 22, total: 22 });
  assert.deepEqual(of("full", { headPolicy: "projected" }), { counted: 682, free: 0, total: 682 });
});

test("a learned basis is told beside the numbers that are trained: d D", () => {
  assert.deepEqual(budgetFor({ ...question, method: "learned", d: 4, headPolicy: "projected" }), { counted: 4, free: 0, total: 4, basis: 4 * 682 });
  assert.equal(budgetFor({ ...question, method: "learned", d: 4 }).basis, 4 * 660);
});

test("the space that z moves in is all of theta, or LoRA's with a projected head", () => {
  const of = (method: BudgetQuestion["method"], headPolicy: BudgetQuestion["headPolicy"]) => spaceDimension({ ...question, method, headPolicy, d: 3, rank: 1 });
  assert.deepEqual([of("did", "projected"), of("did", "free"), of("uni-lora", "projected"), of("uni-lora", "frozen")], [682, 660, 80 + 22, 80]);
});
