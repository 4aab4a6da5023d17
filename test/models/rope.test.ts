import assert from "node:assert/strict";
import { test } from "node:test";
import { llamaConfig } from "../../lib/models/llama-config.js";
import { ropeOf, ropeTypes } from "../../lib/models/rope.js";

const sizes = { size: 8, maxPositions: 64 };
const plain = [1, 0.1, 0.01, 0.001];
const near = (actual: readonly number[], expected: readonly number[]): void => actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-9, `${actual}`));

test("without a word about it positions turn by 10000^(-2i/s), in the old spelling and the new", () => {
  near(ropeOf({}, "c", sizes).frequencies, plain);
  near(ropeOf({ rope_parameters: { rope_type: "default", rope_theta: 16 } }, "c", sizes).frequencies, [1, 0.5, 0.25, 0.125]);
  near(ropeOf({ rope_theta: 16, rope_scaling: { type: "linear", factor: 4 } }, "c", sizes).frequencies, [0.25, 0.125, 0.0625, 0.03125]);
  near(ropeOf({ rope_scaling: null }, "c", sizes).frequencies, plain);
});

test("llama3 leaves fast turns, presses slow ones, and takes the configuration's length where none is given", () => {
  const fields = { rope_type: "llama3", rope_theta: 16, factor: 8, low_freq_factor: 1, high_freq_factor: 4 };
  near(ropeOf({ rope_parameters: { ...fields, original_max_position_embeddings: 1000 } }, "c", sizes).frequencies, [1, 0.5, 0.25, 0.125]);
  near(ropeOf({ rope_parameters: { ...fields, original_max_position_embeddings: 1 } }, "c", sizes).frequencies, [1 / 8, 1 / 16, 1 / 32, 1 / 64]);
  assert.deepEqual(ropeOf({ rope_parameters: fields }, "c", sizes), ropeOf({ rope_parameters: { ...fields, original_max_position_embeddings: 64 } }, "c", sizes));
});

const refused: [object, RegExp][] = [
  [{ rope_parameters: { rope_type: "longrope" } }, /c: rope_type must be one of default, dynamic, linear, llama3, yarn, got "longrope"/],
  [{ rope_scaling: { type: "linear" } }, /c: factor: /],
  [{ partial_rotary_factor: 0.5 }, /c: partial_rotary_factor must be 1/],
];
for (const [json, message] of refused) {
  test(`${JSON.stringify(json)} is refused`, () => {
    assert.throws(() => ropeOf(json, "c", sizes), message);
  });
}

test("a width that has no halves, and heads that do not share keys evenly, are refused", () => {
  assert.deepEqual(ropeTypes.includes("toString"), false);
  assert.throws(() => ropeOf({}, "c", { size: 7, maxPositions: 4 }), /head_dim must be even/);
  assert.throws(() => llamaConfig("llama", { num_attention_heads: 4, num_key_value_heads: 3 }, "c"), /num_attention_heads must be a multiple of num_key_value_heads 3, got 4/);
  assert.throws(() => llamaConfig("llama", { hidden_size: 10, num_attention_heads: 4 }, "c"), /hidden_size must be a multiple of num_attention_heads 4, got 10/);
});

test("no text is longer than a window, and a window that is not used does not count", () => {
  assert.equal(llamaConfig("mistral", {}, "c").maxPositions, 4096);
  assert.equal(llamaConfig("mistral", { sliding_window: null }, "c").maxPositions, 131072);
  assert.equal(llamaConfig("qwen2", { sliding_window: 100 }, "c").maxPositions, 32768);
  assert.equal(llamaConfig("qwen2", { sliding_window: 100, use_sliding_window: true }, "c").maxPositions, 100);
  assert.deepEqual([llamaConfig("llama", { pad_token_id: -1 }, "c").padTokenId, llamaConfig("llama", {}, "c").llama?.biases.heads, llamaConfig("qwen2", {}, "c").llama?.biases.heads], [0, false, true]);
});
