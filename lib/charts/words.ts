/** Results in words, the same in titles, tables and reports: never more exact than the trials are. */
import { metricWords, type EnvironmentRecord, type Estimate, type Method, type RunRecord, type SearchRecord } from "../records/record.js";
import { counted, formatCount, formatRound } from "./scales.js";

/** How methods are written. */
export const methodNames: Readonly<Record<Method, string>> = {
  full: "full fine-tuning", did: "DID", said: "SAID", lora: "LoRA", "uni-lora": "Uni-LoRA", ia3: "IA3", bitfit: "BitFit", head: "head only",
  learned: "learned subspace",
};

/** The metric of a run in words: "accuracy", "Matthews correlation". */
export const metricNameOf = ({ configuration: { task } }: RunRecord): string => metricWords[task.metric].name;

/** Who reaches the metric's chance level: "the majority class", "a guess". */
export const guessOf = ({ configuration: { task } }: RunRecord): string => metricWords[task.metric].guess;

/** The heading of a column of chance levels. */
export const guessHeading = ({ configuration: { task } }: RunRecord): string => (task.metric === "accuracy" ? "Majority" : "Guess");

/** "accuracy" -> "Accuracy", as a heading. */
export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What is known of a dimension: "1,389", "more than 500, at most 1,389", "at most 10", "more than 500,000"; null when nothing is. */
export function dimensionInWords({ d90, lower, upper, exact }: Estimate): string | null {
  if (exact && d90 !== null) return formatCount(d90);
  if (lower !== null && upper !== null) return `more than ${formatCount(lower)}, at most ${formatCount(upper)}`;
  if (upper !== null) return `at most ${formatCount(upper)}`;
  return lower === null ? null : `more than ${formatCount(lower)}`;
}

/** The range of d90 over seeds, "seeds: 1,200 to 1,608"; an end outside the grid is said so. Null with fewer than two seeds. */
export function intervalInWords({ interval }: Estimate): string | null {
  if (interval === null) return null;
  const { low, high } = interval;
  if (low === null && high === null) return "outside the grid for every seed";
  if (low === high) return "the same for every seed";
  return `seeds: ${low === null ? "below the grid" : formatCount(low)} to ${high === null ? "above the grid" : formatCount(high)}`;
}

/**
 * The estimate that a chart is about: d90, or the chance-corrected one where predicting the majority class always already
 * reaches the threshold of d90, which then says nothing.
 */
export function toldEstimate({ result }: SearchRecord): { estimate: Estimate; name: string } {
  const { threshold, majority, outcome } = result;
  const degenerate = threshold !== null && threshold <= majority && outcome !== "baseline-not-above-majority";
  return degenerate ? { estimate: result.chanceCorrectedD90, name: "chance-corrected d90" } : { estimate: result, name: "d90" };
}

/** A dimension in a title, where the ends of a range may be read as a range; null when nothing is known. */
function rangeInWords(estimate: Estimate): string | null {
  const { lower, upper, exact } = estimate;
  return !exact && lower !== null && upper !== null ? `${formatCount(lower)} to ${formatCount(upper)}` : dimensionInWords(estimate);
}

/** The finding of the searches as a chart's title; `names` are those of the methods. */
export function findingInWords(records: readonly SearchRecord[], names: readonly string[]): string {
  const share = formatRound(records[0]?.configuration.search.share ?? 0.9);
  const told = records.map((record, index) => ({ ...toldEstimate(record), with: names[index]! }));
  const corrected = told.some(({ name }) => name !== "d90");
  const guess = records[0] === undefined ? metricWords.accuracy.guess : guessOf(records[0]);
  const known = told.flatMap(({ estimate, with: method }) => {
    const range = rangeInWords(estimate);
    return range === null ? [] : [{ range, method }];
  });
  if (known.length === 0) return noFinding(records, { share, corrected, guess });
  const each = known.map(({ range, method }, index) => {
    if (index === 0) return `${range}${corrected ? "" : " numbers"} with ${method}`;
    return range === known[0]!.range ? ` and ${method}` : `, ${range} with ${method}`;
  });
  const soFar = records.some(({ result }) => result.outcome === "interrupted") ? "So far: " : "";
  return corrected
    ? `${soFar}Chance-corrected d90: ${each.join("")} (${share} of full fine-tuning is not above ${guess})`
    : `${soFar}${share} of full fine-tuning takes ${each.join("")}`;
}

