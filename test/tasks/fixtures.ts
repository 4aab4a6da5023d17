/** Small files in the forms that MRPC comes in, made by the tests themselves. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Example } from "../../lib/tasks/index.js";

export const gluePair = (label: number, text: string, text2: string): Example => ({ label, text, text2 });

/** `count` pairs, two thirds of them with label 1. */
export const pairs = (count: number, name: string): Example[] =>
  Array.from({ length: count }, (_, row) => gluePair(row % 3 === 0 ? 0 : 1, `${name} ${row} said "so`, `so said ${name} ${row}`));

/** A parquet file with the columns of GLUE's pairs on the hub. */
export function pairParquet(rows: Example[]): Uint8Array {
  const columnData = [
    { name: "sentence1", data: rows.map((row) => row.text), type: "STRING" as const },
    { name: "sentence2", data: rows.map((row) => row.text2 ?? ""), type: "STRING" as const },
    { name: "label", data: rows.map((row) => BigInt(row.label)), type: "INT64" as const },
    { name: "idx", data: rows.map((_, index) => index), type: "INT32" as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

/** The rows as MRPC's TSV; the ids of row i are i and i + 1000. */
export function pairTsv(rows: Example[]): string {
  const lines = rows.map(({ label, text, text2 }, i) => [label, i, i + 1000, text, text2].join("\t"));
  return `\uFEFF${["Quality\t#1 ID\t#2 ID\t#1 String\t#2 String", ...lines].join("\n")}\n`;
}

/** Writes train.tsv and dev.tsv into `folder`, which is made. */
export function writeSplits(folder: string, train: Example[], dev: Example[]): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "train.tsv"), pairTsv(train));
  writeFileSync(join(folder, "dev.tsv"), pairTsv(dev));
  return folder;
}
