/**
 * The tables that SQL sees: what a record says, one row a run, and one a point of its curves. Columns are named as in the
 * records; the loss on the dev rows is `devLoss`, so that it is not taken for that of training.
 */
import type { RunRecord } from "../record.js";
import type { SearchRecord } from "../searchRecord.js";
import type { TrialRecord } from "../trialRecord.js";

type ColumnType = "VARCHAR" | "DOUBLE" | "BIGINT" | "BOOLEAN" | "TIMESTAMP";
type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

const text = "VARCHAR", number = "DOUBLE", whole = "BIGINT", truth = "BOOLEAN", time = "TIMESTAMP";

/** What every run has. */
const common = {
  id: text, method: text, projection: text, model: text, modelSha256: text, parameters: whole, task: text, data: text, dataSha256: text,
  trainRows: whole, devRows: whole, metricName: text, majority: number, preset: text, head: text, batchSize: whole, maxLength: whole,
  dropout: number, bf16: truth, epochs: number, outcome: text, seconds: number, startedAt: time,
} as const;

/** Tables and their columns. `runs` is a view of trials and searches together. */
export const tables = {
  trials: {
    ...common, kind: text, d: whole, trained: whole, learningRate: number, seed: whole, metric: number, accuracy: number, f1: number,
    matthews: number, pearson: number, spearman: number, devLoss: number, trainAccuracy: number, steps: whole, earlyStopEpoch: whole,
  },
  searches: {
    ...common, d90: whole, lower: whole, upper: whole, exact: truth, threshold: number, full: number, fullRate: number, correctedD90: whole,
    correctedOutcome: text, trials: whole, finishedAt: time,
  },
  searchTrials: { search: text, trial: text, role: text },
  evaluations: { id: text, step: whole, epoch: number, metric: number, devLoss: number },
  losses: { id: text, step: whole, loss: number },
} as const satisfies Record<string, Readonly<Record<string, ColumnType>>>;

export type TableName = keyof typeof tables;
export type TableRows = Readonly<Record<TableName, readonly Row[]>>;
export const tableNames = Object.keys(tables) as TableName[];

/** The column that holds the run to which a row belongs. */
export const ownerOf = (table: TableName): string => (table === "searchTrials" ? "search" : "id");

/** A date of ISO 8601 as a TIMESTAMP: without its zone, which is always UTC. */
const utc = (date: string): string => date.replace("Z", "");

function commonOf({ id, configuration, seconds, startedAt }: RunRecord) {
  const { method, projection, model, task, preset, head, batchSize, maxLength, dropout, bf16, epochs } = configuration;
  return {
    id, method, projection, model: model.id, modelSha256: model.sha256, parameters: model.parameters, task: task.name, data: task.dataSource,
    dataSha256: task.sha256, trainRows: task.trainRows, devRows: task.devRows, metricName: task.metric, majority: task.majority, preset, head,
    batchSize, maxLength, dropout, bf16, epochs, seconds, startedAt: utc(startedAt),
  };
}

function trialRow(record: TrialRecord): Row {
  const { configuration: { kind, d, budget, learningRate, seeds }, final, outcome, steps, earlyStop } = record;
  const { metric = null, accuracy = null, f1 = null, matthews = null, pearson = null, spearman = null, loss = null, trainAccuracy = null } = final ?? {};
  return {
    ...commonOf(record), outcome, kind, d, trained: budget.total, learningRate, seed: seeds.run, metric, accuracy, f1, matthews, pearson, spearman, devLoss: loss,
    trainAccuracy, steps, earlyStopEpoch: earlyStop?.epoch ?? null,
  };
}

function searchRow(record: SearchRecord): Row {
  const { result: { d90, lower, upper, exact, outcome, threshold, full, fullRate, chanceCorrectedD90: corrected }, baseline, trials, finishedAt } = record;
  return {
    ...commonOf(record), outcome, d90, lower, upper, exact, threshold, full, fullRate, correctedD90: corrected.d90, correctedOutcome: corrected.outcome,
    trials: baseline.length + trials.length, finishedAt: utc(finishedAt),
  };
}

/** The rows of one record, by table. */
export function rowsOf(record: RunRecord): TableRows {
  const none = { trials: [], searches: [], searchTrials: [], evaluations: [], losses: [] };
  const { id } = record;
  if (record.record === "search") {
    const named = (role: string, made: readonly { id: string }[]): Row[] => made.map(({ id: trial }) => ({ search: id, trial, role }));
    return { ...none, searches: [searchRow(record)], searchTrials: [...named("baseline", record.baseline), ...named("trial", record.trials)] };
  }
  return {
    ...none, trials: [trialRow(record)], losses: record.losses.map((point) => ({ id, ...point })),
    evaluations: record.evaluations.map(({ loss, ...evaluation }) => ({ id, ...evaluation, devLoss: loss })),
  };
}
