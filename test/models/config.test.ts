import assert from "node:assert/strict";
import { test } from "node:test";
import { encoderConfig } from "../../lib/models/config.js";
import { UsageError } from "../../lib/support/checks.js";

test("what config.json leaves out has the value that Transformers gives it", () => {
  assert.deepEqual(encoderConfig({ model_type: "bert" }, "config.json"), {
    modelType: "bert", vocabSize: 30522, hiddenSize: 768, layers: 12, heads: 12, intermediateSize: 3072, activation: "gelu", maxPositions: 512,
    typeVocabSize: 2, layerNormEps: 1e-12, hiddenDropout: 0.1, attentionDropout: 0.1, classifierDropout: 0.1, initializerRange: 0.02, padTokenId: 0,
  });
});

test("what config.json says is taken over, and what is not about the encoder ignored", () => {
  const config = encoderConfig({ model_type: "bert", hidden_size: 12, num_attention_heads: 3, hidden_act: "gelu_pytorch_tanh", hidden_dropout_prob: 0,
    classifier_dropout: 0.3, pad_token_id: 5, use_cache: true, _name_or_path: 3, is_decoder: false }, "config.json");
  const { hiddenSize, heads, activation, hiddenDropout, classifierDropout, padTokenId } = config;
  assert.deepEqual([hiddenSize, heads, activation, hiddenDropout, classifierDropout, padTokenId], [12, 3, "gelu_new", 0, 0.3, 5]);
  assert.equal(encoderConfig({ model_type: "bert", hidden_dropout_prob: 0.2, classifier_dropout: null }, "").classifierDropout, 0.2);
});

const refused: [string, object, RegExp][] = [
  ["an unknown activation", { hidden_act: "gelu_nwe" }, /hidden_act: must be one of .*gelu.*silu.* Did you mean "gelu_new"\?, got "gelu_nwe"/],
  ["an activation with parameters", { hidden_act: "prelu" }, /hidden_act: .*\(prelu has a parameter of its own\), got "prelu"/],
  ["relative positions", { position_embedding_type: "relative_key" }, /position_embedding_type: must be "absolute": relative positions are not supported, got "relative_key"/],
  ["a decoder", { is_decoder: true }, /is_decoder: must be false: only encoders are supported, got true/],
  ["no layers", { num_hidden_layers: 0 }, /num_hidden_layers: .*, got 0/],
  ["a fractional size", { hidden_size: 1.5 }, /hidden_size: .*, got 1\.5/],
  ["dropout of everything", { hidden_dropout_prob: 1 }, /hidden_dropout_prob: .*, got 1/],
  ["heads that do not divide the hidden size", { hidden_size: 10, num_attention_heads: 3 }, /hidden_size must be a multiple of num_attention_heads 3, got 10/],
];

for (const [name, fields, message] of refused) {
  test(`${name} is refused with file, field and value`, () => {
    assert.throws(() => encoderConfig({ model_type: "bert", ...fields }, "a/config.json"),
      (error) => error instanceof UsageError && error.message.startsWith("a/config.json: ") && message.test(error.message));
  });
}

test("something that is no object is refused", () => {
  assert.throws(() => encoderConfig("bert", "a/config.json"), /a\/config\.json: .*got "bert"/);
});
