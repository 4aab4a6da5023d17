import assert from "node:assert/strict";
import { test } from "node:test";
import { spaceOf, type SessionFacts } from "../../lib/search/configurations.js";
import { RATE_MULTIPLES, rateRuleOf, startRate, updatesOf } from "../../lib/search/methodRates.js";
import { withWorld, worldSettings } from "../training/world.js";

const settings = worldSettings({ fullRates: [1e-3, 2e-3], rateMultiplier: 10, epochs: 2, batchSize: 8 });
const near = (actual: number, expected: number): void => assert.ok(Math.abs(actual / expected - 1) < 6e-3, `${actual}, expected about ${expected}`); // three digits

test("methods without a d begin at a multiple of full fine-tuning's first rate", () => withWorld(async (session) => {
  for (const [method, multiple] of Object.entries(RATE_MULTIPLES) as [keyof typeof RATE_MULTIPLES, number][]) {
    near(startRate(session, settings, { method, d: null }), 1e-3 * multiple);
  }
}));

test("in a random subspace the rate is c lr sqrt(D / d), D being the space that z moves in", () => withWorld(async (session) => {
  const D = session.records.model.parameters, inside = spaceOf(session, settings, "uni-lora");
  assert.ok(inside < D / 2);
  near(startRate(session, settings, { method: "did", d: 40 }), 10 * 1e-3 * Math.sqrt(D / 40));
  near(startRate(session, settings, { method: "uni-lora", d: 40 }), 10 * 1e-3 * Math.sqrt(inside / 40));
}));

test("in a learned subspace Adam goes the whole way of the fine-tuning in a quarter of the updates, whatever d", () => withWorld(async (session: SessionFacts) => {
  const updates = updatesOf(session, settings), directions = { run: "0".repeat(12), count: 4, shares: [0.9, 0.05, 0.03, 0.02], reach: 3, seconds: 1 };
  assert.equal(updates, 2 * Math.ceil(50 / 8));
  for (const d of [1, 2, 4]) {
    const rate = startRate(session, settings, { method: "learned", d, directions });
    near(rate * Math.sqrt(d) * (updates / 4) / 2, 3); // the schedule halves the sum of the rates
  }
  assert.equal(rateRuleOf(session, settings, { method: "learned", directions }).fullRate, 1e-3);
}));
