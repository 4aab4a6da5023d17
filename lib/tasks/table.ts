/** Rows under named columns, from whatever kind of file, and how they become examples. */
import { shown, UsageError } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";
import type { Example, Format } from "./task.js";

/** One row: where it is (a line of a text file, a row of a parquet file), and its values by column. */
export interface Row {
  place: number;
  values: Readonly<Record<string, unknown>>;
}

/** A file's rows in their order. */
export interface Table {
  file: string;
  columns: readonly string[];
  rows: readonly Row[];
  /** A row's place as an error names it: "reviews.csv:3". */
  where: (place: number) => string;
}

/** Longest text, in characters: what is longer is a broken file, since a model reads a few hundred words. */
export const longestText = 1_000_000;

/**
 * The table's rows as examples, in their order; none is left out. Texts are kept as they are, white space and control
 * characters too.
 * @throws {UsageError} with file, place and remedy where a column is missing, a text is blank, far too long or no text, or a
 * label is none of `format.labelValues` (or no number, where there are none).
 */
export function examplesOf(table: Table, format: Format): Example[] {
  for (const column of Object.values(format.columns)) requireColumn(table, column);
  const { text, text2, label } = format.columns;
  return table.rows.map(({ place, values }) => {
    const where = table.where(place);
    const example = { label: labelOf(labelText(values[label]), format, where), text: textOf(values[text], text, where) };
    return checked(text2 === undefined ? example : { ...example, text2: textOf(values[text2], text2, where) }, where);
  });
}

function requireColumn({ file, columns }: Table, column: string): void {
  if (columns.includes(column)) return;
  const names = columns.slice(0, 20).map(shown).join(", ");
  throw new UsageError(`${file}: has no column ${shown(column)}; its columns are ${names}.${didYouMean(column, columns)} ` +
    "Name the right ones by --text, --text2 and --label.");
}

function textOf(value: unknown, column: string, where: string): string {
  if (typeof value === "string") return value;
  throw new UsageError(`${where}: column ${shown(column)} must hold text, got ${shown(value)}. Fill it in, or name another column by --text.`);
}

/** A label as text: 1, 1n, true and "1" are what they look like; "" where there is none. */
export function labelText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value.trim() : typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Index of a label's text, or its number. @throws {UsageError} where it is neither. */
export function labelOf(value: string, { columns, labelValues }: Format, where: string): number {
  const numbers = labelValues.length === 0;
  const label = numbers ? Number(value) : labelValues.indexOf(value);
  if (numbers ? value !== "" && Number.isFinite(label) : label >= 0) return label;
  const some = labelValues.slice(0, 10).join(" or "), more = labelValues.length > 10 ? " or others" : "";
  throw new UsageError(
    `${where}: column ${shown(columns.label)} must hold ${numbers ? "a number" : `${some}${more}`}, got ${shown(value)}. ` +
      "Correct the label or remove the row.",
  );
}

/** `example`, with texts that are neither blank nor far too long. @throws {UsageError} otherwise. */
export function checked(example: Example, where: string): Example {
  for (const text of [example.text, example.text2]) {
    if (text === undefined) continue;
    if (text.trim() === "") throw new UsageError(`${where}: a text is empty. Fill it in or remove the row.`);
    if (text.length <= longestText) continue;
    const length = text.length.toLocaleString("en-US"), limit = longestText.toLocaleString("en-US");
    throw new UsageError(`${where}: a text has ${length} characters, of at most ${limit}: ${shown(text)}. ` +
      "Is a quote or a line break missing? Otherwise shorten the text: the model reads only its first words.");
  }
  return example;
}
