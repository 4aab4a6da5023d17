/**
 * MRPC: do two sentences from news say the same? Dolan and Brockett 2005, the Microsoft Research Paraphrase Corpus, in the
 * split of GLUE (Wang et al. 2018): 3,668 rows to train on (67.4 % yes), 408 to measure on (68.4 % yes).
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../support/checks.js";
import { paraphrases } from "./paraphrases.js";
import { parseCells, readTsv } from "./tsv.js";
import type { Format, Splits, Task } from "./task.js";

const format: Format = { columns: { text: "#1 String", text2: "#2 String", label: "Quality" }, labelValues: ["0", "1"] };

export const mrpc: Task = {
  name: "mrpc",
  title: "GLUE MRPC",
  about: "do two sentences from news say the same? Dolan and Brockett 2005",
  labels: ["not_equivalent", "equivalent"],
  metric: "accuracy",
  format,
  rows: { train: 3668, dev: 408 },
  folders: ["glue/MRPC", "MRPC", ""],
  otherLayout: readOriginalCorpus,
  otherFiles: "msr_paraphrase_train.txt and dev_ids.tsv",
  hub: {
    repository: "nyu-mll/glue",
    train: "mrpc/train-00000-of-00001.parquet",
    dev: "mrpc/validation-00000-of-00001.parquet",
    columns: { text: "sentence1", text2: "sentence2", label: "label" },
  },
  standIn: paraphrases,
};

/** The corpus as Microsoft publishes it: GLUE's dev split is those rows of its train file whose ids dev_ids.tsv lists. */
async function readOriginalCorpus(folder: string): Promise<Splits | undefined> {
  const corpus = join(folder, "msr_paraphrase_train.txt");
  const idFile = join(folder, "dev_ids.tsv");
  if (!existsSync(corpus)) return undefined;
  if (!existsSync(idFile)) {
    throw new UsageError(`${idFile} is missing: it lists the rows of ${corpus} that are GLUE's dev split. Take it from GLUE's zip.`);
  }
  const devIds = new Set(parseCells(await readFile(idFile), idFile).map((ids) => ids.join(" ").trim()));
  const examples = await readTsv(corpus, format);
  const ids = parseCells(await readFile(corpus), corpus).slice(1).map(([, id1, id2]) => `${id1} ${id2}`);
  const isDev = ids.map((id) => devIds.has(id));
  return { train: examples.filter((_, row) => !isDev[row]), dev: examples.filter((_, row) => isDev[row]) };
}
