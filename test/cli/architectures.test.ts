import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeRandomModel, type RandomModel } from "../models/random-model.js";
import { d90 } from "./spawn.js";

const folder = mkdtempSync(join(tmpdir(), "d90-architectures-"));
before(() => {
  mkdirSync(join(folder, "data"));
  for (const [split, count] of [["train", 96], ["dev", 24]] as const) writeFileSync(join(folder, "data", `${split}.tsv`), easyRows(count));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Rows that a tiny model learns in seconds: the label is whether the letters are a or b; two of three are 1. */
function easyRows(count: number): string {
  const lines = Array.from({ length: count }, (_unused, i) => {
    const label = i % 3 === 0 ? 0 : 1, letter = label === 1 ? "a" : "b";
    return [label, i, i + count, `${letter} ${letter}`, letter].join("\t");
  });
  return ["Quality\t#1 ID\t#2 ID\t#1 String\t#2 String", ...lines, ""].join("\n");
}

const sizes = { hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 32, max_position_embeddings: 40, initializer_range: 0.1 };

/** Random models of three architectures, what SAID's lambdas stand for, and the parameters of the model with its head for two classes. */
const models: (RandomModel & { groups: number })[] = [
  { config: { model_type: "roberta", type_vocab_size: 1, ...sizes }, tokenizer: "roberta", groups: 4 },
  { config: { model_type: "albert", embedding_size: 8, ...sizes }, tokenizer: "albert", groups: 3 }, // both layers are one
  { config: { model_type: "llama", num_key_value_heads: 2, pad_token_id: 1, ...sizes }, tokenizer: "llama", groups: 4 },
];

for (const { groups, ...model } of models) {
  const name = model.config.model_type;
  test(`find measures d90 of a random ${name} by SAID, from its folder`, async () => {
    await writeRandomModel(join(folder, name), model);
    const { status, stdout, stderr } = await d90(["find", "--model", name, "--data", "data", "--method", "said", "--batch-size", "8", "--max-length", "32",
      "--epochs", "4", "--lowest", "20", "--highest", "60", "--d", "30", "--lr", "0.02", "--max-trials", "1", "--json"], { cwd: folder });
    assert.equal(status, 0, stderr);
    const result = JSON.parse(stdout) as { method: string; model: string; trials: object[]; full: number; majority: number };
    assert.deepEqual([result.method, result.model], ["said", name]);
    assert.ok(result.full > result.majority && result.trials.length >= 1, stdout);
  });

  test(`a d that ${name}'s ${groups} layers use up is refused, with their number`, async () => {
    const { status, stderr } = await d90(["train", "--model", name, "--data", "data", "--method", "said", "--d", String(groups), "--max-length", "32"], { cwd: folder });
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(`\\b${groups}\\b.*lambda|lambda.*\\b${groups}\\b`, "s"));
  });
}
