/** Runs in words: one line of a list, and all of a record. */
import { isRegression, metricNames, metricWords, type MetricName, type RunRecord, type SearchRecord, type TrialConfiguration,
  type TrialRecord, type TrialSummary } from "../records/record.js";
import { counted, formatCount, formatMetric, formatRate, formatSeconds } from "../charts/scales.js";
import { capitalised, classWeightsInWords, engineInWords, guessOf, methodNames, metricNameOf } from "../charts/words.js";
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
function trialCells({ configuration: { d, adapter, learningRate, seeds, task }, final, outcome }: TrialRecord): string[] {
  const rank = adapter?.rank ?? null, ranked = rank === null ? [] : [`LoRA rank ${rank}`];
  const what = [...(d === null ? [] : [`d ${formatCount(d)}`]), ...ranked, `rate ${formatRate(learningRate)}`, `seed ${seeds.run}`];
  return [what.join(", "), final === null ? outcome : formatMetric(final.metric, task.metric)];
}

function searchCells(record: SearchRecord): string[] {
  const { result } = record;
  return [`search, ${counted(trialsOf(record), "trial")}`, result.outcome === "found" ? `d90 ${dimension(result)}` : result.outcome];
}

/** The metrics beside the task's own that the labels allow, and the loss. */
export function metricPairs(values: Partial<Record<MetricName | "loss", number | null>>, own: MetricName): [string, string][] {
  const others = metricNames.flatMap((name): [string, string][] => {
    const value = values[name] ?? null;
    return name === own || value === null ? [] : [[metricWords[name].name, formatMetric(value, name, 2)]];
  });
  const { loss = null } = values;
  return [...others, ["loss", loss === null ? "-" : `${loss.toFixed(4)} ${isRegression(own) ? "squared error" : "nats"}`]];
}

/** "LoRA, rank 4, alpha 16, query and value", "DID, d 1,000, projection srht-blocked". */
function methodText({ method, d, projection, adapter, learned, head }: TrialConfiguration): string {
  const ranked = adapter === undefined || adapter.rank === null ? [] : [`rank ${adapter.rank}`, `alpha ${adapter.alpha}`];
  return [
    methodNames[method], ...(d === null ? [] : [`d ${formatCount(d)}`]), ...(projection === null ? [] : [`projection ${projection}`]), ...ranked,
    ...(adapter === undefined ? [] : [adapter.targets.join(" ")]),
    ...(learned === undefined ? [] : [`directions of run ${learned.run}, ${counted(learned.snapshots, "snapshot")}`]),
    ...(method === "full" ? [] : [`head ${head}`]),
  ].join(", ");
}

/** How many numbers are trained, which of them the head's, and what a learned basis holds. */
function budgetText({ budget: { total, free, basis } }: TrialConfiguration): string {
  const head = free > 0 ? `, ${formatCount(free)} of them the head's` : "";
  return `${counted(total, "number")}${head}${basis === undefined ? "" : `; the learned basis holds ${formatCount(basis)}`}`;
}

/** A trial as names and values. */
export function trialPairs(record: TrialRecord): [string, string][] {
  const { id, configuration, outcome, final, steps, seconds, environment } = record;
  const { learningRate, epochs, batchSize, maxLength, task, model, seeds } = configuration;
  const shown = (value: number): string => formatMetric(value, task.metric, 2), weights = classWeightsInWords(configuration);
  return [
    ["run", id], ["outcome", outcome],
    [metricNameOf(record), final === null ? "-" : `${shown(final.metric)} (${guessOf(record)} ${shown(task.majority)})`],
    ...metricPairs(final ?? {}, task.metric),
    ["method", methodText(configuration)],
    ["learned", budgetText(configuration)],
    ["training", `rate ${formatRate(learningRate)}, ${counted(epochs, "epoch")}, batches of ${batchSize}, ${maxLength} tokens${weights === null ? "" : `, ${weights}`}`],
    ["seed", String(seeds.run)],
    ["model", `${model.id}, ${formatCount(model.parameters)} parameters`],
    ["data", `${task.dataSource}, ${formatCount(task.trainRows)} training rows, ${formatCount(task.devRows)} dev rows`],
    ["updates, time", `${formatCount(steps)}, ${formatSeconds(seconds)}`],
    ["engine", engineInWords(environment)],
  ];
}

/** A search: result, then every trial. */
function searchText(record: SearchRecord): string {
  const { id, baseline, trials, startedAt, finishedAt, configuration: { task: { metric: measured } } } = record;
  const columns = [{ heading: "Trial" }, right("d"), right("Rate"), right("Seed"), right(capitalised(metricNameOf(record))), right("Time")];
  const row = ({ id: trial, d, learningRate, seed, metric, outcome, seconds }: TrialSummary): string[] => [
    trial, d === null ? "full" : formatCount(d), formatRate(learningRate), String(seed), metric === null ? outcome : formatMetric(metric, measured),
    formatSeconds(seconds),
  ];
  const head = textList([["run", id], ["time", `${startedAt} to ${finishedAt}`]]);
  return [head, resultText([record]), textTable(columns, [...baseline, ...trials].map(row))].join("\n\n");
}

/** All that a person wants to know of a run. */
export const runText = (record: RunRecord): string => (record.record === "trial" ? textList(trialPairs(record)) : searchText(record));
