import assert from "node:assert/strict";
import { test } from "node:test";
import { presets, resolveSettings } from "../../lib/search/settings.js";
import { defaultTask } from "../../lib/search/within.js";

test("a preset's settings hold but for those given, and an undefined one is not given", () => {
  const settings = resolveSettings("full", { epochs: 7, batchSize: undefined });
  assert.deepEqual(settings, { ...presets.full, epochs: 7 });
});

test("who asks for a number of trials is not cut short by the preset's time", () => {
  assert.equal(resolveSettings("quick").maxSeconds, presets.quick.maxSeconds);
  assert.ok(presets.quick.maxSeconds !== null);
  assert.equal(resolveSettings("quick", { maxTrials: 9 }).maxSeconds, null);
  assert.equal(resolveSettings("quick", { maxTrials: 9, maxSeconds: 5 }).maxSeconds, 5);
});

test("an unknown preset is refused with the nearest one", () => {
  assert.throws(() => resolveSettings("quik"), /preset must be one of full, quick, smoke, got "quik"\. Did you mean "quick"\?/);
});

test("the smoke preset runs on the embedded data unless other data is named", () => {
  assert.equal(defaultTask("smoke"), "paraphrases");
  assert.equal(defaultTask("smoke", "pairs"), undefined);
  assert.equal(defaultTask("quick"), undefined);
});
