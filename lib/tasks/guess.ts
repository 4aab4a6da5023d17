/** Which columns of a file hold the texts and the label, where nobody says so. */
import { shown, UsageError } from "../support/checks.js";
import { labelText, type Table } from "./table.js";
import type { Columns } from "./task.js";

/** Names of label columns, the likeliest first. */
const labelNames = ["label", "labels", "gold_label", "target", "class", "category", "is_duplicate", "quality", "sentiment", "score", "rating", "stars", "y"];

/** Names of text columns, each with those of the second text that may stand beside it. */
const textNames: readonly (readonly [string, readonly string[]])[] = [
  ["sentence1", ["sentence2"]], ["premise", ["hypothesis"]], ["context", ["hypothesis", "question"]], ["question1", ["question2"]],
  ["question", ["sentence", "answer", "context"]], ["text1", ["text2"]], ["text_a", ["text_b"]], ["#1 string", ["#2 string"]],
  ["text", ["text2", "text_pair"]], ["sentence", []], ["review", []], ["content", []], ["comment", []], ["message", []], ["body", []],
  ["tweet", []], ["title", []],
];

/** Most different values that a column may have to be taken for labels by its content alone. */
const fewValues = 20;

/**
 * The columns that are given, and for the others the ones with the usual names; else the column of few different values for the
 * label, and the one of the longest texts. A second text is only guessed beside a first one that is.
 * @throws {UsageError} where nothing fits: it lists the columns.
 */
export function guessColumns(table: Table, given: Partial<Columns>): Columns {
  const byLower = new Map(table.columns.map((name) => [name.toLowerCase(), name]));
  const taken = new Set(Object.values(given));
  const free = (name: string): string | undefined => {
    const column = byLower.get(name);
    return column === undefined || taken.has(column) ? undefined : column;
  };
  const label = given.label ?? firstOf(labelNames, free) ?? fewestValues(table, taken);
  if (label !== undefined) taken.add(label);
  const named = textNames.find(([name]) => free(name) !== undefined);
  const text = given.text ?? (named && free(named[0])) ?? longestTexts(table, taken);
  if (label === undefined || text === undefined) throw cannotGuess(table, label === undefined ? "label" : "text");
  const second = given.text2 ?? (given.text === undefined && named !== undefined ? firstOf(named[1], free) : undefined);
  return second === undefined ? { text, label } : { text, text2: second, label };
}

function firstOf(names: readonly string[], free: (name: string) => string | undefined): string | undefined {
  const name = names.find((candidate) => free(candidate) !== undefined);
  return name === undefined ? undefined : free(name);
}

/** The column with the fewest different values, at least two and few against the rows; the last of equals. */
function fewestValues({ columns, rows }: Table, taken: ReadonlySet<string>): string | undefined {
  const counts = columns.filter((name) => !taken.has(name))
    .map((name) => ({ name, count: new Set(rows.map(({ values }) => labelText(values[name]))).size }))
    .filter(({ count }) => count > 1 && count <= Math.min(fewValues, rows.length / 2));
  return counts.sort((a, b) => a.count - b.count || columns.indexOf(b.name) - columns.indexOf(a.name))[0]?.name;
}

/** The column whose texts are longest in sum. */
function longestTexts({ columns, rows }: Table, taken: ReadonlySet<string>): string | undefined {
  const lengths = columns.filter((name) => !taken.has(name)).map((name) => ({
    name, length: rows.reduce((sum, { values }) => sum + (typeof values[name] === "string" ? values[name].length : 0), 0),
  }));
  return lengths.filter(({ length }) => length > 0).sort((a, b) => b.length - a.length)[0]?.name;
}

const cannotGuess = ({ file, columns }: Table, what: "label" | "text"): UsageError =>
  new UsageError(`${file}: cannot tell which column holds the ${what} among ${columns.slice(0, 20).map(shown).join(", ")}. ` +
    `Name it by --${what}.`);
