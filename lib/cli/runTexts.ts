/** Runs in words: one line of a list, and all of a record. */
import type { RunRecord, SearchRecord, TrialRecord, TrialSummary } from "../records/record.js";
import { counted, formatCount, formatRate, formatSeconds, formatShare } from "../charts/scales.js";
import { methodNames } from "../charts/words.js";
import { dimension, resultText } from "./resultTable.js";
import { textList, textTable } from "./table.js";

/** What a list shows of a run, the same with --json. */
export function listed(record: RunRecord) {
  const { id, configuration: { task, model, method, preset }, startedAt } = record;
  const common = { id, record: record.record, method, task: task.name, dataSource: task.dataSource, model: model.id, preset, startedAt };
  return record.record === "trial"
    ? { ...common, d: record.configuration.d, learningRate: record.configuration.learningRate, seed: record.configuration.seeds.run, outcome: record.outcome,
      metric: record.final?.metric ?? null, seconds: record.seconds }
    : { ...common, d90: record.result.d90, outcome: record.result.outcome, trials: record.trials.length + record.baseline.length, seconds: record.seconds };
}

/** The list of all runs. */
export function runsTable(records: readonly RunRecord[]): string {
  const rows = records.map((record) => {
    const { configuration: { method, task, preset } } = record;
    const [what, result] = record.record === "trial"
      ? [trialWords(record), record.final === null ? record.outcome : formatShare(record.final.metric)]
      : [`search, ${counted(record.trials.length + record.baseline.length, "trial")}`, record.result.outcome === "found" ? `d90 ${dimension(record.result)}` : record.result.outcome];
    return [record.id, record.startedAt.slice(0, 16).replace("T", " "), methodNames[method], what, result, formatSeconds(record.seconds), task.name, preset ?? "-"];
  });
  return textTable([{ heading: "Run" }, { heading: "Started (UTC)" }, { heading: "Method" }, { heading: "What" }, { heading: "Result", right: true },
    { heading: "Time", right: true }, { heading: "Task" }, { heading: "Preset" }], rows);
}

const trialWords = ({ configuration: { d, learningRate, seeds } }: TrialRecord): string =>
  [...(d === null ? [] : [`d ${formatCount(d)}`]), `rate ${formatRate(learningRate)}`, `seed ${seeds.run}`].join(", ");

/** A trial as names and values. */
export function trialPairs({ id, configuration, outcome, final, steps, seconds, environment: { engine } }: TrialRecord): [string, string][] {
  const { method, d, projection, budget, learningRate, epochs, batchSize, maxLength, task, model, seeds } = configuration;
  return [
    ["run", id], ["outcome", outcome],
    ["accuracy", final === null ? "-" : `${formatShare(final.accuracy, 2)} (majority class ${formatShare(task.majority, 2)})`],
    ["F1, loss", final === null ? "-" : `${final.f1 === null ? "-" : formatShare(final.f1, 2)}, ${final.loss === null ? "-" : `${final.loss.toFixed(4)} nats`}`],
    ["method", d === null ? methodNames[method] : `${methodNames[method]}, d ${formatCount(d)}, projection ${projection ?? "-"}`],
    ["learned", `${formatCount(budget.total)} numbers${budget.free > 0 ? `, ${formatCount(budget.free)} of them outside the subspace` : ""}`],
    ["training", `rate ${formatRate(learningRate)}, ${counted(epochs, "epoch")}, batches of ${batchSize}, ${maxLength} tokens, seed ${seeds.run}`],
    ["model", `${model.id}, ${formatCount(model.parameters)} parameters`],
    ["data", `${task.dataSource}, ${formatCount(task.trainRows)} training rows, ${formatCount(task.devRows)} dev rows`],
    ["updates, time", `${formatCount(steps)}, ${formatSeconds(seconds)}`],
    ["engine", `${engine.backend}${engine.tensorflow === null ? "" : ` ${engine.tensorflow}`} on ${engine.device}, ${engine.threads} threads, ${engine.bf16 ? "bf16" : "fp32"}`],
  ];
}

/** A search: result, then every trial. */
function searchText(record: SearchRecord): string {
  const { id, baseline, trials, startedAt, finishedAt } = record;
  const columns = [{ heading: "Trial" }, { heading: "d", right: true }, { heading: "Rate", right: true }, { heading: "Seed", right: true },
    { heading: "Accuracy", right: true }, { heading: "Time", right: true }];
  const row = ({ id: trial, d, learningRate, seed, metric, outcome, seconds }: TrialSummary): string[] =>
    [trial, d === null ? "full" : formatCount(d), formatRate(learningRate), String(seed), metric === null ? outcome : formatShare(metric), formatSeconds(seconds)];
  return [textList([["run", id], ["time", `${startedAt} to ${finishedAt}`]]), resultText([record]), textTable(columns, [...baseline, ...trials].map(row))].join("\n\n");
}

/** All that a person wants to know of a run. */
export const runText = (record: RunRecord): string => (record.record === "trial" ? textList(trialPairs(record)) : searchText(record));
