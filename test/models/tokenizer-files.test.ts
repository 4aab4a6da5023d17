import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findDefaultModel } from "../../lib/models/default-model.js";
import { loadTokenizer, type Encoding } from "../../lib/models/tokenizer.js";
import { withFolder } from "./folders.js";
import { oraclePath } from "./golden.js";

interface Case extends Encoding { text: string; text2: string | null; maxLength: number | null }
interface Golden { tokenizer: { model: { vocab: Record<string, number>; merges: (string | [string, string])[] } }; cases: Case[] }

const goldenOf = (name: string): Golden => JSON.parse(readFileSync(oraclePath(name), "utf8")) as Golden;
const lines = (vocab: Record<string, number>): string => Object.entries(vocab).sort(([, a], [, b]) => a - b).map(([token]) => `${token}\n`).join("");

/** Writes `files` to a folder, and asserts that its tokenizer gives the ids of `cases`. */
const assertCases = (files: Record<string, string>, cases: Case[]): Promise<void> => withFolder(async (folder) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const tokenizer = await loadTokenizer(folder, 0);
  const wrong = cases.filter(({ text, text2, maxLength, inputIds, tokenTypeIds }) =>
    JSON.stringify(tokenizer.encode(text, text2 ?? undefined, maxLength ?? undefined)) !== JSON.stringify({ inputIds, tokenTypeIds }));
  assert.deepEqual(wrong.map(({ text, text2 }) => [text, text2]), []);
});

test("vocab.txt alone makes BERT's tokenizer: the ids are those of its tokenizer.json", async () => {
  const { folder } = findDefaultModel();
  const { model: { vocab } } = JSON.parse(readFileSync(join(folder!, "tokenizer.json"), "utf8")) as Golden["tokenizer"];
  await assertCases({ "vocab.txt": lines(vocab) }, goldenOf("tokenizer.json").cases);
});

test("vocab.txt with RoBERTa's marks makes MPNet's", async () => {
  const { tokenizer: { model }, cases } = goldenOf("tokenizers/mpnet.json");
  const withoutMarks = cases.filter(({ text }) => !/<mask>|<\/s>|\[/.test(text)); // the golden tokenizer does not look for them in texts
  await assertCases({ "vocab.txt": lines(model.vocab) }, withoutMarks);
});

for (const kind of ["roberta", "gpt2"]) {
  test(`vocab.json and merges.txt make ${kind}'s`, async () => {
    const { tokenizer: { model: { vocab, merges } }, cases } = goldenOf(`tokenizers/${kind}.json`);
    const own = kind === "gpt2" ? Object.fromEntries(Object.entries(vocab).filter(([token]) => !/^<\/?[a-z]+>$/.test(token))) : vocab;
    const text = `#version: 0.2\n${merges.map((pair) => `${typeof pair === "string" ? pair : pair.join(" ")}\n`).join("")}`;
    await assertCases({ "vocab.json": JSON.stringify(own), "merges.txt": text }, kind === "gpt2" ? cases.filter(({ text: one }) => !/<mask>|<\/s>/.test(one)) : cases);
  });
}

test("a configuration that keeps capitals is honoured", () => withFolder(async (folder) => {
  writeFileSync(join(folder, "vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nA\n");
  assert.deepEqual((await loadTokenizer(folder, 0)).encode("A").inputIds, [2, 4, 3]);
  writeFileSync(join(folder, "tokenizer_config.json"), "{\"do_lower_case\":false}");
  assert.deepEqual((await loadTokenizer(folder, 0)).encode("A").inputIds, [2, 5, 3]);
}));

test("without files, or with a vocabulary that cannot mark texts, the error says what to do", () => withFolder(async (folder) => {
  await assert.rejects(loadTokenizer(folder, 0), /tokenizer\.json does not exist, nor vocab\.txt, nor vocab\.json with merges\.txt; make it in Python: AutoTokenizer/);
  writeFileSync(join(folder, "vocab.txt"), "a\nb\n");
  await assert.rejects(loadTokenizer(folder, 0), /vocab\.txt lacks <s>, which marks every text; give the folder a tokenizer\.json\./);
}));
