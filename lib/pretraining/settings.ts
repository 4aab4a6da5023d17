/** How a pre-training goes about it: every setting with its default, and the presets that set many at once. */
import { requireInteger, requireNumber, shown, UsageError } from "../support/checks.js";
import { given } from "../support/given.js";
import { didYouMean } from "../support/suggest.js";
import { sizes, type ModelSize } from "./sizes.js";
import { bytePairSpecial } from "./tokenizerJson.js";
import type { TokenizerKind } from "./vocabulary.js";

export type PretrainPreset = "smoke" | "quick" | "full";
export type PretrainOptimizer = "adamw" | "lamb";

export interface PretrainSettings extends ModelSize {
  /** Pieces learned from the corpus, special tokens included, where no tokenizer.json is given. */
  vocabulary: number;
  /** What they are: uncased word pieces as BERT's, or byte pairs as RoBERTa's. */
  tokenizerKind: TokenizerKind;
  /** Tokens a row, special tokens included. */
  length: number;
  /** Positions of the model: 128 at least, so that it can be fine-tuned on pairs; those beyond `length` stay as drawn. */
  positions: number;
  /** Updates, and updates between two checkpoints. */
  updates: number;
  every: number;
  /** Rows an update, and parts that they are computed in, to save memory. */
  batchSize: number;
  accumulation: number;
  optimizer: PretrainOptimizer;
  /** Peak rate; it rises over the share `warmup` of the updates and falls linearly to zero. */
  learningRate: number;
  warmup: number;
  weightDecay: number;
  /** Largest gradient norm; 0 does not clip. */
  clipNorm: number;
  dropout: number;
  /** New masks in every update, or the same for a row whenever it comes, as BERT's were. */
  masking: "dynamic" | "static";
  /** BERT's second task beside masked words: whether a row's second segment follows its first (Devlin et al. 2018). */
  nextSentence: boolean;
  /** Rows to train on and to measure perplexity on, at most: the first of the corpus. */
  trainRows: number;
  validationRows: number;
  /** Seeds weights, order of rows, masks and dropout. */
  seed: number;
}

const full: PretrainSettings = {
  ...sizes.m, vocabulary: 4000, tokenizerKind: "wordpiece", length: 128, positions: 128, updates: 6000, every: 500, batchSize: 32, accumulation: 1, optimizer: "adamw",
  learningRate: 1e-3, warmup: 0.06, weightDecay: 0.01, clipNorm: 1, dropout: 0.1, masking: "dynamic", nextSentence: false, trainRows: 10_000_000, validationRows: 512, seed: 0,
};

export const pretrainPresets: Readonly<Record<PretrainPreset, PretrainSettings>> = {
  /** Six thousand updates of 32 rows: about ten passes over WikiText-2, hours on two cores. */
  full,
  /** A model in at most five minutes on two cores; dropout would only slow what sees its text once. */
  quick: { ...full, ...sizes.s, updates: 600, every: 100, batchSize: 16, learningRate: 2e-3, dropout: 0, trainRows: 9600, validationRows: 64 },
  /** That everything works, in seconds. */
  smoke: { ...full, ...sizes.xs, vocabulary: 500, length: 32, updates: 20, every: 10, batchSize: 8, learningRate: 3e-3, dropout: 0, trainRows: 400, validationRows: 16 },
};

/** The settings of a preset, with those that are given instead. @throws {UsageError} for an unknown preset; {RangeError} for numbers out of range. */
export function pretrainSettings(preset: string = "quick", chosen: Partial<PretrainSettings> = {}): PretrainSettings {
  const names = Object.keys(pretrainPresets);
  if (!names.includes(preset)) throw new UsageError(`preset must be one of ${names.join(", ")}, got ${shown(preset)}.${didYouMean(preset, names)}`);
  const all: PretrainSettings = { ...pretrainPresets[preset as PretrainPreset], ...given(chosen) };
  return checked({ ...all, positions: Math.max(all.positions, all.length) });
}

function checked(settings: PretrainSettings): PretrainSettings {
  const integers = { hiddenSize: 1, layers: 1, heads: 1, vocabulary: 32, length: 8, updates: 1, every: 1, batchSize: 1, accumulation: 1, trainRows: 1, validationRows: 1, seed: 0 } as const;
  for (const [name, least] of Object.entries(integers)) requireInteger("pretrain", name, settings[name as keyof typeof integers], least);
  for (const name of ["learningRate", "weightDecay", "clipNorm"] as const) requireNumber("pretrain", name, settings[name], 0);
  for (const name of ["warmup", "dropout"] as const) requireNumber("pretrain", name, settings[name], 0, 0.999);
  const { batchSize, accumulation, hiddenSize, heads, vocabulary, tokenizerKind } = settings;
  if (tokenizerKind === "bpe") requireInteger("pretrain", "vocabulary", vocabulary, 256 + bytePairSpecial.length);
  if (hiddenSize % heads !== 0) throw new RangeError(`pretrain: hiddenSize must be a multiple of heads ${heads}, got ${hiddenSize}.`);
  if (batchSize % accumulation !== 0) throw new RangeError(`pretrain: batchSize must be a multiple of accumulation ${accumulation}, got ${batchSize}.`);
  return settings;
}
