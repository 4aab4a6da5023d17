import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { learnBytePairs } from "../../lib/pretraining/bytePairs.js";
import { loadModel } from "../../lib/models/load.js";
import { corpusLines, openCorpus } from "../../lib/pretraining/corpus.js";
import { pretrain } from "../../lib/pretraining/index.js";
import { packRows } from "../../lib/pretraining/pack.js";
import { learnVocabulary } from "../../lib/pretraining/vocabulary.js";
import { oraclePath } from "../models/golden.js";
import { withFolder } from "../models/folders.js";
import { all, paraphraseLines, withFiles } from "./corpora.js";
import { tinyOptions, writeText } from "./tiny.js";

interface TokenizerJson { model: { merges: (string | [string, string])[] } & Record<string, unknown> }
interface Golden {
  tokenizer: TokenizerJson & Record<string, unknown>;
  cases: { text: string; text2: string | null; inputIds: number[] }[];
}
const golden = JSON.parse(readFileSync(oraclePath("byte-pairs.json"), "utf8")) as Golden;

/** Merges as pairs: the library writes them so since 0.20, and reads both. */
const withPairs = <T extends TokenizerJson>(json: T): T =>
  ({ ...json, model: { ...json.model, merges: json.model.merges.map((merge) => (typeof merge === "string" ? merge.split(" ") : merge)) } });

test("byte pairs learned from a corpus are the tokenizer.json of Hugging Face's trainer, and give its ids", () =>
  withFiles({ "a.train.txt": paraphraseLines().join("\n"), "b.valid.txt": "x" }, async (folder) => {
    const { text, tokenizer, ...ids } = await learnVocabulary(await openCorpus(folder), 700, { kind: "bpe" });
    assert.deepEqual(withPairs(JSON.parse(text) as TokenizerJson), withPairs(golden.tokenizer));
    assert.deepEqual([ids.size, ids.clsId, ids.padId, ids.sepId, ids.maskId, ids.unknown], [700, 0, 1, 2, 4, "<unk>"]);
    assert.deepEqual([...ids.special].sort(), [0, 1, 2, 3, 4]);
    for (const { text: first, text2, inputIds } of golden.cases) {
      assert.deepEqual(tokenizer.encode(first, text2 ?? undefined).inputIds, inputIds, `${JSON.stringify(first)} ${JSON.stringify(text2)}`);
    }
  }));

test("pairs are joined by count, equal ones by the smaller ids, rare ones not, in any order of the words", () => {
  const counts = [["aab", 3], ["ab", 2], ["ba", 4], ["xy", 1]] as const;
  const { pieces, merges } = learnBytePairs(new Map(counts), { size: 1000, special: ["<s>"] });
  assert.deepEqual(merges, ["a b", "b a", "a ab"]);
  assert.deepEqual(pieces.slice(257), ["ab", "ba", "aab"]);
  assert.deepEqual(learnBytePairs(new Map([...counts].reverse()), { size: 1000, special: ["<s>"] }).merges, merges);
});

test("a piece that two merges make has one id, and the size counts pieces", () => {
  const { pieces, merges } = learnBytePairs(new Map([["ab", 9], ["bc", 8], ["abc", 7], ["xbc", 30]]), { size: 259, special: [] });
  assert.deepEqual([pieces.length, merges.length], [259, 3]);
  assert.equal(new Set(pieces).size, pieces.length);
});

test("what WikiText left out is the vocabulary's unknown token", () =>
  withFiles({ "w.train.tokens": " = Title = \n A <unk> well known town . \n", "w.valid.tokens": " x \n" }, async (folder) => {
    const corpus = await openCorpus(folder), vocabulary = await learnVocabulary(corpus, 300, { kind: "bpe" });
    const rows = await all(packRows(corpusLines(corpus, "train"), vocabulary, 64));
    assert.equal(rows.flat().filter((id) => id === 3).length, 1);
  }));

test("a model pre-trained with byte pairs is loaded with its tokenizer; fewer pieces than bytes are refused", () => withFolder(async (folder) => {
  writeText(folder);
  const record = await pretrain(tinyOptions(folder, "model", { updates: 2, every: 2, tokenizerKind: "bpe", vocabulary: 300 }));
  assert.equal(record.configuration.tokenizer.size, 300);
  const model = await loadModel({ model: join(folder, "model"), labels: 2, headSeed: 0 });
  assert.deepEqual([model.config.vocabSize, model.tokenizer.padId, model.tokenizer.encode("a <mask>").inputIds.at(-2)], [300, 1, 4]);
  model.dispose();
  await assert.rejects(pretrain(tinyOptions(folder, "small", { tokenizerKind: "bpe" })), /pretrain: vocabulary must be an integer of at least 261, got 150/);
}));
