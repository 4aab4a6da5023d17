import assert from "node:assert/strict";
import { test } from "node:test";
import type { Line } from "../../lib/pretraining/corpus.js";
import { packRows } from "../../lib/pretraining/pack.js";
import { sentencesOf } from "../../lib/pretraining/sentences.js";
import { readVocabulary } from "../../lib/pretraining/vocabulary.js";
import { oraclePath } from "../models/golden.js";
import { all } from "./corpora.js";

const vocabulary = await readVocabulary(oraclePath("pretrained/tokenizer.json"));
const words = (row: readonly number[]): string => row.map((id) => (id === vocabulary.clsId ? "<" : id === vocabulary.sepId ? ">" : ".")).join("");

async function* of(...lines: Line[]): AsyncGenerator<Line> { yield* lines; }
/** A line of `count` one-letter words, which are a token each. */
const letters = (count: number, begins = false): Line => ({ text: Array.from({ length: count }, () => "a").join(" "), begins });

test("full sentences fill a row; the one that does not fit begins the next", async () => {
  const rows = await all(packRows(of(letters(3, true), letters(3), letters(3)), vocabulary, 8));
  assert.deepEqual(rows.map(words), ["<......>", "<...>"]);
});

test("between two documents in a row stands a separator, which counts", async () => {
  assert.deepEqual((await all(packRows(of(letters(2, true), letters(3, true)), vocabulary, 8))).map(words), ["<..>...>"]);
  assert.deepEqual((await all(packRows(of(letters(3, true), letters(3, true)), vocabulary, 8))).map(words), ["<...>", "<...>"]);
});

test("a sentence longer than a row is cut, and nothing is lost", async () => {
  const rows = await all(packRows(of(letters(15, true)), vocabulary, 8));
  assert.deepEqual(rows.map(words), ["<......>", "<......>", "<...>"]);
  assert.deepEqual(await all(packRows(of(), vocabulary, 8)), []);
});

test("lines are cut into sentences after their marks, also where WikiText puts spaces before them", () => {
  assert.deepEqual(sentencesOf("It rose. He said so ! \" Why ? \" Nobody knew."), ["It rose.", "He said so !", "\" Why ?", "\" Nobody knew."]);
  assert.deepEqual(sentencesOf("about 3.5 percent, i.e. a third"), ["about 3.5 percent, i.e. a third"]);
});
