/** The full runs that come with d90: hours of training that a notebook shows beside its own minutes. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/root.js";
import type { SearchRecord } from "./searchRecord.js";
import { readSeries, seriesPath, seriesPrefix, type SeriesRecord } from "./seriesRecord.js";
import { openStore, type RunStore } from "./store.js";
import type { TrialRecord } from "./trialRecord.js";

/** The store of the recorded runs, data/records: searches with every trial they rest on; its README says how they were made. */
export const recordedRuns = (): RunStore => openStore(join(projectRoot, "data", "records"));

/** The recorded searches, oldest first. */
export async function recordedSearches(): Promise<SearchRecord[]> {
  const { records } = await recordedRuns().list("search");
  return records.filter((record) => record.record === "search");
}

/** The recorded trainings, those of searches and of comparisons, oldest first. */
export async function recordedTrials(): Promise<TrialRecord[]> {
  const { records } = await recordedRuns().list("trial");
  return records.filter((record) => record.record === "trial");
}

/** The recorded series: d90 along pre-trainings ("checkpoints"), and over sizes ("models"); none where none was run yet. */
export async function recordedSeries(kind: SeriesRecord["kind"]): Promise<SeriesRecord[]> {
  const { folder } = recordedRuns();
  const ids = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(seriesPrefix)).map((name) => name.slice(seriesPrefix.length)) : [];
  const all = await Promise.all(ids.sort().map((id) => readSeries(seriesPath(folder, id))));
  return all.filter((record) => record.kind === kind);
}
