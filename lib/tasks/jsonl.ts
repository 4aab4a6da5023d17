/** JSON Lines: one object a line, its keys the columns. */
import { shown, UsageError } from "../support/checks.js";
import type { Row, Table } from "./table.js";
import { decodeLines } from "./text.js";

/**
 * The rows of a JSONL file, in their order; columns are the keys of all rows, a key that a row lacks is undefined there.
 * @throws {UsageError} with file and line where a line is no JSON object, or bytes are not UTF-8.
 */
export function jsonlTable(bytes: Uint8Array, file: string): Table {
  const where = (line: number): string => `${file}:${line}`;
  const columns = new Set<string>();
  const rows = decodeLines(bytes, file).map((line, index): Row => {
    const values = parseLine(line, where(index + 1));
    for (const key of Object.keys(values)) columns.add(key);
    return { place: index + 1, values };
  });
  return { file, columns: [...columns], rows, where };
}

function parseLine(line: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const why = line.trim() === "" ? "the line is empty" : error instanceof Error ? error.message.slice(0, 120) : "not JSON";
    throw new UsageError(`${where}: must be one JSON object on one line, got ${shown(line)} (${why}). Correct or remove the line.`);
  }
  if (isObject(value)) return value;
  throw new UsageError(`${where}: must be one JSON object on one line, such as {"text": "...", "label": "yes"}, got ${shown(line)}.`);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
