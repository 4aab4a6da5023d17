/** A table from a file of one's own, by the ending of its name. */
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { shown, UsageError } from "../support/checks.js";
import { csvTable } from "./csv.js";
import { jsonlTable } from "./jsonl.js";
import { parquetTable } from "./parquet.js";
import type { Table } from "./table.js";
import { tsvTable } from "./tsv.js";

type Reader = (bytes: Uint8Array, file: string) => Table | Promise<Table>;

const readers: Readonly<Record<string, Reader>> = {
  ".csv": csvTable, ".tsv": (bytes, file) => tsvTable(bytes, file), ".jsonl": jsonlTable, ".ndjson": jsonlTable, ".parquet": parquetTable,
};

/** Endings of files that can be read: ".csv", ".tsv" and so on. */
export const endings: readonly string[] = Object.keys(readers);

/**
 * The rows of a file. @throws {UsageError} where it is missing, empty, without rows, of another kind, or broken (file, line,
 * remedy).
 */
export async function readTable(file: string): Promise<Table> {
  const reader = readers[extname(file).toLowerCase()];
  if (reader === undefined) {
    throw new UsageError(`${file}: must end in ${endings.join(", ")}, got ${shown(extname(file))}. Save it as one of these.`);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new UsageError(`${file}: there is no such file.`);
  const bytes = await readFile(file);
  if (bytes.length === 0) throw new UsageError(`${file}: the file is empty. It needs a row of column names and rows of texts and labels.`);
  const table = await reader(bytes, file);
  if (table.rows.length > 0) return table;
  throw new UsageError(`${file}: has no rows below its columns ${table.columns.map(shown).join(", ")}. Add rows of texts and labels.`);
}
