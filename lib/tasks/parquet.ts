/** Parquet: the hub's form of a task, a file a split with labels as integers; and files of one's own. */
import { readFile } from "node:fs/promises";
import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { shown, UsageError } from "../support/checks.js";
import { checked, type Table } from "./table.js";
import type { Columns, Example } from "./task.js";

/**
 * Rows of a parquet file, in their order; none is left out.
 * @param labels how many there are: the label's column holds integers in [0, labels); for 0 labels, numbers.
 * @throws {UsageError} with file and row where the file is no parquet, lacks a column, or a row's text or label is unusable.
 */
export async function readParquet(file: string, columns: Columns, labels: number): Promise<Example[]> {
  const rows = await readRows(file, Object.values(columns));
  return rows.map((row, index) => {
    const where = `${file}, row ${index}`;
    const text = (name: string): string => {
      const value = row[name];
      if (typeof value === "string") return value;
      const remedy = "Delete the file so that it is fetched again.";
      throw new UsageError(`${where}: column ${shown(name)} must hold text, got ${shown(value)}. ${remedy}`);
    };
    const example = { label: labelOf(row[columns.label], columns.label, labels, where), text: text(columns.text) };
    return checked(columns.text2 === undefined ? example : { ...example, text2: text(columns.text2) }, where);
  });
}

/** All columns of a parquet file of one's own. @throws {UsageError} where it is none, or compressed in a way that cannot be read. */
export async function parquetTable(bytes: Uint8Array, file: string): Promise<Table> {
  try {
    const content = Uint8Array.from(bytes).buffer;
    const columns = parquetSchema(await parquetMetadataAsync(content)).children.map(({ element }) => element.name);
    const rows = await parquetReadObjects({ file: content });
    return { file, columns, rows: rows.map((values, place) => ({ place, values })), where: (place) => `${file}, row ${place}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${file}: cannot be read as parquet: ${why}. Write it anew, compressed by snappy or not at all.`);
  }
}

async function readRows(file: string, columns: string[]): Promise<Record<string, unknown>[]> {
  const bytes = await readFile(file);
  try {
    const content = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    return await parquetReadObjects({ file: content, columns });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const names = columns.map(shown).join(", ");
    throw new UsageError(`${file}: cannot be read as parquet with columns ${names}: ${why}. Delete it so that it is fetched again.`);
  }
}

function labelOf(value: unknown, column: string, labels: number, where: string): number {
  const label = typeof value === "bigint" ? Number(value) : value;
  const fits = (number: number): boolean =>
    labels === 0 ? Number.isFinite(number) : Number.isInteger(number) && number >= 0 && number < labels;
  if (typeof label === "number" && fits(label)) return label;
  const expected = `column ${shown(column)} must hold ${labels === 0 ? "a number" : `an integer in [0, ${labels - 1}]`}`;
  throw new UsageError(`${where}: ${expected}, got ${shown(value)}. Is it a split without labels?`);
}
