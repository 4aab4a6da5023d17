/** The work of the rows of masked language modelling: a model of random weights in a folder, and masked rows of its tokens. */
import { join } from "node:path";
import { locateModel } from "../../lib/models/locate.js";
import { maskedLmShapes } from "../../lib/models/masked-lm.js";
import { askedPerRow, maskRow } from "../../lib/pretraining/mask.js";
import { readVocabulary, type Vocabulary } from "../../lib/pretraining/vocabulary.js";
import { splitSeed } from "../../lib/support/random.js";
import type { Example } from "../../lib/tasks/index.js";
import { writeRandomBert } from "./randomBert.js";

/** What problem.ts writes of it. */
export interface MaskedLmProblem {
  /** Folder of config.json and model.safetensors, as BertForMaskedLM loads them. */
  folder: string;
  /** Constant. */
  rate: number;
  batches: MaskedLmBatch[];
}

export interface MaskedLmBatch {
  /** [batchSize, length] row by row, none padded. */
  inputIds: number[];
  /** What is asked for, as row * length + column, and the tokens that stood there; -1: a place that asks for nothing. */
  positions: number[];
  labels: number[];
}

const SIZE = { hiddenSize: 384, layers: 6, heads: 12 };
const BATCHES = 8;

/** Writes the model beneath `folder`, with the default model's vocabulary, and masks rows of the texts of `examples`. */
export async function prepareMaskedLm(folder: string, examples: readonly Example[], { batchSize, length, seed }: { batchSize: number; length: number; seed: number }): Promise<MaskedLmProblem> {
  const vocabulary = await readVocabulary(join((await locateModel()).folder, "tokenizer.json"));
  const place = join(folder, "masked-lm");
  await writeRandomBert(place, SIZE, { vocabulary, positions: Math.max(512, length), seed, shapesOf: maskedLmShapes });
  const rows = fullRows(examples, vocabulary, { rows: BATCHES * batchSize, length });
  const masked = rows.map((row, i) => maskRow(row, splitSeed(seed, `masks of ${i}`), { asked: askedPerRow(length), vocabulary }));
  const batches = Array.from({ length: BATCHES }, (_, b): MaskedLmBatch => {
    const own = masked.slice(b * batchSize, (b + 1) * batchSize);
    return {
      inputIds: own.flatMap(({ ids }) => [...ids]),
      positions: own.flatMap(({ columns }, row) => [...columns].map((column) => row * length + column)),
      labels: own.flatMap(({ labels }) => [...labels]),
    };
  });
  return { folder: place, rate: 1e-4, batches };
}

/** Rows of the examples' tokens end to end, between the marks of a row: none is padded. */
function fullRows(examples: readonly Example[], { tokenizer, clsId, sepId }: Vocabulary, { rows, length }: { rows: number; length: number }): Int32Array[] {
  const tokens: number[] = [], needed = rows * (length - 2);
  for (let i = 0; tokens.length < needed; i++) tokens.push(...tokenizer.encode(examples[i % examples.length]!.text).inputIds.slice(1, -1));
  return Array.from({ length: rows }, (_, row) => Int32Array.from([clsId, ...tokens.slice(row * (length - 2), (row + 1) * (length - 2)), sepId]));
}
