/** Tokenizers of folders that lack tokenizer.json: made from the files of older checkpoints as Transformers makes them. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { UsageError } from "../support/checks.js";
import { readJson } from "./json.js";

/** Names of the files that a tokenizer may be in, by what else has to be there: the first that is there is used. */
export const tokenizerFiles: readonly (readonly string[])[] = [["tokenizer.json"], ["vocab.txt"], ["vocab.json", "merges.txt"]];

/** The parsed tokenizer.json of a folder, or what it would be. @throws {UsageError} if no tokenizer can be had, with the remedy. */
export async function tokenizerJson(folder: string, config: unknown): Promise<{ json: unknown; path: string }> {
  const found = tokenizerFiles.find((names) => names.every((name) => existsSync(join(folder, name))));
  const path = join(folder, found?.[0] ?? "tokenizer.json");
  if (found === undefined) {
    throw new UsageError(`${path} does not exist, nor vocab.txt, nor vocab.json with merges.txt; `
      + "make it in Python: AutoTokenizer.from_pretrained(folder).save_pretrained(folder).");
  }
  if (path.endsWith("vocab.txt")) return { path, json: wordPiece(await readFile(path, "utf8"), config, path) };
  if (path.endsWith("vocab.json")) return { path, json: byteLevelBpe(await readJson(path), await readFile(join(folder, "merges.txt"), "utf8"), path) };
  return { path, json: await readJson(path) };
}

type Vocabulary = Record<string, number>;

/** Marks by their role; MPNet has RoBERTa's in BERT's kind of vocabulary. */
const bertMarks = { cls: "[CLS]", sep: "[SEP]", pad: "[PAD]", unk: "[UNK]", mask: "[MASK]" };
const robertaMarks = { cls: "<s>", sep: "</s>", pad: "<pad>", unk: "<unk>", mask: "<mask>" };
type Marks = typeof bertMarks;

const wordPieceConfig = z.object({
  do_lower_case: z.boolean().default(true), strip_accents: z.boolean().nullish(), tokenize_chinese_chars: z.boolean().default(true),
});

/** BERT's tokenizer, or MPNet's. @param text vocab.txt: a token a line. @param config tokenizer_config.json. */
function wordPiece(text: string, config: unknown, path: string): object {
  const vocab: Vocabulary = Object.fromEntries(text.replace(/\r?\n$/, "").split(/\r?\n/).map((token, id) => [token, id]));
  const marks = Object.hasOwn(vocab, bertMarks.cls) ? bertMarks : { ...robertaMarks, unk: "[UNK]" };
  requireMarks(vocab, marks, path);
  const { do_lower_case: lowercase, strip_accents, tokenize_chinese_chars } = wordPieceConfig.catch(wordPieceConfig.parse({})).parse(config);
  return {
    added_tokens: added(vocab, marks),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: tokenize_chinese_chars, strip_accents: strip_accents ?? null, lowercase },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: processor(marks === bertMarks ? "BertProcessing" : "RobertaProcessing", vocab, marks),
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { type: "WordPiece", unk_token: marks.unk, continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab },
  };
}

/** RoBERTa's tokenizer, or GPT-2's, whose vocabulary has no marks. */
function byteLevelBpe(json: unknown, text: string, path: string): object {
  const parsed = z.record(z.string(), z.int().min(0)).safeParse(json);
  if (!parsed.success) throw new UsageError(`${path} must map tokens to ids.`);
  const vocab = parsed.data, marked = Object.hasOwn(vocab, robertaMarks.cls);
  if (marked) requireMarks(vocab, robertaMarks, path);
  const end = "<|endoftext|>";
  return {
    added_tokens: marked ? added(vocab, robertaMarks) : Object.hasOwn(vocab, end) ? [special(end, vocab)] : [],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: marked ? processor("RobertaProcessing", vocab, robertaMarks) : null,
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE", dropout: null, unk_token: null, continuing_subword_prefix: "", end_of_word_suffix: "", fuse_unk: false, vocab,
      merges: text.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#version")),
    },
  };
}

function requireMarks(vocab: Vocabulary, marks: Marks, path: string): void {
  const absent = [marks.cls, marks.sep, marks.unk].find((token) => !Object.hasOwn(vocab, token));
  if (absent !== undefined) throw new UsageError(`${path} lacks ${absent}, which marks every text; give the folder a tokenizer.json.`);
}

const special = (content: string, vocab: Vocabulary, lstrip = false): object =>
  ({ id: vocab[content], content, single_word: false, lstrip, rstrip: false, normalized: false, special: true });

/** The marks that the vocabulary has, as tokens that are found in texts; RoBERTa's mask takes the space before it. */
const added = (vocab: Vocabulary, marks: Marks): object[] => Object.values(marks).filter((token) => Object.hasOwn(vocab, token))
  .map((token) => special(token, vocab, token === robertaMarks.mask));

const processor = (type: string, vocab: Vocabulary, { cls, sep }: Marks): object =>
  ({ type, sep: [sep, vocab[sep]], cls: [cls, vocab[cls]], trim_offsets: true, add_prefix_space: false });
