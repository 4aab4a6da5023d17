import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openCorpus } from "../../lib/pretraining/corpus.js";
import { learnVocabulary, readVocabulary, writeTokenizer } from "../../lib/pretraining/vocabulary.js";
import { loadTokenizer } from "../../lib/models/tokenizer.js";
import { floats, oraclePath, readGolden } from "../models/golden.js";
import { withFolder } from "../models/folders.js";
import { paraphraseLines, withFiles } from "./corpora.js";

test("a learned vocabulary, written and read again, gives the ids that Transformers gives", () => withFolder(async (folder) => {
  const vocabulary = await readVocabulary(oraclePath("pretrained/tokenizer.json"));
  await writeTokenizer(folder, vocabulary, 24);
  const tokenizer = await loadTokenizer(folder, 0), golden = await readGolden("pretrained.safetensors");
  const width = golden["input_ids"]!.shape[1]!;
  ["the company said [MASK] would sell", "Prices rose, the [MASK] said on Tuesday.", "it's"].forEach((text, row) => {
    const { inputIds } = tokenizer.encode(text);
    assert.deepEqual([...inputIds, ...new Array<number>(width - inputIds.length).fill(0)], [...floats(golden, "input_ids").slice(row * width, (row + 1) * width)]);
  });
}));

test("special tokens have the first ids, and every character of the corpus is there", () => withFiles({ "a.txt": paraphraseLines().join("\n") }, async (folder) => {
  const { size, padId, clsId, sepId, maskId, special, tokenizer } = await learnVocabulary(await openCorpus(folder), 300);
  assert.deepEqual([size, padId, clsId, sepId, maskId, [...special].sort((a, b) => a - b)], [300, 0, 2, 3, 4, [0, 1, 2, 3, 4]]);
  assert.ok(!tokenizer.encode("Zebras quickly jump over 1,234 lazy dogs.").inputIds.includes(1));
}));

test("files that are no tokenizer, or have no mask, are refused by name", () => withFolder(async (folder) => {
  const path = join(folder, "tokenizer.json");
  await assert.rejects(readVocabulary(path), /tokenizer .*tokenizer\.json cannot be read \(ENOENT\)/);
  writeFileSync(path, "{}");
  await assert.rejects(readVocabulary(path), /is no tokenizer\.json: model/);
  writeFileSync(path, JSON.stringify({ model: { vocab: { "[PAD]": 0, a: 1 } } }));
  await assert.rejects(readVocabulary(path), /needs a token \[MASK\] or <mask> for masked language modelling; take another tokenizer/);
}));

test("a corpus of spaces alone has no vocabulary", () => withFiles({ "a.txt": "  \n\t\n" }, async (folder) => {
  await assert.rejects(learnVocabulary(await openCorpus(folder), 300), /holds no word: its files are empty, or hold spaces alone/);
}));
