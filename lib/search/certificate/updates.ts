/** A few more updates of what a run has learned: through the quantiser, or on rows that it has not seen. */
import type { TrialConfiguration } from "../../records/record.js";
import type { Reparameterisation } from "../../reparameterisations/types.js";
import { UsageError } from "../../support/checks.js";
import { splitSeed } from "../../support/random.js";
import { disposeAll } from "../../support/tensors.js";
import { outputsOf } from "../../tasks/task.js";
import type { EncodedSet } from "../../training/batches.js";
import type { Session } from "../../training/session.js";
import { train, type TrainProgress } from "../../training/train.js";
import { hostValues, type HostValues } from "./parts.js";

/** Share of the run's rate that the updates begin with. */
const updateRate = 0.3;

export interface UpdateOptions {
  /** Where they begin: its init(). Borrowed. */
  reparameterisation: Reparameterisation;
  /** Rows to draw from, evenly spaced. */
  set: EncodedSet;
  updates: number;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
}

/**
 * What at most `updates` updates with the run's batches and optimiser, at a third of its rate, make of what is trained.
 * @throws {UsageError} when they diverge; the signal's reason when stopped.
 */
export async function updatesOf(session: Session, configuration: TrialConfiguration, options: UpdateOptions): Promise<HostValues> {
  const { batchSize, learningRate, optimizer, seeds } = configuration, { reparameterisation, set, updates, signal, onProgress } = options;
  const result = await train({
    ...session, reparameterisation, train: spread(set, updates * batchSize), dev: spread(session.dev, batchSize), classes: outputsOf(session.data),
    epochs: 1, batchSize, learningRate: learningRate * updateRate, seeds: { batch: splitSeed(seeds.batch, "tune"), dropout: seeds.dropout }, signal, onProgress,
    optimizer: { name: optimizer.name, clipNorm: optimizer.clipNorm ?? 0, lambdaRate: optimizer.lambdaRate ?? undefined },
  });
  const values = hostValues(result.trainable);
  disposeAll(result.trainable);
  signal?.throwIfAborted();
  if (result.outcome === "diverged") throw new UsageError("bound: the updates after training diverged; ask for none of them (--tune 0, --prior 0), or for more --levels.");
  return values;
}

/** At most `rows` rows of a set, evenly spaced. */
export function spread(set: EncodedSet, rows: number): EncodedSet {
  const chosen = Array.from({ length: Math.min(rows, set.labels.length) }, (_unused, i) => Math.floor((i * set.labels.length) / Math.min(rows, set.labels.length)));
  return rowsOf(set, chosen);
}

/** The rows of a set by their indices. */
export const rowsOf = (set: EncodedSet, rows: readonly number[]): EncodedSet =>
  ({ encodings: rows.map((row) => set.encodings[row]), labels: rows.map((row) => set.labels[row]) });
