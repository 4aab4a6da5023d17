import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../../lib/pretraining/corpus.js";
import { pairHeader, packPairs } from "../../lib/pretraining/packPairs.js";
import { readVocabulary } from "../../lib/pretraining/vocabulary.js";
import { oraclePath } from "../models/golden.js";
import { all } from "./corpora.js";

const vocabulary = await readVocabulary(oraclePath("pretrained/tokenizer.json"));
const words = (row: readonly number[]): string => row.slice(pairHeader).map((id) => (id === vocabulary.clsId ? "<" : id === vocabulary.sepId ? ">" : ".")).join("");

async function* of(...lines: Line[]): AsyncGenerator<Line> { yield* lines; }
/** A line of `count` one-letter words, which are a token each: one sentence. */
const letters = (count: number, begins = false): Line => ({ text: Array.from({ length: count }, () => "a").join(" "), begins });
const pack = (length: number, ...lines: Line[]): Promise<(readonly number[])[]> => all(packPairs(of(...lines), vocabulary, length));

test("a row is two segments of one document, cut between sentences; its first segment's length and its document stand before it", async () => {
  const rows = await pack(12, letters(3, true), letters(4), letters(3, true), letters(5));
  assert.deepEqual(rows.map(words), ["<...>....>", "<...>.....>"]);
  assert.deepEqual(rows.map((row) => row.slice(0, pairHeader)), [[0, 3], [1, 3]]);
});

test("a row ends before the sentence that no longer fits; where it has one alone, the next one's beginning fills it and nothing is lost", async () => {
  assert.deepEqual((await pack(11, letters(2, true), letters(2), letters(5), letters(3))).map(words), ["<..>..>", "<.....>...>"]);
  assert.deepEqual((await pack(11, letters(6, true), letters(5))).map(words), ["<......>..>", "<...>"]);
});

test("a document's only sentence is a first segment alone, one longer than a row is cut into pairs of halves, and no row crosses documents", async () => {
  assert.deepEqual((await pack(11, letters(2, true), letters(3, true))).map(words), ["<..>", "<...>"]);
  assert.deepEqual((await pack(11, letters(17, true))).map(words), ["<....>....>", "<....>....>", "<.>"]);
  assert.deepEqual(await pack(11), []);
});

test("where the cut is among three sentences or more is drawn from the row's number: the same each time, each place in turn", async () => {
  const lines = Array.from({ length: 60 }, () => [letters(1, true), letters(1), letters(1)]).flat();
  const firsts = (await pack(12, ...lines)).map(([, first]) => first);
  assert.deepEqual(firsts, (await pack(12, ...lines)).map(([, first]) => first));
  assert.equal(firsts.length, 60);
  const once = firsts.filter((first) => first === 1).length;
  assert.ok(once > 15 && once < 45, `${once} of 60 after the first sentence`);
  assert.ok(firsts.every((first) => first === 1 || first === 2));
});
