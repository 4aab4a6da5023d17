/** What is known of trials: by their own records, or, where those are gone, by the records of the searches that made them. */
import { idOf, summaryOf, type TrialConfiguration, type TrialSummary } from "./record.js";
import type { RunStore } from "./store.js";

/**
 * Looks trials up in `store`. A record of a search has the outcome of each of its trials, so that a search may be kept or handed on without them.
 * The searches are read once, when a trial first has no record of its own.
 */
export function summaries(store: RunStore): (configuration: TrialConfiguration) => Promise<TrialSummary | null> {
  let told: Promise<ReadonlyMap<string, TrialSummary>> | null = null;
  return async (configuration) => {
    const own = await store.findTrial(configuration);
    if (own !== null) return summaryOf(own);
    told ??= toldBySearches(store);
    return (await told).get(idOf(configuration)) ?? null;
  };
}

/** The trials that the searches in `store` name, by their ids; those that were interrupted are none. */
async function toldBySearches(store: RunStore): Promise<ReadonlyMap<string, TrialSummary>> {
  const { records } = await store.list("search");
  const trials = records.flatMap((record) => (record.record === "search" ? [...record.baseline, ...record.trials] : []));
  return new Map(trials.filter(({ outcome }) => outcome !== "interrupted").map((trial) => [trial.id, trial]));
}
