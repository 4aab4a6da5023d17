/**
 * GLUE's TSV: tabs separate columns, line feeds (with or without a carriage return) separate rows, and nothing is quoted
 * or escaped, so a quote or a control character is text. A byte-order mark may come first.
 */
import { readFile } from "node:fs/promises";
import { shown, UsageError } from "../support/checks.js";
import { examplesOf, type Row, type Table } from "./table.js";
import type { Example, Format } from "./task.js";
import { decodeLines } from "./text.js";

/** Reads a TSV file's rows in their order; none is left out. @throws {UsageError} as `parseTsv`. */
export async function readTsv(file: string, format: Format): Promise<Example[]> {
  return parseTsv(await readFile(file), file, format);
}

/**
 * Rows of a TSV, in their order; none is left out, but those that break off where the format says that some do. Texts are kept
 * as they are, white space and control characters too.
 * @param file how errors name it.
 * @throws {UsageError} with file, line and remedy where the header lacks a column, or a row has too few or too many
 * columns, an unknown label, an empty text or bytes that are not UTF-8.
 */
export function parseTsv(bytes: Uint8Array, file: string, format: Format): Example[] {
  const table = tsvTable(bytes, file, format);
  const missing = Object.values(format.columns).some((name) => !table.columns.includes(name));
  if (!missing) return examplesOf(table, format);
  const needed = Object.values(format.columns).map((column) => shown(column)).join(", ");
  throw new UsageError(`${file}:1: the first line must name the columns ${needed}, got ${shown(table.columns.join(" | "))}. ` +
    "Add the header, columns separated by tabs.");
}

/** The rows of a TSV under the columns of its first line, or under those of `header` where no line names them. */
export function tsvTable(bytes: Uint8Array, file: string, { header, skipsBroken = false }: Pick<Format, "header" | "skipsBroken"> = {}): Table {
  const lines = decodeLines(bytes, file);
  const columns = header ?? (lines[0] ?? "").split("\t");
  const first = header === undefined ? 1 : 0;
  const where = (line: number): string => `${file}:${line}`;
  const rows = lines.slice(first).flatMap((line, index): Row[] => {
    const place = index + first + 1, cells = line.split("\t");
    if (cells.length === columns.length) return [{ place, values: Object.fromEntries(columns.map((name, i) => [name, cells[i]])) }];
    if (skipsBroken && cells.length < columns.length) return [];
    throw new UsageError(
      `${where(place)}: a row must have ${columns.length} tab-separated columns, got ${cells.length} in ${shown(line)}. ` +
        "Restore the row from its source, and replace tabs and line breaks inside texts by spaces.",
    );
  });
  return { file, columns, rows, where };
}

/** Cells of a TSV without a header, by line: GLUE's dev_ids.tsv. */
export const parseCells = (bytes: Uint8Array, file: string): string[][] =>
  decodeLines(bytes, file).map((line) => line.split("\t"));
