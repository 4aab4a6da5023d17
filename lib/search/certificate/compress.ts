/** From a trained run to model.d90. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { encodeModel, type Codebook, type FileBits, type ModelFile, type QuantiserName } from "../../bounds/codec/index.js";
import { initialiseHead } from "../../models/load.js";
import { readSafetensors } from "../../models/safetensors.js";
import type { TrialConfiguration, TrialRecord } from "../../records/record.js";
import type { RunStore } from "../../records/store.js";
import { UsageError } from "../../support/checks.js";
import { disposeAll, type NamedTensors } from "../../support/tensors.js";
import { deviceTensors } from "../../training/checkpoint.js";
import type { Session } from "../../training/session.js";
import type { TrainProgress } from "../../training/train.js";
import { reparameterisationOf, trainedFile } from "../../training/trial.js";
import { changes, codebooksFor, hostValues, partsFor } from "./parts.js";
import { throughQuantiser } from "./throughQuantiser.js";
import { updatesOf } from "./updates.js";

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

/** @throws {UsageError} unless the run is one that a file can hold: DID or SAID, completed, of a task with classes. */
export function requireCompressible({ id, configuration, outcome }: TrialRecord): void {
  const { method, task } = configuration;
  if (method !== "did" && method !== "said") {
    throw new UsageError(`run ${id} was trained by ${method}; a model.d90 holds the numbers of did or said.`);
  }
  if (outcome !== "completed") throw new UsageError(`run ${id} is ${outcome}; go on with it: d90 train --resume ${id}.`);
  if (task.labels < 2) throw new UsageError(`run ${id} predicts numbers (task ${task.name}); a model.d90 holds a classifier.`);
}

/** What the run kept in `store`; owned by the caller. @throws {UsageError} where it is gone. */
export async function readTrained({ id }: TrialRecord, store: RunStore): Promise<NamedTensors> {
  const path = join(store.folderOf(id), trainedFile);
  if (!existsSync(path)) throw new UsageError(`${path} is not there: the run was copied without it. Train it again with d90 train.`);
  return deviceTensors((await readSafetensors(path)).tensors);
}

/** Quantises what the run kept in `store`, trains on through the quantiser if asked to, and codes it. */
export async function compressRun(session: Session, record: TrialRecord, { store, ...options }: CompressOptions & { store: RunStore }): Promise<Compressed> {
  requireCompressible(record);
  const trained = await readTrained(record, store);
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
  const reparameterisation = throughQuantiser(space, { trained, codebooks });
  try {
    return await updatesOf(session, configuration, { reparameterisation, set: session.train, updates: tuneSteps, signal, onProgress });
  } finally {
    reparameterisation.dispose();
  }
}

/** The description of a run's file. */
export function headerOf({ model }: Session, { method, head, projection, seeds, task, maxLength }: TrialConfiguration): ModelFile["header"] {
  return {
    method: method === "said" ? "said" : "did", head, labels: task.labels, seeds: { projection: seeds.projection, head: seeds.head },
    baseSha256: model.sha256, maxLength, architecture: model.architecture.modelType, projection: projection ?? "", task: task.name,
  };
}
