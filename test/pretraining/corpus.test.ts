import assert from "node:assert/strict";
import { basename, join } from "node:path";
import { test } from "node:test";
import { corpusLines, openCorpus } from "../../lib/pretraining/corpus.js";
import { all, paraphraseLines, withFiles } from "./corpora.js";

test("a folder's text files are read in the order of their names; validation is held apart, tests are left out", () =>
  withFiles({ "b.txt": "b", "deep/a.md": "a", "my.valid.txt": "v", "my.test.txt": "t", "picture.png": "x" }, async (folder) => {
    const corpus = await openCorpus(folder);
    assert.deepEqual(corpus.train.map((path) => basename(path)), ["b.txt", "a.md"]);
    assert.deepEqual(corpus.validation.map((path) => basename(path)), ["my.valid.txt"]);
    assert.deepEqual(await all(corpusLines(corpus, "validation")), [{ text: "v", begins: true }]);
    assert.match(corpus.source, /^folder /);
  }));

test("without validation files every 20th line is held out, and no line is in both splits", () =>
  withFiles({ "a.txt": Array.from({ length: 45 }, (_unused, i) => `line ${i}`).join("\n") }, async (folder) => {
    const corpus = await openCorpus(join(folder, "a.txt"));
    const [train, held] = [await all(corpusLines(corpus, "train")), await all(corpusLines(corpus, "validation"))];
    assert.deepEqual(held.map(({ text }) => text), ["line 19", "line 39"]);
    assert.equal(train.length, 43);
  }));

test("a document begins at a file and after an empty line, in WikiText at an article's title", async () => {
  await withFiles({ "a.txt": "one\ntwo\n\n\nthree" }, async (folder) => {
    assert.deepEqual((await all(corpusLines(await openCorpus(folder), "train"))).map(({ begins }) => begins), [true, false, true]);
  });
  await withFiles({ "w.train.tokens": " \n = Title = \n \n A <unk> well @-@ known 1 @,@ 000 . \n = = Part = = \n text \n = Next = \n", "w.valid.tokens": " x \n" }, async (folder) => {
    assert.deepEqual(await all(corpusLines(await openCorpus(folder), "train")), [
      { text: "= Title =", begins: true }, { text: "A [UNK] well-known 1,000 .", begins: false }, { text: "= = Part = =", begins: false },
      { text: "text", begins: false }, { text: "= Next =", begins: true },
    ]);
  });
});

test("the embedded corpus is the sentences of the paraphrases, without their heading and labels", async () => {
  const corpus = await openCorpus("paraphrases"), train = await all(corpusLines(corpus, "train"));
  assert.deepEqual(train.map(({ text }) => text), paraphraseLines());
  assert.ok((await all(corpusLines(corpus, "validation"))).length > 100);
});

test("a place that is not there, or has no text, is named with the remedy", async () => {
  await assert.rejects(openCorpus("wikitext2"), /corpus must be a folder of text or wikitext-2, got "wikitext2": there is none\. Did you mean "wikitext-2"\?/);
  await withFiles({ "picture.png": "x", "a.test.txt": "x" }, async (folder) => {
    await assert.rejects(openCorpus(folder), /has no text to train on: no \.txt, \.text, \.tokens or \.md file beside those for validation and test/);
  });
});
