/** Model folders for tests: a tiny BERT in Hugging Face's layout, and temporary folders that go away. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oraclePath } from "./golden.js";

/** Calls `use` with a fresh folder and removes it afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "d90-model-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** tokenizer.json of a WordPiece tokenizer with as many words as the tiny BERT has rows. */
export const tinyTokenizer = {
  truncation: { max_length: 4, strategy: "LongestFirst", stride: 0, direction: "Right" },
  padding: { strategy: { Fixed: 8 }, direction: "Right", pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" },
  added_tokens: [],
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase: true },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: {
    type: "TemplateProcessing",
    single: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } }],
    pair: [{ SpecialToken: { id: "[CLS]", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "[SEP]", type_id: 0 } },
      { Sequence: { id: "B", type_id: 1 } }, { SpecialToken: { id: "[SEP]", type_id: 1 } }],
    special_tokens: { "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] }, "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] } },
  },
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100,
    vocab: Object.fromEntries(["[PAD]", "[UNK]", "[CLS]", "[SEP]", ..."abcdefghijklmnopqrstuvwxyz", ..."0123456789"].map((word, id) => [word, id])),
  },
};

/** Writes the tiny BERT of test/oracles with a tokenizer to `folder`, which it makes. */
export function writeTinyModel(folder: string): string {
  mkdirSync(folder, { recursive: true });
  cpSync(oraclePath("bert-tiny"), folder, { recursive: true });
  writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tinyTokenizer));
  return folder;
}

/** The tiny model's files, written to `folder`, as a hub's repository. */
export const hubFiles = (folder: string, repository = "someone/tiny-bert"): Record<string, Uint8Array> =>
  Object.fromEntries(readdirSync(writeTinyModel(folder)).map((name) => [`${repository}/${name}`, readFileSync(join(folder, name))]));

/** A fresh folder for a file's tests, and what removes it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "d90-test-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