function noFinding(records: readonly SearchRecord[], { share, corrected, guess }: { share: string; corrected: boolean; guess: string }): string {
  if (corrected) return `No d90: ${share} of full fine-tuning is not above ${guess}`;
  const meaningless = records.some(({ result }) => result.outcome === "baseline-not-above-majority");
  if (meaningless) return `No d90: full fine-tuning is not above ${guess}`;
  return `No d90 yet: ${share} of full fine-tuning was not crossed`;
}

/** Data source, rows, model, preset and seeds: what a chart or table must say about where its numbers come from. */
export function originsInWords(records: readonly SearchRecord[]): string[] {
  const lines = records.map((record) => originInWords(record));
  const shared = (line: string): boolean => lines.every((of) => of.includes(line));
  const own = records.flatMap(({ configuration: { method } }, index) =>
    lines[index]!.filter((line) => !shared(line)).map((line) => `${methodNames[method]}: ${line}`));
  return [...(lines[0] ?? []).filter(shared), ...own];
}

function originInWords({ configuration, result, trials }: Pick<SearchRecord, "configuration" | "result" | "trials">): string[] {
  const lines = setupInWords(configuration);
  if (result.outcome === "interrupted") lines.push(`The search is unfinished: ${unfinishedInWords(configuration.search.seeds, trials)}.`);
  return lines;
}

/** "seed 0", "seeds 0, 1, 2". */
export const seedsInWords = (seeds: readonly number[]): string => `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`;

/** "quick preset", "quick preset with other settings", "no preset". */
export const presetInWords = ({ preset, changed = [] }: { preset: string | null; changed?: readonly string[] }): string =>
  (preset === null ? "no preset" : `${preset} preset${changed.length === 0 ? "" : " with other settings"}`);

/** Data source, rows, model, preset and seeds of a search. */
export function setupInWords(configuration: SearchRecord["configuration"]): string[] {
  const { task, model, preset, changed, epochs, bf16, search } = configuration;
  const seeds = seedsInWords(search.seeds);
  const how = [
    `${model.id} (${formatCount(model.parameters)} parameters)`, presetInWords(configuration),
    basisInWords(configuration), counted(epochs, "epoch"), seeds, ...(bf16 ? ["bf16"] : []),
  ];
  const weights = classWeightsInWords(configuration);
  if (weights !== null) how.push(weights);
  const rows = `${formatCount(task.trainRows)} training rows, ${formatCount(task.devRows)} dev rows`;
  const lines = [`${task.dataSource} · ${rows}`, how.join(" · ")];
  if (preset === "smoke" && changed === undefined) lines.push("The smoke preset shows that everything works; it says nothing about the model.");
  return lines;
}

/** P by name, or where learned directions come from. */
const basisInWords = ({ projection, learned }: SearchRecord["configuration"]): string =>
  learned === undefined ? `projection ${projection ?? "none"}` : `directions of ${counted(learned.snapshots, "snapshot")} of run ${learned.run}`;

/** "class weights no 1, yes 2.5"; null where all classes weigh the same. */
export function classWeightsInWords({ classWeights, task }: Pick<RunRecord["configuration"], "classWeights" | "task">): string | null {
  if (classWeights === undefined) return null;
  const each = classWeights.map((weight, label) => `${task.labelNames?.[label] === undefined ? "" : `${task.labelNames[label]} `}${Number(weight.toPrecision(3))}`);
  return `class weights ${each.join(", ")}`;
}

/** What an interrupted search has looked at. */
function unfinishedInWords(seeds: readonly number[], trials: SearchRecord["trials"]): string {
  const begun = seeds.filter((seed) => trials.some((trial) => trial.seed === seed && trial.outcome === "completed"));
  return `${begun.length} of ${counted(seeds.length, "seed")} begun`;
}

/** The notes of all searches, each once, with the methods that it is about. */
export function notesInWords(records: readonly SearchRecord[]): string[] {
  const methods = new Map<string, string[]>();
  for (const { result, configuration: { method } } of records) {
    for (const note of result.notes) methods.set(note, [...(methods.get(note) ?? []), methodNames[method]]);
  }
  return [...methods].map(([note, names]) => `${names.join(", ")}: ${note}`);
}

/** What computed a run: "tensorflow 2.21.0 on CPU, 2 threads, fp32, recorded steps". */
export function engineInWords({ engine }: EnvironmentRecord): string {
  const { backend, tensorflow, device, threads, bf16, bf16Emulated, mode } = engine;
  const version = tensorflow === null ? "" : ` ${tensorflow}`;
  return `${backend}${version} on ${device}, ${counted(threads, "thread")}, ${bf16 ? "bf16" : "fp32"}${bf16Emulated ? " emulated" : ""}, ${mode} steps`;
}
