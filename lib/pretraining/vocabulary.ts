/** The vocabulary of a pre-training: learned from the corpus or taken from a tokenizer.json, and its ids by purpose. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Tokenizer as Library } from "@huggingface/tokenizers";
import * as z from "zod";
import { bertText } from "../models/bert-text.js";
import { makeTokenizer, type Tokenizer } from "../models/tokenizer.js";
import { UsageError } from "../support/checks.js";
import { sha256, writeFileAtomic } from "../support/files.js";
import { corpusLines, type Corpus } from "./corpus.js";
import { learnBytePairs } from "./bytePairs.js";
import { bytePairJson, bytePairSpecial, wordPieceJson, wordPieceSpecial } from "./tokenizerJson.js";
import { learnWordPieces } from "./wordpiece.js";

/** A tokenizer.json and what masked language modelling needs of it. */
export interface Vocabulary {
  /** The content of tokenizer.json, and its hash. */
  text: string;
  sha256: string;
  tokenizer: Tokenizer;
  /** Ids run from 0 to size - 1. */
  size: number;
  padId: number;
  maskId: number;
  /** What begins and ends a row. */
  clsId: number;
  sepId: number;
  /** Token of what the corpus left out, which corpora write as [UNK]; a space where there is none. */
  unknown: string;
  /** Ids that are never masked, nor put in a token's place. */
  special: ReadonlySet<number>;
}

/** How often each word occurs, words as the normaliser and splitter of `json` make them. @throws {UsageError} for text that cannot be read. */
export async function countWords(corpus: Corpus, json: Record<string, unknown>, signal?: AbortSignal): Promise<Map<string, number>> {
  const { normalizer, pre_tokenizer: splitter } = new Library(json, {});
  const prepare = bertText(json), normalised = (text: string): string => normalizer?.normalize(text) ?? text;
  if (splitter === null) throw new Error("countWords: the tokenizer must split.");
  const counts = new Map<string, number>();
  let lines = 0;
  for await (const { text } of corpusLines(corpus, "train")) {
    if (++lines % 256 === 0) { signal?.throwIfAborted(); await new Promise(setImmediate); }
    for (const word of splitter.pre_tokenize(normalised(prepare(text.replaceAll("[UNK]", " "))))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  if (counts.size === 0) throw new UsageError(`corpus ${corpus.source} holds no word: its files are empty, or hold spaces alone.`);
  return counts;
}

/** Which vocabulary is learned: BERT's word pieces (uncased), or byte pairs (GPT-2's and RoBERTa's). */
export type TokenizerKind = "wordpiece" | "bpe";

/** Learns a vocabulary of at most `size` pieces. */
export async function learnVocabulary(corpus: Corpus, size: number, { kind = "wordpiece", signal }: { kind?: TokenizerKind; signal?: AbortSignal } = {}): Promise<Vocabulary> {
  const json = kind === "wordpiece"
    ? wordPieceJson(learnWordPieces(await countWords(corpus, wordPieceJson(wordPieceSpecial), signal), { size, special: wordPieceSpecial }))
    : bytePairJson(learnBytePairs(await countWords(corpus, bytePairJson({ pieces: bytePairSpecial, merges: [] }), signal), { size, special: bytePairSpecial }));
  return vocabularyOf(`${JSON.stringify(json, null, 1)}\n`, "the learned vocabulary");
}

/** The vocabulary of a tokenizer.json. @throws {UsageError} naming the file if it cannot be used. */
export async function readVocabulary(path: string): Promise<Vocabulary> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`tokenizer ${path} cannot be read (${error.code ?? error.message}).`);
  });
  return vocabularyOf(text, path);
}

const jsonSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int(), content: z.string(), special: z.boolean().optional() })).default([]),
  model: z.object({ unk_token: z.string().nullish(), vocab: z.union([z.record(z.string(), z.int()), z.array(z.tuple([z.string(), z.number()]))]) }),
});

function vocabularyOf(text: string, path: string): Vocabulary {
  const json: unknown = parsed(text, path);
  const result = jsonSchema.safeParse(json);
  if (!result.success) throw new UsageError(`${path}: is no tokenizer.json: ${result.error.issues[0]?.path.join(".")} ${result.error.issues[0]?.message}.`);
  const { added_tokens: added, model: { vocab } } = result.data;
  const ids = new Map(Array.isArray(vocab) ? vocab.map(([token], id): [string, number] => [token, id]) : Object.entries(vocab));
  for (const { content, id } of added) ids.set(content, id);
  const named = (...names: string[]): number => {
    const found = names.map((name) => ids.get(name)).find((id) => id !== undefined);
    if (found !== undefined) return found;
    throw new UsageError(`${path}: needs a token ${names.join(" or ")} for masked language modelling; take another tokenizer.`);
  };
  const padId = named("[PAD]", "<pad>"), maskId = named("[MASK]", "<mask>");
  const tokenizer = makeTokenizer({ json, config: {}, padId, path });
  const [clsId, sepId] = tokenizer.encode("").inputIds;
  if (clsId === undefined || sepId === undefined) throw new UsageError(`${path}: must put a token before and one after a text, as BERT's and RoBERTa's do.`);
  const special = new Set([padId, maskId, clsId, sepId, ...added.filter((token) => token.special).map(({ id }) => id)]);
  const unknown = ["[UNK]", "<unk>"].find((name) => ids.has(name)) ?? " ";
  return { text, sha256: sha256(text), tokenizer, unknown, size: Math.max(...ids.values()) + 1, padId, maskId, clsId, sepId, special };
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path} is no JSON (${error instanceof Error ? error.message : String(error)}).`);
  }
}

/** Writes tokenizer.json and tokenizer_config.json, which Transformers' AutoTokenizer loads. @param maxLength longest row, in tokens. */
export async function writeTokenizer(folder: string, { text, padId, maskId, clsId, sepId, unknown }: Vocabulary, maxLength: number): Promise<void> {
  const { added_tokens: added, model } = jsonSchema.parse(JSON.parse(text));
  const pairs = Array.isArray(model.vocab) ? model.vocab.map(([token], id): [number, string] => [id, token])
    : Object.entries(model.vocab).map(([token, id]): [number, string] => [id, token]);
  const tokens = new Map([...pairs, ...added.map(({ id, content }): [number, string] => [id, content])]);
  const config = {
    tokenizer_class: "PreTrainedTokenizerFast", model_max_length: maxLength, clean_up_tokenization_spaces: false, padding_side: "right",
    pad_token: tokens.get(padId), mask_token: tokens.get(maskId), cls_token: tokens.get(clsId), sep_token: tokens.get(sepId),
    unk_token: model.unk_token ?? (unknown === " " ? undefined : unknown), model_input_names: ["input_ids", "token_type_ids", "attention_mask"],
  };
  await writeFileAtomic(join(folder, "tokenizer.json"), text);
  await writeFileAtomic(join(folder, "tokenizer_config.json"), `${JSON.stringify(config, null, 1)}\n`);
}
