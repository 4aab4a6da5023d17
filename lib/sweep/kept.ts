/** What a store has of a job already. */
import type { RunRecord } from "../records/record.js";
import type { RunStore } from "../records/store.js";
import type { Job } from "./job.js";

/** Whether `record` ends the job; one that early stopping ended is finished while the plan has early stopping. */
export function isFinished(job: Job, record: RunRecord): boolean {
  if (record.record === "search") return record.result.outcome !== "interrupted";
  return record.outcome !== "interrupted" || (record.earlyStop !== undefined && job.kind === "trial" && job.halving !== null);
}

/** The record that ends the job, or null where it must be run (again). @throws {RecordError} on a newer version's record. */
export async function finishedRecord(store: RunStore, job: Job): Promise<RunRecord | null> {
  const record = job.kind === "trial" ? await store.findTrial(job.configuration) : await store.findSearch(job.configuration);
  return record !== null && isFinished(job, record) ? record : null;
}

/** Writes what a job gave, parsed already, in its order: a search after its trials. Records that are there already stay; `latest` is left alone. */
export async function keepRecords(store: RunStore, records: readonly RunRecord[]): Promise<void> {
  for (const record of records) await store.write(record, { parsed: true, latest: false });
}
