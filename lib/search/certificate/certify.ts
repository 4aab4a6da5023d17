/** The bounds of a trained run: compress, decode, measure on every row, charge. */
import { join } from "node:path";
import { bounds, certificateBound, evaluateBound, type Bound, type Choice, type Situation } from "../../bounds/index.js";
import type { QuantiserName } from "../../bounds/codec/index.js";
import { boundFile, parseBoundRecord, type BoundRecord } from "../../records/boundRecord.js";
import type { TrialRecord } from "../../records/record.js";
import { openStore, type RunStore } from "../../records/store.js";
import { requireNumber, UsageError } from "../../support/checks.js";
import { sha256, writeFileAtomic } from "../../support/files.js";
import { cellSignal } from "../../support/notebook.js";
import { majorityShare } from "../../tasks/index.js";
import { openSession, type Session } from "../../training/session.js";
import type { TrainProgress } from "../../training/train.js";
import { dataOf, trialOf } from "../once.js";
import type { RunOptions } from "../within.js";
import { compressRun, requireCompressible, type Compressed } from "./compress.js";
import { errorOf, evaluateOn, normsOf, redrawn, withDecoded } from "./measure.js";
import { splitOf, unseenRows } from "./prior.js";
import { spread } from "./updates.js";

export interface CertifyOptions extends Pick<RunOptions, "out" | "data" | "offline" | "signal" | "model"> {
  /** Id of a run of `d90 train`, its first digits, or "latest". */
  run: string;
  quantiser?: QuantiserName;
  /** Numbers of levels to choose from; default 4, 8 and 16. */
  levels?: readonly number[];
  /** Updates through the quantiser; default 0. */
  tuneSteps?: number;
  /** The bounds may fail with this probability; default 0.05. */
  delta?: number;
  /** m: rows of the training split to rest on, drawn by seed 0; default all of it, whatever part the run was trained on. */
  rows?: number;
  /** n of the subsampled bound: rows drawn from the m with replacement; default 10,000, or m if that is less. */
  subsample?: number;
  /**
   * Also bounds the run on the rows that it has not seen, with it as the prior, after this many updates on those rows, whose code is
   * charged; 0: none, a test set's bound. Default: no such bound. The run must have been trained on a part of the rows.
   */
  prior?: number;
  /** How many values of each setting were tried before this run was chosen; the levels are counted by themselves. */
  tried?: readonly Choice[];
  onNote?: (text: string) => void;
  onProgress?: (progress: TrainProgress) => void;
}

/** Rows that levels are chosen with. */
const choiceRows = 1000;

/** n of the subsampled bound, where m is not less. */
const subsampleRows = 10_000;

/** Name of the file in the run's folder. */
export const modelFile = "model.d90";

/**
 * Bounds the true error of a run, and writes model.d90 and bound.json beside its record. Computed in float32, from the decoded file.
 * @throws {UsageError} for a run that a file cannot hold, or whose model or data have changed.
 */
export async function certifyRun(options: CertifyOptions): Promise<BoundRecord> {
  const store = openStore(options.out), record = await trialOf(store, options.run);
  requireCompressible(record);
  requireNumber("bound", "delta", options.delta ?? 0.05, 1e-300, 1);
  if (options.prior !== undefined && options.rows !== undefined) throw new UsageError("bound: --prior rests on all rows that the run has not seen; leave out --rows.");
  const session = await sessionForBound(record, options);
  try {
    return await certify(session, record, { ...options, store, signal: options.signal ?? cellSignal() });
  } finally {
    session.dispose();
  }
}

/** A session with all training rows, or the `rows` of them that the bound is to rest on. */
async function sessionForBound({ configuration }: TrialRecord, { model, data, offline, rows, signal = cellSignal() }: CertifyOptions): Promise<Session> {
  const { task, maxLength } = configuration;
  const session = await openSession({ model: model ?? configuration.model.id, ...dataOf(task), data, offline, devRows: task.devRows, trainRows: rows, maxLength, signal,
    engine: { bf16: false } });
  if (session.model.sha256 === configuration.model.sha256) return session;
  session.dispose();
  throw new UsageError(`bound: the model is not the one of the run (SHA-256 ${session.model.sha256.slice(0, 12)}, recorded ${configuration.model.sha256.slice(0, 12)}). `
    + "Name the right one with --model.");
}

type Certifying = CertifyOptions & { store: RunStore };

