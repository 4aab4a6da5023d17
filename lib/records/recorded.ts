/** The full runs that come with d90: hours of training that a notebook shows beside its own minutes. */
import { join } from "node:path";
import { projectRoot } from "../support/root.js";
import type { SearchRecord } from "./searchRecord.js";
import type { TrialRecord } from "./trialRecord.js";
import { openStore, type RunStore } from "./store.js";

/** The store of the recorded runs, data/records: searches with every trial they rest on; its README says how they were made. */
export const recordedRuns = (): RunStore => openStore(join(projectRoot, "data", "records"));

/** The recorded searches, oldest first. */
export async function recordedSearches(): Promise<SearchRecord[]> {
  const { records } = await recordedRuns().list();
  return records.filter((record) => record.record === "search");
}

/** The recorded trainings, those of searches and of comparisons, oldest first. */
export async function recordedTrials(): Promise<TrialRecord[]> {
  const { records } = await recordedRuns().list();
  return records.filter((record) => record.record === "trial");
}
