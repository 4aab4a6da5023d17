import assert from "node:assert/strict";
import { test } from "node:test";
import { targetsOf } from "../../lib/reparameterisations/targets.js";
import type { NamedShapes } from "../../lib/support/tensors.js";

const weights = (...modules: string[]): NamedShapes => Object.fromEntries(modules.flatMap((module) => [[`${module}.weight`, [3, 2]], [`${module}.bias`, [3]]]));
const modulesOf = (shapes: NamedShapes, ...targets: string[]): string[] => targetsOf(shapes, [], targets).map(({ module }) => module);

/** A block of each family as Hugging Face names it, in the order query, key, value, output, up, down. */
const families: Record<string, string[]> = {
  bert: ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "intermediate.dense", "output.dense"]
    .map((part) => `bert.encoder.layer.0.${part}`),
  albert: ["attention.query", "attention.key", "attention.value", "attention.dense", "ffn", "ffn_output"]
    .map((part) => `albert.encoder.albert_layer_groups.0.albert_layers.0.${part}`),
  distilbert: ["attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "ffn.lin1", "ffn.lin2"]
    .map((part) => `distilbert.transformer.layer.0.${part}`),
  mpnet: ["attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "intermediate.dense", "output.dense"]
    .map((part) => `mpnet.encoder.layer.0.${part}`),
  llama: ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj"]
    .map((part) => `model.layers.0.${part}`),
};

for (const [family, modules] of Object.entries(families)) {
  test(`${family}: each role is the part that has it`, () => {
    const shapes = weights(...modules);
    const roles = ["query", "key", "value", "output", "up", "down"];
    assert.deepEqual(roles.flatMap((role) => modulesOf(shapes, role)), modules);
    assert.deepEqual(modulesOf(shapes, "all"), modules);
    assert.deepEqual(modulesOf(shapes, "value", "query"), [modules[0], modules[2]]);
  });
}

test("GPT-2's joint matrix is query, key and value at once, and what it stores transposed is told", () => {
  const shapes = { "transformer.wte.weight": [9, 2], ...weights("h.0.attn.c_attn", "h.0.attn.c_proj", "h.0.mlp.c_fc", "h.0.mlp.c_proj") };
  assert.deepEqual(modulesOf(shapes, "value"), ["h.0.attn.c_attn"]);
  assert.deepEqual(modulesOf(shapes, "output", "down"), ["h.0.attn.c_proj", "h.0.mlp.c_proj"]);
  const [target] = targetsOf(shapes, [], ["up"]);
  assert.deepEqual([target!.flipped, target!.inputs, target!.outputs], [true, 3, 2]);
});

test("the end of a module's name is a target too, but neither the head nor an embedding is", () => {
  const shapes = { ...weights("bert.pooler.dense", "classifier"), "bert.embeddings.word_embeddings.weight": [9, 2] };
  assert.deepEqual(modulesOf(shapes, "pooler.dense"), ["bert.pooler.dense"]);
  assert.throws(() => targetsOf(shapes, ["classifier.weight"], ["classifier"]), /got "classifier"\. This model's modules end in dense\./);
  assert.throws(() => modulesOf(shapes, "word_embeddings"), /targets must be among/);
});
