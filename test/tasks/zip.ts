/** GLUE's tasks as its zip and the hub have them, with rows of our own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Example, Task } from "../../lib/tasks/index.js";

/** First lines of train.tsv in GLUE's zip; CoLA has none. */
export const zipHeaders: Readonly<Record<string, string>> = {
  qqp: "id qid1 qid2 question1 question2 is_duplicate",
  sst2: "sentence label",
  mnli: "index promptID pairID genre sentence1_binary_parse sentence2_binary_parse sentence1_parse sentence2_parse sentence1 sentence2 label1 gold_label",
  "mnli-mismatched":
    "index promptID pairID genre sentence1_binary_parse sentence2_binary_parse sentence1_parse sentence2_parse sentence1 sentence2 label1 gold_label",
  rte: "index sentence1 sentence2 label",
  qnli: "index question sentence label",
  stsb: "index genre filename year old_index source1 source2 sentence1 sentence2 score",
  wnli: "index sentence1 sentence2 label",
};

/** Rows of every label, with quotes that are text. */
export function rowsFor({ labels, format }: Task, count: number): Example[] {
  return Array.from({ length: count }, (_unused, row) => {
    const label = labels.length === 0 ? (row % 11) / 2 : row % labels.length;
    const example = { label, text: `He said "row ${row} .` };
    return format.columns.text2 === undefined ? example : { ...example, text2: `"Row ${row}", he said` };
  });
}

/** The rows as a TSV of GLUE's zip. */
export function zipTsv({ name, labels, format }: Task, rows: readonly Example[]): string {
  const columns = format.header ?? zipHeaders[name]!.split(" ");
  const lines = rows.map(({ label, text, text2 }, index) => columns.map((column) => {
    if (column === format.columns.label) return labels.length === 0 ? label.toFixed(3) : format.labelValues[label]!;
    if (column === format.columns.text) return text;
    return column === format.columns.text2 ? text2! : String(index);
  }).join("\t"));
  return `${[...(format.header === undefined ? [columns.join("\t")] : []), ...lines].join("\n")}\n`;
}

/** Writes the task's folder of GLUE's zip below `folder`. */
export function writeZip(task: Task, folder: string, { train, dev }: { train: readonly Example[]; dev: readonly Example[] }): void {
  const place = join(folder, task.folders[1]!);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, task.files!.train), zipTsv(task, train));
  writeFileSync(join(place, task.files!.dev), zipTsv(task, dev));
}

/** The rows as the hub's parquet. */
export function hubParquet({ hub, labels }: Task, rows: readonly Example[]): Uint8Array {
  const { text, text2, label } = hub!.columns;
  const numbers = labels.length === 0;
  const columnData = [
    { name: text, data: rows.map((row) => row.text), type: "STRING" as const },
    ...(text2 === undefined ? [] : [{ name: text2, data: rows.map((row) => row.text2!), type: "STRING" as const }]),
    numbers ? { name: label, data: rows.map((row) => row.label), type: "FLOAT" as const }
      : { name: label, data: rows.map((row) => BigInt(row.label)), type: "INT64" as const },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
