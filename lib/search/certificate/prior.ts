/**
 * A prior that depends on data (lib/bounds/split-prior.ts): the run itself, which was trained on a part of the rows. Only what the other
 * rows changed about it is described, and the bound rests on those rows.
 */
import * as tf from "@tensorflow/tfjs-core";
import { encodeModel, type QuantiserName } from "../../bounds/codec/index.js";
import { initialiseHead } from "../../models/load.js";
import type { BoundRecord } from "../../records/boundRecord.js";
import type { TrialRecord } from "../../records/record.js";
import type { RunStore } from "../../records/store.js";
import type { Reparameterisation } from "../../reparameterisations/types.js";
import { UsageError } from "../../support/checks.js";
import { disposeAll, type NamedTensors } from "../../support/tensors.js";
import { subsetOf } from "../../tasks/index.js";
import type { EncodedSet } from "../../training/batches.js";
import type { Session } from "../../training/session.js";
import type { TrainProgress } from "../../training/train.js";
import { reparameterisationOf } from "../../training/trial.js";
import { headerOf, readTrained } from "./compress.js";
import { errorOf, evaluateOn } from "./measure.js";
import { changes, codebooksFor, hostValues, partsFor, trainableOf } from "./parts.js";
import { rowsOf, updatesOf } from "./updates.js";

export interface PriorOptions {
  store: RunStore;
  /** Updates on the rows that the run has not seen; 0: the run as it is, so a test set's bound. */
  updates: number;
  /** How the difference is written. */
  quantiser?: QuantiserName;
  levels: number;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
}

/**
 * The rows of the session that a run of `trained` rows has not seen.
 * @throws {UsageError} if it has seen all of them.
 */
export function unseenRows({ train, data }: Session, { id, configuration: { task } }: TrialRecord): EncodedSet {
  const seen = new Set(subsetOf(data, { train: task.trainRows, seed: 0 }).train);
  const unseen = data.train.flatMap((example, row) => (seen.has(example) ? [] : [row]));
  if (unseen.length > 0) return rowsOf(train, unseen);
  throw new UsageError(`bound: --prior needs rows that run ${id} has not seen, and it was trained on all ${data.train.length}. Train it with --train-rows.`);
}

/** Error of the run, with the quantised difference that `updates` on the unseen rows make, on those rows; and what the difference costs. */
export async function splitOf(session: Session, record: TrialRecord, options: PriorOptions): Promise<NonNullable<BoundRecord["split"]>> {
  const unseen = unseenRows(session, record), { configuration } = record, { updates, signal } = options;
  const prior = await readTrained(record, options.store), head = initialiseHead(session.model, configuration.seeds.head);
  const space = reparameterisationOf(session, configuration, { ...session.model.parameters, ...head });
  try {
    const { posterior, codeBits } = updates === 0 ? { posterior: prior, codeBits: 0 } : await moved(session, record, { ...options, space, prior, unseen });
    const theta = space.parameters(posterior);
    const evaluation = await evaluateOn(session, theta, { set: unseen, signal }).finally(() => {
      disposeAll(theta);
      if (posterior !== prior) disposeAll(posterior);
    });
    return { rows: unseen.labels.length, error: errorOf(evaluation, unseen.labels), codeBits, updates };
  } finally {
    space.dispose();
    for (const owned of [prior, head]) disposeAll(owned);
  }
}

/** The prior and the quantised difference; what a file of the difference would be charged. */
async function moved(session: Session, { configuration }: TrialRecord, { space, prior, unseen, ...options }:
  PriorOptions & { space: Reparameterisation; prior: NamedTensors; unseen: EncodedSet }): Promise<{ posterior: NamedTensors; codeBits: number }> {
  const init = (): NamedTensors => Object.fromEntries(Object.entries(prior).map(([name, tensor]) => [name, tf.clone(tensor)]));
  const latent = await updatesOf(session, configuration, { ...options, reparameterisation: { ...space, init }, set: unseen });
  const difference = changes(latent, hostValues(prior));
  const parts = partsFor(difference, codebooksFor(difference, { quantiser: options.quantiser ?? "codebook", levels: options.levels }));
  return { posterior: trainableOf(parts, prior), codeBits: encodeModel({ header: headerOf(session, configuration), parts }).bits.charged };
}
