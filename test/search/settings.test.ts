import assert from "node:assert/strict";
import { test } from "node:test";
import { changedFrom, presets, resolveSettings } from "../../lib/search/settings.js";
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

test("what is not the preset's own is named, for a trial without what only its search has", () => {
  const changed = (chosen: Parameters<typeof resolveSettings>[1], what: "trial" | "search" = "search") => changedFrom("quick", resolveSettings("quick", chosen), what);
  assert.deepEqual(changed({}), []);
  assert.deepEqual(changed({ seeds: [0, 1, 2], epochs: presets.quick.epochs, fullRates: [...presets.quick.fullRates] }), []);
  assert.deepEqual(changed({ maxTrials: 60, devRows: 100, head: "free", epochs: 8 }).sort(), ["devRows", "epochs", "head", "maxSeconds", "maxTrials"]);
  assert.deepEqual(changed({ maxTrials: 60, devRows: 100, classWeights: "balanced" }, "trial").sort(), ["classWeights", "devRows"]);
  assert.deepEqual(changedFrom(null, resolveSettings("full"), "search"), []);
});

test("an unknown preset is refused with the nearest one", () => {
  assert.throws(() => resolveSettings("quik"), /preset must be one of full, quick, smoke, got "quik"\. Did you mean "quick"\?/);
});

test("the smoke preset runs on the embedded data unless other data is named", () => {
  assert.equal(defaultTask("smoke"), "paraphrases");
  assert.equal(defaultTask("smoke", "pairs"), undefined);
  assert.equal(defaultTask("quick"), undefined);
});
