/** Learned directions for a session: taken up where they were learned before, else learned by one full fine-tuning. */
import { idOf, type LearnedRecord, type TrialRecord } from "../records/record.js";
import type { RunStore } from "../records/store.js";
import { disposeAll } from "../support/tensors.js";
import { directionsInfo, learnDirections, takeSnapshots, type DirectionsInfo } from "../training/directions.js";
import type { Session } from "../training/session.js";
import { runTrial, startOf } from "../training/trial.js";
import type { TrainProgress } from "../training/train.js";
import { trialConfiguration } from "./configurations.js";
import type { Settings } from "./settings.js";

export interface LearnOptions {
  session: Session;
  settings: Settings;
  preset: string | null;
  store: RunStore;
  signal?: AbortSignal;
  onProgress?: (progress: TrainProgress) => void;
  onNote?: (text: string) => void;
}

/** Where the directions of these settings come from, and what is known of them; or the record of the fine-tuning that was stopped. */
export interface LearnedBasis {
  learned: LearnedRecord;
  info: DirectionsInfo | null;
  stopped?: TrialRecord;
}

/** The full fine-tuning that the directions come from: on the same rows, with a seed of its own. */
const sourceOf = ({ session, settings, preset }: LearnOptions) => trialConfiguration(session, settings,
  { method: "full", d: null, learningRate: settings.fullRates[0]!, seed: settings.learnSeed }, preset);

/**
 * Learns the directions that the settings ask for, or takes them up from the store. The fine-tuning is a run like others, with a
 * record that tells its seconds; an interrupted one goes on from its checkpoint at the next call.
 * @throws {Error} if that fine-tuning diverges.
 */
export async function learnedBasis(options: LearnOptions): Promise<LearnedBasis> {
  const { session, settings, store, signal, onProgress, onNote } = options;
  const source = sourceOf(options), run = idOf(source);
  const learned: LearnedRecord = { run, snapshots: settings.directions, by: "gram-pca" };
  const known = await directionsInfo(store, learned);
  if (known) return { learned, info: known };
  onNote?.(`Learning directions: ${settings.directions} snapshots of a full fine-tuning with seed ${settings.learnSeed} (run ${run}).`);
  const onUpdate = takeSnapshots(store.folderOf(run), settings.directions);
  const record = await runTrial(session, source, { store, signal, onProgress, onUpdate, again: true });
  if (record.outcome === "interrupted") return { learned, info: null, stopped: record };
  if (record.outcome === "diverged") throw new Error(`learned: the full fine-tuning ${run} diverged: name a smaller rate for it.`);
  const { parameters, head } = startOf(session, source.seeds.head);
  try {
    const info = await learnDirections(store, learned, parameters);
    onNote?.(`${info.count} directions; the first has ${(100 * info.shares[0]!).toFixed(1)} % of the snapshots' sum of squares.`);
    return { learned, info };
  } finally {
    disposeAll(head);
  }
}
