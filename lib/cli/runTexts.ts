/** Runs in words: one line of a list, and all of a record. */
import type { RunRecord, SearchRecord, TrialRecord, TrialSummary } from "../records/record.js";
import { counted, formatCount, formatRate, formatSeconds, formatShare } from "../charts/scales.js";
import { engineInWords, methodNames } from "../charts/words.js";
import { dimension, resultText } from "./resultTable.js";
import { textList, textTable, type Column } from "./table.js";

const trialsOf = ({ baseline, trials }: SearchRecord): number => baseline.length + trials.length;

/** What a list shows of a run, the same with --json. */
export function listed(record: RunRecord) {
  const { id, configuration: { task, model, method, preset }, startedAt, seconds } = record;
  const { name, dataSource } = task;
  const common = { id, record: record.record, method, task: name, dataSource, model: model.id, preset, startedAt, seconds };
  if (record.record === "search") return { ...common, d90: record.result.d90, outcome: record.result.outcome, trials: trialsOf(record) };
  const { d, learningRate, seeds } = record.configuration;
  return { ...common, d, learningRate, seed: seeds.run, outcome: record.outcome, metric: record.final?.metric ?? null };
}

const right = (heading: string): Column => ({ heading, right: true });

/** The list of all runs. */
export function runsTable(records: readonly RunRecord[]): string {
  const rows = records.map((record) => {
    const { id, startedAt, seconds, configuration: { method, task, preset } } = record;
    const started = startedAt.slice(0, 16).replace("T", " ");
    const cells = record.record === "trial" ? trialCells(record) : searchCells(record);
    return [id, started, methodNames[method], ...cells, formatSeconds(seconds), task.name, preset ?? "-"];
  });
  const columns = [{ heading: "Run" }, { heading: "Started (UTC)" }, { heading: "Method" }, { heading: "What" }, right("Result"),
    right("Time"), { heading: "Task" }, { heading: "Preset" }];
  return textTable(columns, rows);
}

/** What was run, and what came out. */
function trialCells({ configuration: { d, learningRate, seeds }, final, outcome }: TrialRecord): string[] {
  const what = [...(d === null ? [] : [`d ${formatCount(d)}`]), `rate ${formatRate(learningRate)}`, `seed ${seeds.run}`];
  return [what.join(", "), final === null ? outcome : formatShare(final.metric)];
}

function searchCells(record: SearchRecord): string[] {
  const { result } = record;
  return [`search, ${counted(trialsOf(record), "trial")}`, result.outcome === "found" ? `d90 ${dimension(result)}` : result.outcome];
}

/** A trial as names and values. */
export function trialPairs({ id, configuration, outcome, final, steps, seconds, environment }: TrialRecord): [string, string][] {
  const { method, d, projection, budget, learningRate, epochs, batchSize, maxLength, task, model, seeds } = configuration;
  return [
    ["run", id], ["outcome", outcome],
    ["accuracy", final === null ? "-" : `${formatShare(final.accuracy, 2)} (majority class ${formatShare(task.majority, 2)})`],
    ["F1", final === null || final.f1 === null ? "-" : formatShare(final.f1, 2)],
    ["loss", final === null || final.loss === null ? "-" : `${final.loss.toFixed(4)} nats`],
    ["method", d === null ? methodNames[method] : `${methodNames[method]}, d ${formatCount(d)}, projection ${projection ?? "-"}`],
    ["learned", `${counted(budget.total, "number")}${budget.free > 0 ? `, ${formatCount(budget.free)} of them outside the subspace` : ""}`],
    ["training", `rate ${formatRate(learningRate)}, ${counted(epochs, "epoch")}, batches of ${batchSize}, ${maxLength} tokens`],
    ["seed", String(seeds.run)],
    ["model", `${model.id}, ${formatCount(model.parameters)} parameters`],
    ["data", `${task.dataSource}, ${formatCount(task.trainRows)} training rows, ${formatCount(task.devRows)} dev rows`],
    ["updates, time", `${formatCount(steps)}, ${formatSeconds(seconds)}`],
    ["engine", engineInWords(environment)],
  ];
}

/** A search: result, then every trial. */
function searchText(record: SearchRecord): string {
  const { id, baseline, trials, startedAt, finishedAt } = record;
  const columns = [{ heading: "Trial" }, right("d"), right("Rate"), right("Seed"), right("Accuracy"), right("Time")];
  const row = ({ id: trial, d, learningRate, seed, metric, outcome, seconds }: TrialSummary): string[] => [
    trial, d === null ? "full" : formatCount(d), formatRate(learningRate), String(seed), metric === null ? outcome : formatShare(metric),
    formatSeconds(seconds),
  ];
  const head = textList([["run", id], ["time", `${startedAt} to ${finishedAt}`]]);
  return [head, resultText([record]), textTable(columns, [...baseline, ...trials].map(row))].join("\n\n");
}

/** All that a person wants to know of a run. */
export const runText = (record: RunRecord): string => (record.record === "trial" ? textList(trialPairs(record)) : searchText(record));
