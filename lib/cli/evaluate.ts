/** `d90 evaluate`: a trained run on its dev rows again, and what it says of each row. */
import { type Command, Option } from "commander";
import type { TrialRecord } from "../records/record.js";
import type { Evaluation } from "../training/evaluate.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addRunOptions, addSourceOptions, runOptionsOf, type SharedFlags } from "./options.js";
import { commandProgress } from "./loading.js";
import { print, printJson, say } from "./output.js";
import { run } from "./run.js";
import { words } from "./values.js";

interface EvaluateFlags extends SharedFlags {
  logits?: string;
}

const examples = `
Examples:
  $ npx d90 evaluate 3fa1 --logits logits.tsv    row, label, prediction, and a logit for each class
  $ npx d90 evaluate latest --json | jq .accuracy`;

/** Adds the command. */
export function evaluateCommand(program: Command): void {
  const command = program.command("evaluate").summary("evaluate a trained run, with each row's logits")
    .description("Evaluates what a run of d90 train learned, on the dev rows that it was measured on.")
    .argument("[run]", "id of a run, its first digits, or latest", "latest");
  command.addOption(new Option("--logits <file>", "write each dev row's logits to this file, tab-separated, with a heading")
    .argParser(words));
  addRunOptions(addSourceOptions(command));
  command.addHelpText("after", examples)
    .action((id: string, flags: EvaluateFlags) => run(flags, (stop) => evaluate(id, flags, stop)));
}

async function evaluate(id: string, flags: EvaluateFlags, stop: Interruption): Promise<number> {
  const { evaluateRun } = await import("../search/once.js");
  const progress = commandProgress();
  progress.update("Loading model and data");
  const { record, evaluation, labels, labelNames } = await evaluateRun({ ...runOptionsOf(flags, stop.signal), run: id }).finally(progress.done);
  const { logits, predictions } = evaluation;
  if (flags.logits !== undefined) {
    const { writeFileAtomic } = await import("../support/files.js");
    await writeFileAtomic(flags.logits, logitsTable({ labels, labelNames, predictions, logits }));
    say(`Logits of ${labels.length} rows: ${flags.logits}`);
  }
  if (flags.json === true) {
    const { task: { name, dataSource, metric }, model, method, d } = record.configuration;
    const { logits: _logits, predictions: _predictions, ...values } = evaluation;
    printJson({ run: record.id, task: name, dataSource, model: model.id, method, d, rows: labels.length, metric, ...values,
      recorded: record.final?.metric ?? null });
  } else print(await evaluationText(record, evaluation, labels.length));
  return exitCodes.ok;
}

/** The metrics one below the other, the task's own first. */
async function evaluationText(record: TrialRecord, evaluation: Evaluation, rows: number): Promise<string> {
  const [{ formatMetric }, { metricNameOf }, { metricPairs }, { textList }] = await Promise.all(
    [import("../charts/scales.js"), import("../charts/words.js"), import("./runTexts.js"), import("./table.js")]);
  const { dataSource, metric } = record.configuration.task;
  const shown = (value: number | null): string => (value === null ? "-" : formatMetric(value, metric, 2));
  return textList([
    ["run", record.id], ["data", dataSource], ["rows", String(rows)], [metricNameOf(record), shown(evaluation[metric])],
    ...metricPairs(evaluation, metric), ["recorded", shown(record.final?.metric ?? null)],
  ]);
}

/**
 * One line a dev row, in the order of the data: its number from 0, label and prediction by name (numbers where labels are numbers), and a
 * logit for each class, "logit:equivalent", with all digits of a float32.
 */
export function logitsTable({ labels, labelNames, predictions, logits }:
  { labels: readonly number[]; labelNames: readonly string[]; predictions: readonly number[]; logits: Float32Array }): string {
  const classes = logits.length / labels.length;
  const digits = (value: number): string => String(Number(value.toPrecision(9)));
  const named = (label: number): string => cell(labelNames[label] ?? String(label));
  const ofClasses = Array.from({ length: classes }, (_unused, index) => (classes === 1 ? "output" : `logit:${named(index)}`));
  const heading = ["row", "label", "prediction", ...ofClasses];
  const ofRow = (row: number): string[] => Array.from(logits.subarray(row * classes, (row + 1) * classes), digits);
  const lines = labels.map((label, row) => [row, named(label), named(predictions[row]), ...ofRow(row)]);
  return `${[heading, ...lines].map((line) => line.join("\t")).join("\n")}\n`;
}

/** A name that holds a tab or a line break would be more than one cell. */
const cell = (name: string): string => name.replace(/[\t\r\n]+/g, " ");
