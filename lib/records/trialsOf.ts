/** A search together with the whole records of its trials, which it only summarises. */
import type { SearchRecord } from "./searchRecord.js";
import type { RunStore } from "./store.js";
import type { TrialRecord } from "./trialRecord.js";

export interface SearchWithTrials {
  search: SearchRecord;
  /** Of its trials and its baseline, those that the store has. */
  trials: readonly TrialRecord[];
}

/** Reads the trials of searches from the store that keeps both; a trial whose record is gone is left out. */
export async function withTrials(store: RunStore, searches: readonly SearchRecord[]): Promise<SearchWithTrials[]> {
  const { records } = await store.list("trial");
  const trials = new Map(records.flatMap((record) => (record.record === "trial" ? [[record.id, record] as const] : [])));
  return searches.map((search) => ({
    search, trials: [...search.baseline, ...search.trials].flatMap(({ id }) => trials.get(id) ?? []),
  }));
}
