import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePlan } from "../../lib/sweep/plan.js";
import { UsageError } from "../../lib/support/checks.js";

const refused = (plan: unknown, ...messages: RegExp[]): void => assert.throws(() => parsePlan(plan, "plan.json"), (error: unknown) => {
  assert.ok(error instanceof UsageError);
  for (const message of messages) assert.match(error.message, message);
  return true;
});

test("a plan gets its defaults, and each method that it can sweep may be named", () => {
  const plan = parsePlan({ methods: ["did"], d: [100] });
  assert.deepEqual(plan, { methods: ["did"], d: [100], preset: "quick", settings: {}, engine: {}, attempts: 3, priority: 10 });
  for (const method of ["full", "did", "said"]) assert.ok(parsePlan({ methods: [method], ...(method === "full" ? {} : { d: [50] }) }));
  assert.deepEqual(parsePlan({ methods: ["did"], d: [9], earlyStopping: {} }).earlyStopping, { reduction: 3, minEpochs: 1 });
});

test("what is unknown or mistyped is named with its place, and what was probably meant", () => {
  refused({ methods: ["sadi"], d: [100] }, /^plan\.json: methods\[0\]: must be one of full, did, said.*, got "sadi"\. Did you mean "said"\?$/);
  refused({ methods: ["did"], d: [100], setings: {} }, /setings: unknown, must be one of name, models.*Did you mean "settings"\?/);
  refused({ methods: ["did"], d: [100], settings: { epohcs: 3 } }, /settings\.epohcs: unknown.*Did you mean "epochs"\?/);
  refused({ methods: ["did"], d: [100], preset: "quik" }, /preset: must be one of .*, got "quik"\. Did you mean "quick"\?/);
  refused({ methods: ["did"], d: [0] }, /d\[0\]: must be a number of at least 1, got 0/);
  refused({ methods: ["did"], d: "100" }, /d: must be a list or an object, got "100"/);
  refused({ methods: ["did"], d: [1.5] }, /d\[0\]: must be a whole number, got 1\.5/);
  refused({ methods: ["did"], d: { from: 10 } }, /d\.to: is missing, must be a number/);
  refused({ d: [100] }, /methods: is missing, must be a list/);
  refused([], /the plan: must be an object, got \[\]/);
  refused({ methods: ["did"], d: [100], tasks: [{ task: "mrpc", folder: "x" }] }, /tasks\[0\]\.folder: unknown, must be one of task, data/);
});

test("all mistakes are told at once", () => {
  refused({ methods: [], d: [100, 100], seeds: [-1] }, /methods: must be not empty/, /d\[1\]: must not come twice, got 100/, /seeds\[0\]: must be a number of at least 0, got -1/);
});

test("keys that contradict each other are refused", () => {
  refused({ methods: ["did"] }, /d: must be given for did, e\.g\. \[200, 1000\], or search: true instead/);
  refused({ methods: ["did"], d: [100], search: true }, /d: must be left out of a plan with search: true/);
  refused({ methods: ["full", "did"], search: true }, /methods: must not have "full"/);
  refused({ methods: ["did"], search: true, earlyStopping: {} }, /earlyStopping: must be left out/);
  refused({ methods: ["full"], d: [100] }, /d: must be left out where "full" is the only method/);
  refused({ methods: ["did"], d: { from: 20, to: 10 } }, /d\.from: must be at most d\.to/);
  refused({ methods: ["did"], d: [100], rates: [1], rungs: [0] }, /rungs: must be left out where rates are given/);
});