async function certify(session: Session, record: TrialRecord, options: Certifying): Promise<BoundRecord> {
  const started = performance.now(), startedAt = new Date().toISOString();
  const levels = options.levels ?? [4, 8, 16], { prior } = options;
  if (prior !== undefined) unseenRows(session, record); // before anything is computed
  const choices = [...(options.tried ?? []).filter(({ name }) => name !== "levels"), { name: "levels", candidates: levels.length }];
  const tried = await candidatesOf(session, record, { ...options, levels, choices });
  const best = tried.reduce((a, b) => (b.candidate.value < a.candidate.value ? b : a));
  options.onNote?.(`${best.candidate.levels} levels, ${best.compressed.bits.charged} bits; measuring on ${session.train.labels.length} rows`);
  const split = prior === undefined ? undefined : await splitOf(session, record, { ...options, updates: prior, levels: best.candidate.levels });
  const measured = await measure(session, best.compressed, { ...options, choices, split });
  await writeFileAtomic(join(options.store.folderOf(record.id), modelFile), best.compressed.bytes);
  const result = parseBoundRecord({
    record: "bound", version: 1, trial: record.id, configuration: record.configuration, quantiser: options.quantiser ?? "codebook",
    levels: best.candidate.levels, tuneSteps: options.tuneSteps ?? 0, dataSource: session.data.dataSource, delta: options.delta ?? 0.05, choices,
    file: fileOf(best.compressed), ...measured, errors: { ...measured.errors, devBefore: record.final?.accuracy == null ? null : 1 - record.final.accuracy },
    candidates: tried.map(({ candidate }) => candidate), environment: session.records.environment, startedAt, seconds: (performance.now() - started) / 1000,
  });
  await writeFileAtomic(join(options.store.folderOf(record.id), boundFile), `${JSON.stringify(result, null, 1)}\n`);
  return result;
}

const fileOf = ({ bytes, bits }: Compressed) =>
  ({ bytes: bytes.length, sha256: sha256(bytes), chargedBits: bits.charged, codebookBits: bits.codebook });

/** Each number of levels: its file, its error on some rows, and the certificate's bound if that were the error on all of them. */
async function candidatesOf(session: Session, record: TrialRecord, options: Certifying & { levels: readonly number[]; choices: Choice[] }) {
  const set = spread(session.train, choiceRows);
  const found: { compressed: Compressed; candidate: BoundRecord["candidates"][number] }[] = [];
  for (const levels of options.levels) {
    const compressed = await compressRun(session, record, { ...options, levels });
    const error = await withDecoded(session, compressed.bytes, async (parameters) =>
      errorOf(await evaluateOn(session, parameters, { set, signal: options.signal }), set.labels));
    const { value } = certificateFor(situationOf(session, compressed, { ...options, error }));
    found.push({ compressed, candidate: { levels, chargedBits: compressed.bits.charged, rows: set.labels.length, error, value } });
    options.onNote?.(`${levels} levels: ${compressed.bits.charged} bits, error ${error.toFixed(3)} on ${set.labels.length} rows, bound about ${value.toFixed(3)}`);
  }
  return found;
}

function certificateFor(situation: Situation): Bound {
  const bound = evaluateBound(certificateBound, situation);
  if (bound === null) throw new Error("the certificate's bound needs nothing that a situation may lack");
  return bound;
}

function situationOf(session: Session, { file, bits }: Compressed, { error, delta, choices }: { error: number; delta?: number; choices: Choice[] }): Situation {
  return {
    rows: session.train.labels.length, error, delta, choices, chance: 1 - majorityShare(session.data.train),
    dimension: file.parts.reduce((sum, { indices }) => sum + indices.length, 0),
    levels: Math.max(...file.parts.map(({ codebook }) => codebook.values.length)),
    codeBits: bits.charged, codebookBits: bits.codebook, parameters: session.records.model.parameters,
  };
}

/** Errors on all rows, and every bound. */
async function measure(session: Session, compressed: Compressed, options: Certifying & { choices: Choice[]; split: BoundRecord["split"] }) {
  const { train, dev } = session, { signal, split, subsample: draws = Math.min(subsampleRows, train.labels.length) } = options;
  return withDecoded(session, compressed.bytes, async (parameters) => {
    const onTrain = await evaluateOn(session, parameters, { set: train, signal }), onDev = await evaluateOn(session, parameters, { set: dev, signal });
    const error = errorOf(onTrain, train.labels), situation = situationOf(session, compressed, { ...options, error });
    const norms = normsOf(session, parameters, { evaluation: onTrain, labels: train.labels });
    const subsample = redrawn(onTrain, train.labels, draws);
    return {
      rows: situation.rows, chance: situation.chance, subsample, ...(split && { split }), bounds: bounds({ ...situation, norms, subsample, split }),
      errors: { train: error, dev: errorOf(onDev, dev.labels), devRows: dev.labels.length },
    };
  });
}
