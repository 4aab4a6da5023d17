import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { writeRandomModel, type RandomModel } from "../models/random-model.js";
import { withHub } from "../support/hub-server.js";
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

/** Tiny random stand-ins for the README's models by their names there, and what SAID's lambdas stand for. */
const models: Record<string, RandomModel & { groups: number }> = {
  "FacebookAI/roberta-base": { config: { model_type: "roberta", type_vocab_size: 1, ...sizes }, tokenizer: "roberta", groups: 4 },
  "HuggingFaceTB/SmolLM-135M": { config: { model_type: "llama", num_key_value_heads: 2, pad_token_id: 1, ...sizes }, tokenizer: "llama", groups: 4 },
  "./my-albert": { config: { model_type: "albert", embedding_size: 8, ...sizes }, tokenizer: "albert", groups: 3 }, // both layers are one
};

const readme = readFileSync(join(projectRoot, "README.md"), "utf8");
const lines = [...readme.matchAll(/^npx d90 (find --model [^#\n]+)/gm)].map(([, line]) => line!.trim().split(/\s+/));

/** A model's files as the hub has them. */
const onHub = (name: string): Record<string, Uint8Array> =>
  Object.fromEntries(readdirSync(join(folder, name)).map((file) => [`${name}/${file}`, readFileSync(join(folder, name, file))]));

test("the README has a line for three architectures", () => assert.deepEqual(lines.map(([, , name]) => name).sort(), Object.keys(models).sort()));

for (const [find, flag, name, ...flags] of lines) {
  const { groups, ...model } = models[name!]!, local = name!.startsWith(".");
  test(`the README's line for ${name} measures d90 of a random ${model.config.model_type}, ${local ? "from its folder" : "from a hub"}`, async () => {
    await writeRandomModel(join(folder, name!), model);
    const { status, stdout, stderr } = await withHub({ files: local ? {} : onHub(name!) }, async ({ requests }) => {
      const cwd = local ? folder : join(folder, "elsewhere"), data = join(folder, "data");
      mkdirSync(cwd, { recursive: true });
      const done = await d90([find!, flag!, name!, ...flags, "--data", data, "--batch-size", "8", "--max-length", "32", "--epochs", "4",
        "--lowest", "20", "--highest", "60", "--d", "30", "--lr", "0.02", "--max-trials", "1", "--json"], { cwd });
      assert.equal(requests.some((request) => request.includes(`${name}/resolve/`)), !local);
      return done;
    });
    assert.equal(status, 0, stderr);
    const result = JSON.parse(stdout) as { method: string; model: string; trials: object[]; full: number; majority: number };
    assert.deepEqual([result.method, result.model], ["said", name]);
    assert.ok(result.full > result.majority && result.trials.length >= 1, stdout);
  });

  test(`a d that the ${model.config.model_type}'s ${groups} layers use up is refused, with their number`, async () => {
    const { status, stderr } = await d90(["train", "--model", join(folder, name!), "--data", "data", "--method", "said", "--d", String(groups), "--max-length", "32"], { cwd: folder });
    assert.notEqual(status, 0);
    assert.match(stderr, new RegExp(`\\b${groups}\\b.*lambda|lambda.*\\b${groups}\\b`, "s"));
  });
}
