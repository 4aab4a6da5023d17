import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openCorpus } from "../../lib/pretraining/corpus.js";
import { wordPieceJson } from "../../lib/pretraining/tokenizerJson.js";
import { countWords } from "../../lib/pretraining/vocabulary.js";
import { learnWordPieces } from "../../lib/pretraining/wordpiece.js";
import { oraclePath } from "../models/golden.js";
import { paraphraseLines, withFiles } from "./corpora.js";

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const golden = JSON.parse(readFileSync(oraclePath("wordpieces.json"), "utf8")) as Record<string, string[]>;

for (const [size, expected] of Object.entries(golden)) {
  test(`a vocabulary of ${size} is that of Hugging Face's trainer, but where equal counts let either go first`, () =>
    withFiles({ "a.train.txt": paraphraseLines().join("\n"), "b.valid.txt": "x" }, async (folder) => {
      const pieces = learnWordPieces(await countWords(await openCorpus(folder), wordPieceJson(special)), { size: Number(size), special });
      const theirs = new Set(expected), both = pieces.filter((piece) => theirs.has(piece)).length;
      assert.equal(pieces.length, expected.length);
      assert.ok(both >= 0.985 * expected.length, `${both} of ${expected.length} are the same`);
    }));
}

test("pairs are joined by count, equal ones by the smaller ids, and the order of the words does not matter", () => {
  const counts = [["aab", 3], ["ab", 2], ["ba", 4]] as const;
  const pieces = learnWordPieces(new Map(counts), { size: 9, special: ["[UNK]"] });
  assert.deepEqual(pieces, ["[UNK]", "a", "b", "##a", "##b", "ba", "aa", "aab", "ab"]);
  assert.deepEqual(learnWordPieces(new Map([...counts].reverse()), { size: 9, special: ["[UNK]"] }), pieces);
});

test("pairs that are too rare stay apart, and a small alphabet leaves rare characters out", () => {
  assert.deepEqual(learnWordPieces(new Map([["ab", 1]]), { size: 9, special: [] }), ["a", "b", "##b"]);
  assert.deepEqual(learnWordPieces(new Map([["ab", 1], ["aé", 5]]), { size: 4, special: [], alphabet: 2 }), ["a", "é", "##é", "aé"]);
});
