/** The work that every side of the benchmark does: the same model, head and token ids, written to a file for the processes. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bert } from "../../lib/models/bert.js";
import { initialValues } from "../../lib/models/initialise.js";
import { locateModel } from "../../lib/models/locate.js";
import { readConfig } from "../../lib/models/registry.js";
import { loadTokenizer, padBatch, type Encoding, type Tokenizer } from "../../lib/models/tokenizer.js";
import type { ModelSize } from "../../lib/pretraining/sizes.js";
import { readVocabulary } from "../../lib/pretraining/vocabulary.js";
import { loadTask, type Example } from "../../lib/tasks/index.js";
import { encodeExamples, planEvaluation, type EncodedSet } from "../../lib/training/batches.js";
import { prepareMaskedLm, type MaskedLmProblem } from "./maskedLm.js";
import { totalSize } from "../../lib/support/tensors.js";
import type { Options } from "./options.js";
import { writeRandomBert } from "./randomBert.js";

/** The file's content. */
export interface Problem {
  /** The model's folder. */
  folder: string;
  classes: number;
  threads: number;
  batchSize: number;
  /** Tokens a row, padding included. */
  length: number;
  /** Coordinates of z. */
  d: number;
  /** Seed of the head and of P. */
  seed: number;
  /** Learning rates, constant. */
  rates: { full: number; subspace: number };
  /** Values of the classifier, which no checkpoint here brings along. */
  head: Record<string, number[]>;
  /** Rows without padding, `batchSize` a batch; our own side pads them itself. */
  set: EncodedSet;
  /** The same rows as PyTorch takes them: [batchSize, length] row by row. */
  batches: { inputIds: number[]; attentionMask: number[]; tokenTypeIds: number[]; labels: number[] }[];
  /** Of the rows of masked language modelling; null with --quick or --bf16. */
  maskedLm: MaskedLmProblem | null;
}

/** What was learnt while the problem was made. */
export interface Preparation {
  problem: Problem;
  /** The model's name, and the words for where the rows came from. */
  model: string;
  dataSource: string;
  /** The model's. */
  parameters: number;
  /** Tokenising every row of MRPC's size (train and dev), in milliseconds and rows. */
  tokenising: { ms: number; rows: number };
}

const BATCHES = 8;
/** Rows this much shorter would be padded to fewer tokens by batches.ts, and the sides would do different work. */
const BUCKET = 8;
/** Rows of MRPC, train and dev. */
const MRPC_ROWS = 3668 + 408;

/** Makes the problem and writes it to `path`. */
export async function prepareProblem(path: string, options: Options): Promise<Preparation> {
  const { id, folder } = options.random === undefined ? await locateModel(options.model) : await randomModel(dirname(path), options.random, options);
  const { architecture, config } = await readConfig(folder);
  const tokenizer = await loadTokenizer(folder, config.padTokenId);
  const data = await loadTask({ data: options.data });
  const classes = data.labels.length;
  const { batchSize, length, seed } = options;
  const shapes = architecture.shapes(config, classes);
  const headShapes = Object.fromEntries(architecture.headNames(config).map((name) => [name, shapes[name]!]));
  const head = initialValues(headShapes, { seed, range: config.initializerRange });
  const set = rowsOf(data.train, tokenizer, { rows: BATCHES * batchSize, length });
  const problem: Problem = {
    folder, classes, batchSize, length, seed, d: options.d, threads: options.threads, set,
    rates: { full: 2e-5, subspace: 0.01 },
    head: Object.fromEntries(Object.entries(head).map(([name, values]) => [name, [...values]])),
    batches: Array.from({ length: BATCHES }, (_, i) => paddedBatch(set, i * batchSize, { batchSize, length, padId: tokenizer.padId })),
    maskedLm: options.quick || options.bf16 ? null : await prepareMaskedLm(dirname(path), data.train, options),
  };
  writeFileSync(path, JSON.stringify(problem));
  return { problem, model: id, dataSource: data.dataSource, parameters: totalSize(shapes), tokenising: await timeTokeniser(tokenizer, [...data.train, ...data.dev]) };
}

/** A BERT of that size and the default model's vocabulary beneath `folder`. */
async function randomModel(folder: string, size: ModelSize, { length, seed }: Options): Promise<{ id: string; folder: string }> {
  const vocabulary = await readVocabulary(join((await locateModel()).folder, "tokenizer.json")), place = join(folder, "model");
  await writeRandomBert(place, size, { vocabulary, positions: Math.max(512, length), seed, shapesOf: (config) => bert.shapes(config, 2) });
  return { id: `random BERT of ${size.layers} x ${size.hiddenSize}`, folder: place };
}

/** Rows that all fall into the length bucket `length`: a short row goes on with the texts of the rows after it. */
function rowsOf(examples: Example[], tokenizer: Tokenizer, { rows, length }: { rows: number; length: number }): EncodedSet {
  const encodings = Array.from({ length: rows }, (_, i): Encoding => {
    let text = "", text2 = "", encoding: Encoding;
    let next = i;
    do {
      const example = examples[next++ % examples.length]!;
      text += ` ${example.text}`;
      text2 += ` ${example.text2 ?? ""}`;
      encoding = tokenizer.encode(text, text2, length);
    } while (encoding.inputIds.length <= length - BUCKET);
    return encoding;
  });
  const set = { encodings, labels: encodings.map((_, i) => examples[i % examples.length]!.label) };
  if (planEvaluation(set, 1).some((plan) => plan.length !== length)) throw new Error("bench: BUCKET must be the width of batches.ts.");
  return set;
}

function paddedBatch(set: EncodedSet, first: number, { batchSize, length, padId }: { batchSize: number; length: number; padId: number }): Problem["batches"][number] {
  const { inputIds, attentionMask, tokenTypeIds } = padBatch(set.encodings.slice(first, first + batchSize), length, padId);
  return {
    inputIds: [...inputIds], attentionMask: [...attentionMask], tokenTypeIds: [...tokenTypeIds],
    labels: set.labels.slice(first, first + batchSize),
  };
}

/** One pass over as many rows as MRPC has: fewer are repeated. */
async function timeTokeniser(tokenizer: Tokenizer, examples: Example[]): Promise<{ ms: number; rows: number }> {
  const rows = Array.from({ length: MRPC_ROWS }, (_, i) => examples[i % examples.length]!);
  const start = performance.now();
  await encodeExamples(tokenizer, rows, { maxLength: 128, name: "rows" });
  return { ms: performance.now() - start, rows: rows.length };
}
