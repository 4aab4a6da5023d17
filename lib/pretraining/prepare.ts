/** From a corpus to rows of token ids in files, and the vocabulary that made them; what is there already is used again. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../support/checks.js";
import { canonicalJson, sha256, writeFileAtomic } from "../support/files.js";
import { corpusLines, type Corpus, type Split } from "./corpus.js";
import { packRows } from "./pack.js";
import { packPairs, pairHeader } from "./packPairs.js";
import { knownRows, openRows, writeRows, type Rows, type RowsInfo } from "./rows.js";
import { learnVocabulary, readVocabulary, type TokenizerKind, type Vocabulary } from "./vocabulary.js";

export interface PrepareOptions {
  corpus: Corpus;
  /** Folder of the rows; several pre-trainings may share it. */
  folder: string;
  /** Path of a tokenizer.json; default: a vocabulary of `size` pieces is learned. */
  tokenizer?: string;
  size: number;
  /** What is learned; default "wordpiece". */
  kind?: TokenizerKind;
  /** Tokens a row, rows a batch, and rows at most. */
  length: number;
  batchSize: number;
  limits: Record<Split, number>;
  /** Whether rows are pairs of segments, for the next-sentence task; default false. */
  nextSentence?: boolean;
  signal?: AbortSignal;
  onNote?: (text: string) => void;
}

export interface Prepared {
  vocabulary: Vocabulary;
  train: Rows;
  validation: Rows;
  close(): void;
}

/**
 * Vocabulary and packed rows of a corpus. @throws {UsageError} for a corpus that is too short or no text, before anything is trained.
 */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { corpus, folder, onNote, tokenizer, length, limits, kind = "wordpiece", nextSentence = false, signal } = options;
  const size = tokenizer === undefined ? options.size : null;
  const source = { files: [...corpus.train, ...corpus.validation].map(identity), tokenizer: tokenizer === undefined ? null : identity(tokenizer), size, ...(size === null || kind === "wordpiece" ? {} : { kind }) };
  const key = sha256(canonicalJson({ ...source, length, limits, ...(nextSentence ? { nextSentence } : {}) })), at = rowPaths(folder);
  const known = { train: await knownRows(at.train, key), validation: await knownRows(at.validation, key) };
  if (known.train !== null && known.validation !== null && existsSync(at.tokenizer)) {
    return opened(folder, await readVocabulary(at.tokenizer), { train: known.train, validation: known.validation });
  }
  onNote?.(size === null ? `Taking the vocabulary of ${tokenizer}.` : `Learning a vocabulary of ${size} ${kind === "bpe" ? "byte pairs" : "word pieces"} from ${corpus.source}.`);
  const vocabulary = tokenizer === undefined ? await learnVocabulary(corpus, options.size, { kind, signal }) : await readVocabulary(tokenizer);
  await writeFileAtomic(at.tokenizer, vocabulary.text);
  onNote?.(`Packing ${corpus.source} into rows of ${length} tokens.`);
  const train = await packed("train", key, vocabulary, options);
  const validation = await packed("validation", key, vocabulary, options);
  return opened(folder, vocabulary, { train, validation });
}

/** Files in the folder of the rows. */
const rowPaths = (folder: string): Record<Split | "tokenizer", string> =>
  ({ train: join(folder, "train.rows"), validation: join(folder, "validation.rows"), tokenizer: join(folder, "tokenizer.json") });

/** A file's path, size and time: enough to see that it was changed, without reading it. */
function identity(path: string): unknown[] {
  const { size, mtimeMs } = statSync(path);
  return [path, size, mtimeMs];
}

async function packed(split: Split, key: string, vocabulary: Vocabulary, options: PrepareOptions): Promise<RowsInfo> {
  const { corpus, folder, length, batchSize, limits, nextSentence = false, signal } = options;
  const rows = first(limits[split], (nextSentence ? packPairs : packRows)(corpusLines(corpus, split), vocabulary, length), signal);
  const header = nextSentence ? pairHeader : 0;
  const info = await writeRows(rowPaths(folder)[split], rows, { key, length: length + header, padId: vocabulary.padId, header });
  const fewest = nextSentence ? 2 : 1, least = split === "train" ? Math.max(batchSize, fewest) : fewest; // a pair's stranger is another row
  if (info.rows >= least) return info;
  throw new UsageError(`corpus ${corpus.source} gives ${info.rows} rows of ${length} tokens (${info.tokens} tokens) for ${split}, but ${least} are needed: ` +
    "take more text, shorter rows (--length) or smaller batches (--batch-size).");
}

/** The first `limit` items. @throws the signal's reason when aborted. */
async function* first<T>(limit: number, items: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  let count = 0;
  for await (const item of items) {
    if (count % 64 === 0) { signal?.throwIfAborted(); await new Promise(setImmediate); }
    yield item;
    if (++count >= limit) return;
  }
}

function opened(folder: string, vocabulary: Vocabulary, info: Record<Split, RowsInfo>): Prepared {
  const train = openRows(rowPaths(folder).train, info.train), validation = openRows(rowPaths(folder).validation, info.validation);
  return { vocabulary, train, validation, close: () => { train.close(); validation.close(); } };
}
