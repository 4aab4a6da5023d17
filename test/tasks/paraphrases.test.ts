import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { projectRoot } from "../../lib/support/root.js";
import { loadTask, majorityShare, type Example } from "../../lib/tasks/index.js";

const { train, dev } = await loadTask({ task: "paraphrases" });
const sentences = (examples: readonly Example[]): string[] => examples.flatMap(({ text, text2 }) => [text, text2!]);
const words = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu));

/** Shared words over all words of two sentences. */
function jaccard(a: Set<string>, b: Set<string>): number {
  let both = 0;
  for (const word of a) if (b.has(word)) both++;
  return both / (a.size + b.size - both);
}

test("there are at least 800 pairs, four fifths of them to train on", () => {
  const all = train.length + dev.length;
  assert.ok(all >= 800, `${all}`);
  assert.ok(Math.abs(dev.length / all - 0.2) < 0.01);
});

test("the classes have MRPC's balance within two points, in either split", () => {
  for (const split of [train, dev]) {
    assert.ok(Math.abs(majorityShare(split) - 0.674) < 0.02, `${majorityShare(split)}`);
    assert.ok(split.filter((example) => example.label === 1).length > split.length / 2);
  }
});

test("train and dev have the same share of pairs that look alike, in either class", () => {
  const share = (split: readonly Example[], label: number): number => {
    const alike = split.filter((example) => example.label === label && jaccard(words(example.text), words(example.text2!)) >= 0.5);
    return alike.length / split.length;
  };
  for (const label of [0, 1]) assert.ok(Math.abs(share(train, label) - share(dev, label)) < 0.01, `label ${label}`);
});

test("no sentence occurs in two pairs, and none is its own paraphrase", () => {
  const texts = sentences([...train, ...dev]).map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim());
  assert.equal(new Set(texts).size, texts.length);
});

test("no sentence of dev is a variation of one of train", () => {
  const seen = sentences(train).map((text) => ({ text, words: words(text) }));
  for (const text of sentences(dev)) {
    const own = words(text);
    const near = seen.find((other) => jaccard(own, other.words) > 0.35);
    assert.equal(near, undefined, `${text} | ${near?.text}`);
  }
});

test("no pair is a near copy of another with the same label", () => {
  const pairs = [...train, ...dev].map((example) => ({ example, words: words(`${example.text} ${example.text2}`) }));
  for (const [index, a] of pairs.entries()) {
    for (const b of pairs.slice(0, index)) {
      const copies = a.example.label === b.example.label && jaccard(a.words, b.words) > 0.6;
      assert.ok(!copies, `${a.example.text} | ${b.example.text}`);
    }
  }
});

const sources = join(projectRoot, "data", "paraphrases", "source");
test("the splits are what the sources give", { skip: existsSync(sources) ? false : "no sources here" }, () => {
  const run = spawnSync(process.execPath, [join(projectRoot, "data", "paraphrases", "assemble.mjs"), "--check"], { encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
});
