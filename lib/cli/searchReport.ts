/** The report of a search: records from the store, page and image into the folders of the runs. */
import type { SearchRecord, TrialRecord, TrialSummary } from "../records/record.js";
import type { RunStore } from "../records/store.js";

/** Ids of the runs whose losses are worth a look: full fine-tuning, and the trials on both sides of d90. */
function notable({ baseline, trials, result: { lower, upper, fullRate } }: SearchRecord): string[] {
  const best = (of: readonly TrialSummary[]): TrialSummary | undefined =>
    of.reduce<TrialSummary | undefined>((top, trial) => ((trial.metric ?? -1) > (top?.metric ?? -2) ? trial : top), undefined);
  const full = best(baseline.filter(({ learningRate }) => learningRate === fullRate));
  const around = [lower, upper].flatMap((d) => (d === null ? [] : [best(trials.filter((trial) => trial.d === d))]));
  return [full, ...around].flatMap((trial) => (trial === undefined ? [] : [trial.id]));
}

/** The trials' records; one that is gone or unreadable is left out. */
async function readTrials(store: RunStore, ids: readonly string[]): Promise<TrialRecord[]> {
  const records = await Promise.all([...new Set(ids)].map((id) => store.read(id).catch(() => null)));
  return records.flatMap((record) => (record?.record === "trial" ? [record] : []));
}

/** Writes the report about `searches` and returns its path. */
export async function reportSearches(store: RunStore, searches: readonly SearchRecord[], command: string): Promise<string> {
  const { makeReport, writeReport } = await import("../charts/report.js");
  const trials = await readTrials(store, searches.flatMap(notable));
  return writeReport(searches.map(({ id }) => store.folderOf(id)), await makeReport({ searches, trials, command }));
}
