/** Masked language modelling, with BERT's next-sentence task if asked for, from random weights: a corpus in, a folder of checkpoints out. What `d90 pretrain` and a notebook call. */
import { join } from "node:path";
import { engineInfo, startEngine, type EngineOptions } from "../engine/index.js";
import { encoderConfig } from "../models/config.js";
import { maskedLmShapes } from "../models/masked-lm.js";
import type { EnvironmentRecord, PretrainingConfiguration, PretrainingEvaluation, PretrainingRecord } from "../records/record.js";
import { canonicalJson, sha256 } from "../support/files.js";
import { cellSignal } from "../support/notebook.js";
import { d90Version } from "../support/root.js";
import { totalSize } from "../support/tensors.js";
import { batchReader, validationBatches } from "./batches.js";
import { openCorpus, type Corpus } from "./corpus.js";
import { loop, type PretrainProgress } from "./loop.js";
import { askedPerRow } from "./mask.js";
import { pretrainOptimizer } from "./optimizer.js";
import { explainWrite, paths, readPretraining, sweep } from "./output.js";
import { prepare, type Prepared } from "./prepare.js";
import { pretrainSettings, type PretrainSettings } from "./settings.js";
import { configJson } from "./sizes.js";
import { disposeState, freshState, freshWeights, readState } from "./state.js";
import { maskedLmSteps } from "./steps.js";

export type { PretrainProgress } from "./loop.js";

/** Version of the numerics: raise it when a change makes the same configuration train to different numbers. */
const PROTOCOL = 1;

export type PretrainEvent =
  | { type: "note"; text: string }
  /** What is about to be trained. */
  | { type: "start"; parameters: number; trainRows: number; trainTokens: number; resumedAt: number }
  | { type: "step"; progress: PretrainProgress }
  | { type: "checkpoint"; evaluation: PretrainingEvaluation };

export interface PretrainOptions {
  /** "wikitext-2" (default), or a folder or file of text: see openCorpus. */
  corpus?: string;
  /** Folder of the model and its checkpoints; default "pretrained/<preset>". */
  out?: string;
  /** Folder of the vocabulary and the packed rows, which pre-trainings on the same text may share; default "<out>/rows". */
  rows?: string;
  /** "quick" (default), "full" or "smoke". */
  preset?: string;
  /** Settings other than the preset's. */
  settings?: Partial<PretrainSettings>;
  /** A tokenizer.json to be used as it is, instead of a vocabulary learned from the corpus. */
  tokenizer?: string;
  offline?: boolean;
  engine?: EngineOptions;
  /** Stops at the next update, keeping the state; default in a notebook: the cell's stop button. */
  signal?: AbortSignal;
  onEvent?: (event: PretrainEvent) => void;
  /** What makes the run again, for the record; default: the call with its options. */
  command?: string;
}

/**
 * Pre-trains a BERT by masked language modelling and writes it in Hugging Face's layout: a checkpoint every `every` updates, the
 * last model in the folder itself. The same call goes on where it was stopped or killed, with the same bits.
 * @throws {UsageError} for a corpus, folder or setting that makes no sense, and for a disk that refuses (everything before is kept).
 */
export async function pretrain(options: PretrainOptions = {}): Promise<PretrainingRecord> {
  const { preset = "quick", out = `pretrained/${preset}`, signal = cellSignal(), onEvent = () => undefined } = options;
  const settings = pretrainSettings(preset, options.settings);
  const corpus = await openCorpus(options.corpus, { offline: options.offline, signal });
  const prepared = await prepare({
    corpus, folder: options.rows ?? join(out, "rows"), tokenizer: options.tokenizer, size: settings.vocabulary, kind: settings.tokenizerKind, length: settings.length,
    batchSize: settings.batchSize, limits: { train: settings.trainRows, validation: settings.validationRows }, nextSentence: settings.nextSentence, signal,
    onNote: (text) => onEvent({ type: "note", text }),
  }).catch(explainWrite(out, 0));
  try {
    await startEngine(options.engine);
    await sweep(out);
    const before = await readPretraining(out);
    const { startedAt = new Date().toISOString() } = before ?? {};
    const command = options.command ?? `pretrain(${JSON.stringify({ corpus: options.corpus, out, preset, settings: options.settings, tokenizer: options.tokenizer })})`;
    return await trainPrepared({ settings, corpus, prepared, out, signal, onEvent, startedAt, command, preset });
  } finally {
    prepared.close();
  }
}

