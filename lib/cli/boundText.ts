/** A bound's record as text for the terminal. */
import type { BoundRecord } from "../records/boundRecord.js";
import { counted, formatCount, formatRate, formatShare } from "../charts/scales.js";
import { textList, textTable } from "./table.js";

/** A share that may exceed 1 by far. */
const shareOf = (value: number): string => (value < 10 ? formatShare(value, 1) : value.toExponential(1));

/** What it says in one sentence. */
export function verdict({ bounds: [certificate], rows }: BoundRecord): string {
  const { value, confidence, vacuous } = certificate!;
  if (vacuous) return `No certificate: the bound is ${shareOf(value)}, which always saying the most frequent class reaches too.`;
  return `With ${formatShare(confidence, 0)} confidence over the draw of ${formatCount(rows)} rows the true error is at most ${shareOf(value)}.`;
}

/** One record in full, and a line for each of the others. */
export function boundText(record: BoundRecord, others: readonly BoundRecord[], out: string): string {
  const { trial, configuration, file, errors, chance, levels, quantiser, tuneSteps, dataSource, rows, bounds, choices } = record;
  const { method, d, model, seeds, learningRate } = configuration;
  const numbers = configuration.budget.total;
  const pairs: [string, string][] = [
    ["run", trial], ["model", `${model.id}, ${formatCount(model.parameters)} parameters`],
    ["data", `${dataSource}, the bounds rest on ${formatCount(rows)} training rows`],
    ["training", `${method.toUpperCase()}, d ${formatCount(d ?? numbers)}, rate ${formatRate(learningRate)}, seed ${seeds.run}`],
    ["quantiser", `${quantiser}, ${levels} levels${tuneSteps > 0 ? `, ${counted(tuneSteps, "update")} through it` : ""}`],
    ["file", `${out}/${trial}/model.d90: ${formatCount(file.bytes)} bytes for ${counted(numbers, "number")}, ${formatCount(file.chargedBits)} bits charged`],
    ["searched", choices.map(({ name, candidates }) => `${name} among ${candidates}`).join(", ")],
    ["error", `${formatShare(errors.train, 1)} on the rows, ${formatShare(errors.dev, 1)} on ${formatCount(errors.devRows)} dev rows` +
      `${errors.devBefore === null ? "" : ` (${formatShare(errors.devBefore, 1)} before quantising)`}, ${formatShare(chance, 1)} by the most frequent class`],
  ];
  const right = (heading: string) => ({ heading, right: true });
  const columns = [{ heading: "Bound" }, right("True error at most"), ...["Training error", "Confidence", "Choices", "Description"].map(right), right("Bits")];
  const term = (bound: BoundRecord["bounds"][number], ...names: string[]): string =>
    shareOf(bound.terms.filter(({ name }) => names.includes(name)).reduce((sum, { value }) => sum + value, 0));
  const table = bounds.map((bound) => [
    bound.title, `${shareOf(bound.value)}${bound.vacuous ? ", vacuous" : ""}`, term(bound, "training error"), term(bound, "confidence", "subsample"),
    term(bound, "searched choices"), term(bound, "description", "norms"), bound.charged.length === 0 ? "-" : formatCount(Math.ceil(bound.chargedBits)),
  ]);
  if (record.split !== undefined) {
    const { rows: unseen, error, codeBits, updates } = record.split;
    pairs.push(["prior", `the run itself${updates > 0 ? `, moved by ${counted(updates, "update")} of ${formatCount(codeBits)} bits` : ""}: ${shareOf(error)} wrong of ` +
      `${formatCount(unseen)} rows that it has not seen`]);
  }
  const rest = others.map((other) => `d ${formatCount(other.configuration.d ?? 0)}, run ${other.trial}: ${shareOf(other.bounds[0]!.value)}`);
  return [textList(pairs), textTable(columns, table), verdict(record),
    "Each bound holds by itself; the first is the certificate, named beforehand.", ...(rest.length > 0 ? [`Less tight:\n${rest.join("\n")}`] : [])].join("\n\n");
}
