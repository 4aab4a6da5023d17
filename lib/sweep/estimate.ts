/** What a sweep will take: hours and memory, from recorded trials of the same kind, or from updates that were timed. */
import { isDimensioned } from "../records/methods.js";
import type { RunRecord, TrialConfiguration, TrialRecord } from "../records/record.js";
import { estimateSearch } from "../search/forecast.js";
import { searchPlan } from "../search/measure.js";
import { resolveSettings } from "../search/settings.js";
import { sizeOf } from "../support/tensors.js";
import type { Place } from "./expand.js";
import type { Job, SearchJob } from "./job.js";
import type { PlaceDescription } from "./runner.js";

/** Seconds of one process for one job, and where they come from; null where nothing is known. */
export interface JobCost {
  seconds: number | null;
  basis: "recorded" | "measured" | "unknown";
}

/** An evaluation has no backward pass: about a third of an update for as many rows. */
const FORWARD_SHARE = 1 / 3;

/** Optimiser updates of a trial. */
export function updatesOf({ task, batchSize, accumulation, epochs }: TrialConfiguration): number {
  const batches = Math.ceil(task.trainRows / (batchSize / accumulation));
  return Math.ceil(batches / accumulation) * epochs;
}

/** Updates that evaluations are worth: the dev rows after every epoch, and as many training rows at the end. */
const evaluationUpdates = ({ task, batchSize, epochs }: TrialConfiguration): number =>
  ((epochs + 1) * task.devRows * FORWARD_SHARE) / batchSize;

/** What makes updates cost the same. */
const kindKey = ({ model, batchSize, maxLength, bf16, kind }: TrialConfiguration): string =>
  [model.sha256, batchSize, maxLength, bf16, kind].join("/");

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Seconds for an update, evaluations included, by kind of trial. */
function recordedRates(records: readonly RunRecord[]): Map<string, number> {
  const trials = records.filter((record): record is TrialRecord => record.record === "trial" && record.outcome === "completed" && record.steps > 0);
  const byKind = groupBy(trials, ({ configuration }) => kindKey(configuration));
  return new Map([...byKind].map(([key, of]) => [key, median(of.map(({ seconds, steps }) => seconds / steps))]));
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) groups.set(keyOf(value), [...groups.get(keyOf(value)) ?? [], value]);
  return groups;
}

/** A function that tells the cost of a trial. @param measured what was timed, by the hash of the model. */
export function costsFrom(records: readonly RunRecord[], measured: ReadonlyMap<string, PlaceDescription["cost"]>) {
  const rates = recordedRates(records);
  return (configuration: TrialConfiguration): JobCost => {
    const recorded = rates.get(kindKey(configuration));
    const updates = updatesOf(configuration);
    if (recorded !== undefined) return { seconds: updates * recorded, basis: "recorded" };
    const timed = measured.get(configuration.model.sha256)?.[configuration.kind === "full" ? "full" : "subspace"];
    if (!timed) return { seconds: null, basis: "unknown" };
    return { seconds: (updates + evaluationUpdates(configuration)) * timed.secondsPerUpdate, basis: "measured" };
  };
}

/** Seconds of a search beyond its full fine-tuning: the expected number of its trials, times one's. */
export async function searchSeconds({ settings, preset, configuration: { method } }: SearchJob, { facts }: Place, ofSubspace: number): Promise<number> {
  if (!isDimensioned(method)) return 0;
  const { question } = searchPlan(facts, resolveSettings(preset, settings), { method, preset });
  const { expected, seconds } = await estimateSearch(question, { full: 0, subspace: ofSubspace });
  return seconds?.expected ?? expected.subspace * ofSubspace;
}

/**
 * Bytes that a process needs for a job: what was measured; else model and data as loaded, and in training theta, its gradient and,
 * in full fine-tuning, Adam's two moments, each as large as the model, and room for activations.
 */
export function memoryOf(job: Job, { cost, loadedMemory, shapes }: PlaceDescription): number {
  const kind = job.kind === "search" || job.configuration.kind === "full" ? "full" : "subspace";
  const known = cost[kind]?.memory;
  if (known !== undefined) return known;
  return loadedMemory + trainingMemory(kind, Object.values(shapes).reduce((sum, shape) => sum + sizeOf(shape), 0));
}

/** Bytes that a training takes beside what is loaded. @param parameters of the model. */
export const trainingMemory = (kind: "full" | "subspace", parameters: number): number => (kind === "full" ? 6 : 3) * 4 * parameters + ACTIVATIONS;

const ACTIVATIONS = 500e6;