interface Training {
  settings: PretrainSettings;
  corpus: Corpus;
  prepared: Prepared;
  out: string;
  signal: AbortSignal | undefined;
  onEvent: (event: PretrainEvent) => void;
  startedAt: string;
  command: string;
  preset: string;
}

async function trainPrepared(training: Training): Promise<PretrainingRecord> {
  const { settings, prepared: { vocabulary, train, validation }, out, signal, onEvent, startedAt, command } = training;
  const { nextSentence } = settings;
  const json = configJson(settings, { vocabSize: vocabulary.size, positions: settings.positions, padId: vocabulary.padId, dropout: settings.dropout, nextSentence });
  const config = encoderConfig(json, "config.json"), shapes = maskedLmShapes(config, { nextSentence }), parameters = totalSize(shapes);
  const configuration = configurationOf(training, parameters), id = pretrainingId(configuration);
  const optimizer = pretrainOptimizer(settings), steps = maskedLmSteps(config, optimizer, { dropout: settings.dropout > 0 });
  const batches = { batchSize: settings.batchSize / settings.accumulation, seed: settings.seed, asked: askedPerRow(settings.length), masking: settings.masking, vocabulary, pairs: nextSentence ? vocabulary : undefined };
  const state = await readState(paths(out).state, id)
    ?? freshState(freshWeights(shapes, { seed: settings.seed, range: config.initializerRange, padId: vocabulary.padId }), optimizer);
  onEvent({ type: "start", parameters, trainRows: train.rows, trainTokens: train.tokens, resumedAt: state.update });
  try {
    return await loop({
      run: { settings, steps, optimizer, batch: batchReader(train, batches), validation: () => validationBatches(validation, { ...batches, limit: settings.validationRows }) },
      state, out, signal, onEvent, tokensPerRow: train.tokens / train.rows,
      model: (theta) => ({ config: json, parameters: theta, vocabulary, length: settings.positions }),
      record: { record: "pretraining", version: 1, id, configuration, environment: environment(), startedAt, command },
    });
  } finally {
    disposeState(state);
    steps.dispose();
  }
}

/** The identity of a configuration: 12 hex digits, names left out. */
export function pretrainingId({ preset: _preset, corpus: { source: _source, ...corpus }, ...rest }: PretrainingConfiguration): string {
  return sha256(canonicalJson({ ...rest, corpus })).slice(0, 12);
}

function configurationOf({ settings, corpus, prepared: { vocabulary, train, validation }, preset }: Training, parameters: number): PretrainingConfiguration {
  const { hiddenSize, layers, heads, positions, vocabulary: _size, tokenizerKind: _kind, trainRows: _trainRows, validationRows: _validationRows, nextSentence, ...rest } = settings;
  return {
    protocol: PROTOCOL, ...rest, ...(nextSentence ? { nextSentence } : {}), model: { hiddenSize, layers, heads, positions, parameters },
    corpus: { source: corpus.source, trainSha256: train.sha256, validationSha256: validation.sha256, trainRows: train.rows, validationRows: validation.rows, trainTokens: train.tokens },
    tokenizer: { sha256: vocabulary.sha256, size: vocabulary.size },
    bf16: engineInfo().bf16, preset,
  };
}

function environment(): EnvironmentRecord {
  const { backend, tensorflow, device, threads, bf16, bf16Emulated, mode } = engineInfo();
  return {
    engine: { backend, tensorflow, device, threads, bf16, ...(bf16Emulated ? { bf16Emulated } : {}), mode },
    versions: { d90: d90Version, node: process.versions.node }, platform: `${process.platform}-${process.arch}`,
  };
}
