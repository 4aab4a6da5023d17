import assert from "node:assert/strict";
import { test } from "node:test";
import { bertText } from "../../lib/models/bert-text.js";

const uncased = { normalizer: { type: "BertNormalizer", handle_chinese_chars: true, lowercase: true } };

test("rare ideographs stand alone and a final sigma is lowered like any other", () => {
  assert.equal(bertText(uncased)("a\u{20000}b\u{2F800}ΑΣ 中 😀"), "a \u{20000} b \u{2F800} Ασ 中 😀");
});

test("what the tokenizer does not ask for is left alone", () => {
  const text = "a\u{20000}ΑΣ";
  assert.equal(bertText({ normalizer: { ...uncased.normalizer, handle_chinese_chars: false } })(text), "a\u{20000}Ασ");
  assert.equal(bertText({ normalizer: { ...uncased.normalizer, lowercase: false } })(text), "a \u{20000} ΑΣ");
  for (const normalizer of [null, undefined, { type: "NFC" }]) assert.equal(bertText({ normalizer })(text), text);
});
