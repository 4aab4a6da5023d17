import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { architectureOf, architectures, modelTypes, readConfig } from "../../lib/models/registry.js";
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

const defaults = JSON.parse(readFileSync(oraclePath("config-defaults.json"), "utf8")) as Record<string, object>;

for (const { modelType, configure } of architectures) {
  test(`what config.json of a ${modelType} leaves out has the value that Transformers gives it`, () => {
    assert.deepEqual(configure({ model_type: modelType }, "config.json"), configure(defaults[modelType], "config.json"));
  });
}

const refused: [string, string, object, RegExp][] = [
  ["cross-attention", "gpt2", { add_cross_attention: true }, /add_cross_attention: must be false: there is nothing to attend to but the text, got true/],
  ["heads that do not divide the width", "gpt2", { n_embd: 10, n_head: 3 }, /n_embd must be a multiple of n_head 3, got 10/],
  ["sinusoidal positions", "distilbert", { sinusoidal_pos_embds: true }, /sinusoidal_pos_embds: must be false: .*, got true/],
  ["heads of keys that do not divide those of queries", "llama", { num_key_value_heads: 5 }, /num_attention_heads must be a multiple of num_key_value_heads 5, got 32/],
  ["rotary positions of an unknown kind", "qwen2", { rope_parameters: { rope_type: "longrope" } }, /rope.*longrope/],
  ["relative positions", "electra", { position_embedding_type: "relative_key_query" }, /position_embedding_type: must be "absolute".*, got "relative_key_query"/],
  ["an embedding of no width", "albert", { embedding_size: 0 }, /embedding_size: .*, got 0/],
];

for (const [name, modelType, fields, message] of refused) {
  test(`${modelType}: ${name} is refused with file, field and value`, () => {
    assert.throws(() => architectureOf(modelType, "").configure({ model_type: modelType, ...fields }, "a/config.json"),
      (error) => error instanceof UsageError && error.message.startsWith("a/config.json: ") && message.test(error.message));
  });
}
