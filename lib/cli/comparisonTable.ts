/** A comparison of methods as a table for the terminal, and as JSON. */
import { budgetRows, sizedName } from "../charts/budgets.js";
import { formatCount, formatMetric, formatRate, formatSeconds, formatShare } from "../charts/scales.js";
import { capitalised, classWeightsInWords, guessHeading, metricNameOf, presetInWords } from "../charts/words.js";
import type { TrialRecord } from "../records/record.js";
import { listed } from "./runTexts.js";
import { textTable, type Column } from "./table.js";

/** d90's share of full fine-tuning. */
const SHARE = 0.9;

const right = (heading: string): Column => ({ heading, right: true });

/** Data, model and training; then a row a method, by ascending size, with its share of full fine-tuning where that is there. */
export function comparisonText(records: readonly TrialRecord[]): string {
  const rows = budgetRows(records), full = rows.find(({ method }) => method === "full");
  const { configuration } = records[0]!, { task, model, epochs, batchSize } = configuration;
  const shown = (value: number): string => formatMetric(value, task.metric), weights = classWeightsInWords(configuration);
  const head = [
    `${task.dataSource} · ${formatCount(task.trainRows)} training rows, ${formatCount(task.devRows)} dev rows · ${guessHeading(records[0]!)} ${shown(task.majority)}`,
    `${model.id} (${formatCount(model.parameters)} parameters) · ${presetInWords(configuration)} · epochs ${epochs}, batches of ${batchSize}${weights === null ? "" : ` · ${weights}`}`,
  ];
  const columns = [{ heading: "Method" }, right("Trained"), right("Head's"), right(capitalised(metricNameOf(records[0]!))), right("Of full"), right("Rate"), right("Seeds"), right("Time")];
  const table = textTable(columns, rows.map((row) => [
    row.name, formatCount(row.trained), formatCount(row.free), row.low === row.high ? shown(row.metric) : `${shown(row.metric)} (${shown(row.low)} to ${shown(row.high)})`,
    full === undefined ? "-" : `${formatShare(row.metric / full.metric)}${row.metric >= SHARE * full.metric - 1e-12 ? "" : " <"}`, formatRate(row.learningRate),
    row.seeds.join(" "), formatSeconds(row.seconds),
  ]));
  const diverged = records.filter(({ outcome }) => outcome === "diverged").map((trial) => `${sizedName(trial)} diverged (run ${trial.id}): try a smaller rate.`);
  return [...head, "", table, ...(full === undefined ? [] : ["", "<: less than 90 % of full fine-tuning."]), ...diverged].join("\n");
}

/** The same as one object. */
export function comparisonSummary(records: readonly TrialRecord[]) {
  const completed = records.some(({ final }) => final !== null);
  const rows = completed ? budgetRows(records) : [], full = rows.find(({ method }) => method === "full")?.metric ?? null;
  return {
    full, threshold: full === null ? null : SHARE * full, majority: records[0]?.configuration.task.majority ?? null, rows,
    trials: records.map((record) => ({ ...listed(record), budget: record.configuration.budget })),
  };
}
