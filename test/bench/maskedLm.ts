/** The work of the rows of masked language modelling: a model of random weights in a folder, and masked rows of its tokens. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { encoderConfig } from "../../lib/models/config.js";
import { initialValues } from "../../lib/models/initialise.js";
import { locateModel } from "../../lib/models/locate.js";
import { maskedLmShapes } from "../../lib/models/masked-lm.js";
import { writeSafetensors } from "../../lib/models/safetensors.js";
import { askedPerRow, maskRow } from "../../lib/pretraining/mask.js";
import { configJson } from "../../lib/pretraining/sizes.js";
import { readVocabulary, type Vocabulary } from "../../lib/pretraining/vocabulary.js";
import { splitSeed } from "../../lib/support/random.js";
import { writeFileAtomic } from "../../lib/support/files.js";
import type { Example } from "../../lib/tasks/index.js";

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
  await writeRandomModel(place, { vocabulary, positions: Math.max(512, length), seed });
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

async function writeRandomModel(folder: string, { vocabulary, positions, seed }: { vocabulary: Vocabulary; positions: number; seed: number }): Promise<void> {
  const json = configJson(SIZE, { vocabSize: vocabulary.size, positions, padId: vocabulary.padId, dropout: 0 });
  const config = encoderConfig(json, "config.json"), shapes = maskedLmShapes(config);
  const drawn = initialValues(shapes, { seed, range: config.initializerRange });
  const tensors = Object.fromEntries(Object.entries(shapes).map(([name, shape]) =>
    [name, { shape: [...shape], values: name.endsWith("LayerNorm.weight") ? drawn[name]!.fill(1) : drawn[name]! }]));
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, "config.json"), JSON.stringify(json));
  await writeSafetensors(join(folder, "model.safetensors"), tensors, { format: "pt" });
}

/** Rows of the examples' tokens end to end, between the marks of a row: none is padded. */
function fullRows(examples: readonly Example[], { tokenizer, clsId, sepId }: Vocabulary, { rows, length }: { rows: number; length: number }): Int32Array[] {
  const tokens: number[] = [], needed = rows * (length - 2);
  for (let i = 0; tokens.length < needed; i++) tokens.push(...tokenizer.encode(examples[i % examples.length]!.text).inputIds.slice(1, -1));
  return Array.from({ length: rows }, (_, row) => Int32Array.from([clsId, ...tokens.slice(row * (length - 2), (row + 1) * (length - 2)), sepId]));
}
