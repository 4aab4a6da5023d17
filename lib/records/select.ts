/** Some of the runs of a folder, by what their records say. */
import { idsWhere } from "./database/query.js";
import type { RunRecord } from "./record.js";

export interface Selection {
  /** Ids, or their first digits. */
  ids?: readonly string[];
  record?: RunRecord["record"];
  method?: string;
  task?: string;
  /** Name of the model, or its end: "all-minilm-l6-v2". */
  model?: string;
  preset?: string;
  outcome?: string;
  /** ISO dates; by the start. */
  since?: string;
  before?: string;
  /** SQL over the columns of `runs`: "d < 1000 and metric > 0.7". */
  where?: string;
  /** Only the newest so many. */
  newest?: number;
}

/** Whether anything is asked. */
export const isSelective = (selection: Selection): boolean => Object.values(selection).some((value) => value !== undefined);

/** The records that are meant, in their order. @param folder of the records, for `where`. @throws {UsageError} for a condition that is none. */
export async function selectRuns(records: readonly RunRecord[], selection: Selection, folder: string): Promise<RunRecord[]> {
  const { where, newest } = selection;
  const ids = where === undefined ? null : await idsWhere(where, folder);
  const found = records.filter((record) => matches(record, selection) && (ids === null || ids.has(record.id)));
  return newest === undefined ? found : found.slice(-newest);
}

function matches(run: RunRecord, { ids, record, method, task, model, preset, outcome, since, before }: Selection): boolean {
  const { configuration } = run;
  const end = run.record === "trial" ? run.outcome : run.result.outcome;
  const same = (asked: string | undefined, value: string | null): boolean => asked === undefined || asked === value;
  return same(record, run.record) && same(method, configuration.method) && same(task, configuration.task.name) && same(preset, configuration.preset)
    && same(outcome, end) && (model === undefined || configuration.model.id.endsWith(model))
    && (ids === undefined || ids.some((id) => run.id.startsWith(id)))
    && (since === undefined || Date.parse(run.startedAt) >= Date.parse(since)) && (before === undefined || Date.parse(run.startedAt) < Date.parse(before));
}
