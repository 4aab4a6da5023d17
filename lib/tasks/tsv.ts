/**
 * GLUE's TSV: tabs separate columns, line feeds (with or without a carriage return) separate rows, and nothing is quoted
 * or escaped, so a quote or a control character is text. A byte-order mark may come first.
 */
import { readFile } from "node:fs/promises";
import { shown, UsageError } from "../support/checks.js";
import type { Columns, Example, Format } from "./task.js";

/** Reads a TSV file's rows in their order; none is left out. @throws {UsageError} as `parseTsv`. */
export async function readTsv(file: string, format: Format): Promise<Example[]> {
  return parseTsv(await readFile(file), file, format);
}

/**
 * Rows of a TSV, in their order; none is left out. Texts are kept as they are, white space and control characters too.
 * @param file how errors name it.
 * @throws {UsageError} with file, line and remedy where the header lacks a column, or a row has too few or too many
 * columns, an unknown label, an empty text or bytes that are not UTF-8.
 */
export function parseTsv(bytes: Uint8Array, file: string, format: Format): Example[] {
  const lines = decodeLines(bytes, file);
  const header = (lines[0] ?? "").split("\t");
  const at = columnIndices(header, format.columns, file);
  return lines.slice(1).map((line, index) => {
    const where = `${file}:${index + 2}`;
    const cells = line.split("\t");
    if (cells.length !== header.length) {
      throw new UsageError(
        `${where}: a row must have ${header.length} tab-separated columns, got ${cells.length} in ${shown(line)}. ` +
          "Restore the row from its source, and replace tabs and line breaks inside texts by spaces.",
      );
    }
    const example = { label: labelOf(cells[at.label]!, format, where), text: cells[at.text]! };
    return checked(at.text2 === undefined ? example : { ...example, text2: cells[at.text2]! }, where);
  });
}

/** Cells of a TSV without a header, by line: GLUE's dev_ids.tsv. */
export const parseCells = (bytes: Uint8Array, file: string): string[][] =>
  decodeLines(bytes, file).map((line) => line.split("\t"));

/** Index of a label's text. @throws {UsageError} where it is none of `format.labelValues`. */
export function labelOf(value: string, { columns, labelValues }: Format, where: string): number {
  const label = labelValues.indexOf(value);
  if (label >= 0) return label;
  throw new UsageError(
    `${where}: column ${shown(columns.label)} must hold ${labelValues.join(" or ")}, got ${shown(value)}. ` +
      "Correct the label or remove the row.",
  );
}

/** `example`, with texts that are not blank. @throws {UsageError} otherwise. */
export function checked(example: Example, where: string): Example {
  for (const text of [example.text, example.text2]) {
    if (text?.trim() === "") throw new UsageError(`${where}: a text is empty. Fill it in or remove the row.`);
  }
  return example;
}

/** Lines without their ends; blank lines after the last row are no rows. */
function decodeLines(bytes: Uint8Array, file: string): string[] {
  const lines = decode(bytes, file).split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Text of UTF-8 bytes without a byte-order mark. @throws {UsageError} that names the first line that is not UTF-8. */
function decode(bytes: Uint8Array, file: string): string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UsageError(
      `${file}:${firstBrokenLine(bytes)}: not UTF-8. Convert the file, e.g. by iconv -f WINDOWS-1252 -t UTF-8 ` +
        '(-f UTF-16 where Excel saved it as "Unicode text").',
    );
  }
}

/** Number of the first line that is not UTF-8; a line feed's byte is part of no other character. */
function firstBrokenLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let line = 1, start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return 1;
}

/** Places of the columns in a header. @throws {UsageError} where it lacks one. */
function columnIndices(header: string[], columns: Columns, file: string): { text: number; text2?: number; label: number } {
  const find = (name: string): number => {
    const index = header.indexOf(name);
    if (index >= 0) return index;
    const needed = Object.values(columns).map((column) => shown(column)).join(", ");
    throw new UsageError(
      `${file}:1: the first line must name the columns ${needed}, got ${shown(header.join(" | "))}. ` +
        "Add the header, columns separated by tabs.",
    );
  };
  const found = { text: find(columns.text), label: find(columns.label) };
  return columns.text2 === undefined ? found : { ...found, text2: find(columns.text2) };
}
