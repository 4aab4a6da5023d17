import assert from "node:assert/strict";
import { test } from "node:test";
import { projectionTexts, runOptionsOf, presetTexts, taskNames } from "../../lib/cli/options.js";
import { projectionNames } from "../../lib/projections/index.js";
import { presets } from "../../lib/search/settings.js";
import { tasks } from "../../lib/tasks/index.js";

test("the names in the help are those of the library", () => {
  assert.deepEqual([...taskNames], tasks.map(({ name }) => name));
  assert.deepEqual(Object.keys(projectionTexts).sort(), [...projectionNames].sort());
  assert.deepEqual(Object.keys(presetTexts).sort(), Object.keys(presets).sort());
});

test("what was not given does not replace a preset's or a recorded value", () => {
  assert.deepEqual(runOptionsOf({}), { engine: {}, settings: {} });
  assert.deepEqual(runOptionsOf({ epochs: 2, dropout: false, bf16: true, out: "x" }),
    { out: "x", engine: { bf16: true }, settings: { epochs: 2, dropout: false } });
});

