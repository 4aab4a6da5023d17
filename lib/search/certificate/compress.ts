/** From a trained run to model.d90. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { encodeModel, type Codebook, type FileBits, type ModelFile, type QuantiserName } from "../../bounds/codec/index.js";
import { initialiseHead } from "../../models/load.js";
import { readSafetensors } from "../../models/safetensors.js";
import type { TrialConfiguration, TrialRecord } from "../../records/record.js";
import type { RunStore } from "../../records/store.js";
import { UsageError } from "../../support/checks.js";
import { splitSeed } from "../../support/random.js";
import { disposeAll, type NamedTensors } from "../../support/tensors.js";
import { outputsOf } from "../../tasks/task.js";
import type { EncodedSet } from "../../training/batches.js";
import { deviceTensors } from "../../training/checkpoint.js";
import type { Session } from "../../training/session.js";
import { train, type TrainProgress } from "../../training/train.js";
import { reparameterisationOf, trainedFile } from "../../training/trial.js";
import { changes, codebooksFor, hostValues, partsFor } from "./parts.js";
import { throughQuantiser } from "./throughQuantiser.js";

export interface CompressOptions {
  /** Default "codebook", learned by k-means. */
  quantiser?: QuantiserName;
  /** Values that a number can have, 2 to 256; default 16. */
  levels?: number;
  /** Updates through the quantiser after training; default 0. */
  tuneSteps?: number;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
}

/** A file, its bytes, and what they are made of. */
export interface Compressed {
  file: ModelFile;
  bytes: Uint8Array;
  bits: FileBits;
}

/** Share of the run's rate that the updates through the quantiser begin with. */
const tuneRate = 0.3;

/** @throws {UsageError} unless the run is one that a file can hold: DID or SAID, completed, of a task with classes. */
export function requireCompressible({ id, configuration, outcome }: TrialRecord): void {
  const { method, task } = configuration;
  if (method !== "did" && method !== "said") {
    throw new UsageError(`run ${id} was trained by ${method}; a model.d90 holds the numbers of did or said.`);
  }
  if (outcome !== "completed") throw new UsageError(`run ${id} is ${outcome}; go on with it: d90 train --resume ${id}.`);
  if (task.labels < 2) throw new UsageError(`run ${id} predicts numbers (task ${task.name}); a model.d90 holds a classifier.`);
}

/** Quantises what the run kept in `store`, trains on through the quantiser if asked to, and codes it. */
export async function compressRun(session: Session, record: TrialRecord, { store, ...options }: CompressOptions & { store: RunStore }): Promise<Compressed> {
  requireCompressible(record);
  const path = join(store.folderOf(record.id), trainedFile);
  if (!existsSync(path)) throw new UsageError(`${path} is not there: the run was copied without it. Train it again with d90 train.`);
  const trained = deviceTensors((await readSafetensors(path)).tensors);
  try {
    return await compress(session, record.configuration, trained, options);
  } finally {
    disposeAll(trained);
  }
}

async function compress(session: Session, configuration: TrialConfiguration, trained: NamedTensors, options: CompressOptions): Promise<Compressed> {
  const { quantiser = "codebook", levels = 16, tuneSteps = 0 } = options;
  const head = initialiseHead(session.model, configuration.seeds.head);
  const space = reparameterisationOf(session, configuration, { ...session.model.parameters, ...head });
  const startTensors = space.init(), start = hostValues(startTensors);
  try {
    const codebooks = codebooksFor(changes(hostValues(trained), start), { quantiser, levels });
    const latent = tuneSteps > 0 ? await tuned(session, configuration, { ...options, space, trained, codebooks, tuneSteps }) : hostValues(trained);
    const file = { header: headerOf(session, configuration), parts: partsFor(changes(latent, start), codebooks) };
    return { file, ...encodeModel(file) };
  } finally {
    space.dispose();
    disposeAll(startTensors);
    disposeAll(head);
  }
}

interface Tuning extends CompressOptions {
  space: ReturnType<typeof reparameterisationOf>;
  trained: NamedTensors;
  codebooks: Record<string, Codebook>;
  tuneSteps: number;
}

/** What `tuneSteps` updates through the quantiser make of it. @throws the signal's reason when stopped. */
async function tuned(session: Session, configuration: TrialConfiguration, { space, trained, codebooks, tuneSteps, signal, onProgress }: Tuning) {
  const { batchSize, learningRate, optimizer, seeds } = configuration;
  const reparameterisation = throughQuantiser(space, { trained, codebooks });
  try {
    const rows = spread(session.train, tuneSteps * batchSize);
    const result = await train({
      ...session, reparameterisation, train: rows, dev: spread(session.dev, batchSize), classes: outputsOf(session.data), epochs: 1, batchSize,
      learningRate: learningRate * tuneRate, seeds: { batch: splitSeed(seeds.batch, "tune"), dropout: seeds.dropout }, signal, onProgress,
      optimizer: { name: optimizer.name, clipNorm: optimizer.clipNorm ?? 0, lambdaRate: optimizer.lambdaRate ?? undefined },
    });
    const latent = hostValues(result.trainable);
    disposeAll(result.trainable);
    signal?.throwIfAborted();
    if (result.outcome === "diverged") throw new UsageError("bound: training through the quantiser diverged; ask for more --levels or --tune 0.");
    return latent;
  } finally {
    reparameterisation.dispose();
  }
}

/** At most `rows` rows of a set, evenly spaced. */
export function spread(set: EncodedSet, rows: number): EncodedSet {
  const chosen = Array.from({ length: Math.min(rows, set.labels.length) }, (_unused, i) => Math.floor((i * set.labels.length) / Math.min(rows, set.labels.length)));
  return { encodings: chosen.map((row) => set.encodings[row]), labels: chosen.map((row) => set.labels[row]) };
}

function headerOf({ model }: Session, { method, head, projection, seeds, task, maxLength }: TrialConfiguration): ModelFile["header"] {
  return {
    method: method === "said" ? "said" : "did", head, labels: task.labels, seeds: { projection: seeds.projection, head: seeds.head },
    baseSha256: model.sha256, maxLength, architecture: model.architecture.modelType, projection: projection ?? "", task: task.name,
  };
}
