import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { architectureOf, modelTypes, readConfig } from "../../lib/models/registry.js";
import { UsageError } from "../../lib/support/checks.js";
import { withFolder } from "./folders.js";
import { oraclePath } from "./golden.js";

test("config.json leads to its architecture", async () => {
  const { architecture, config } = await readConfig(oraclePath("bert-tiny"));
  assert.equal(architecture.modelType, "bert");
  assert.equal(config.hiddenSize, 16);
});

test("an unknown model_type is refused with the list of those that are supported", () => {
  for (const modelType of modelTypes) assert.equal(architectureOf(modelType, "").modelType, modelType);
  assert.throws(() => architectureOf("t5", "a/config.json"), (error) => error instanceof UsageError && modelTypes.every((name) => error.message.includes(`"${name}"`)));
  assert.throws(() => architectureOf("berd", "a/config.json"), /a\/config\.json: model_type must be one of .*, got "berd"\. Did you mean "bert"\?/);
  assert.throws(() => architectureOf(undefined, "a/config.json"), /got undefined/);
});

test("a missing or broken config.json is an error that names it", () => withFolder(async (folder) => {
  await assert.rejects(readConfig(folder), /config\.json cannot be read \(ENOENT\)/);
  writeFileSync(join(folder, "config.json"), "{");
  await assert.rejects(readConfig(folder), /config\.json is no JSON/);
  writeFileSync(join(folder, "config.json"), "[]");
  await assert.rejects(readConfig(folder), /model_type must be one of .*, got undefined/);
}));
