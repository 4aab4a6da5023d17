/**
 * GLUE's tasks that differ in their columns alone (Wang et al. 2018, arXiv 1804.07461): each is a row of this table. Labels are in
 * the order of the hub's numbers, and the metric that a search compares is GLUE's (of two, the second: STS-B's Spearman). MRPC,
 * which has a layout of its own, is in mrpc.ts.
 */
import type { MetricName } from "../records/metrics.js";
import type { Columns, Format, Task } from "./task.js";

/** What tells one of GLUE's tasks from another. */
interface GlueRow {
  name: string;
  about: string;
  /** Folder in GLUE's zip. */
  folder: string;
  /** Default: accuracy. */
  metric?: MetricName;
  /** The labels' names in the order of the hub's numbers; none for numbers. */
  labels: readonly string[];
  /** The values in the zip; default: the names, in their order. */
  values?: readonly string[];
  columns: Columns;
  /** The hub's columns; default: the zip's. */
  hubColumns?: Columns;
  /** The hub's folder; default: the task's name. */
  hubFolder?: string;
  /** Of the complete splits. */
  rows: { train: number; dev: number };
  /** Name of the dev split in the zip and on the hub; default "dev" and "validation". */
  dev?: { zip: string; hub: string };
  /** Words for the title, after "GLUE" and the folder. */
  title?: string;
  format?: Partial<Format>;
  known?: Task["known"];
}

function glueTask({ name, about, folder, metric = "accuracy", labels, values = labels, columns, rows, ...row }: GlueRow): Task {
  const { dev = { zip: "dev", hub: "validation" }, hubFolder = name, hubColumns = columns, title = "", format, known } = row;
  return {
    name, about, title: `GLUE ${folder}${title}`, labels, metric, rows, known,
    format: { columns, labelValues: values, ...format },
    folders: [`glue/${folder}`, folder, ""],
    files: { train: "train.tsv", dev: `${dev.zip}.tsv` },
    hub: {
      repository: "nyu-mll/glue", train: `${hubFolder}/train-00000-of-00001.parquet`,
      dev: `${hubFolder}/${dev.hub}-00000-of-00001.parquet`, columns: hubColumns,
    },
  };
}

const bits = ["0", "1"];
const inference = ["entailment", "neutral", "contradiction"];
const sentences: Columns = { text: "sentence1", text2: "sentence2", label: "label" };

const mnli = {
  folder: "MNLI", labels: inference, columns: { text: "sentence1", text2: "sentence2", label: "gold_label" },
  hubColumns: { text: "premise", text2: "hypothesis", label: "label" }, hubFolder: "mnli",
  // What SOURCES.md beside the project's data says of its MNLI and QQP.
  known: [{ train: 8999, dev: 1000, title: "part of GLUE MNLI's train rows, its dev not GLUE's" }],
};

export const glueTasks: readonly Task[] = [
  glueTask({
    name: "qqp", about: "do two questions ask the same? Quora question pairs", folder: "QQP", labels: ["not_duplicate", "duplicate"],
    values: bits, columns: { text: "question1", text2: "question2", label: "is_duplicate" },
    hubColumns: { text: "question1", text2: "question2", label: "label" }, rows: { train: 363_846, dev: 40_430 },
    format: { skipsBroken: true }, // a few rows of the zip's train.tsv break off; the hub has left them out as well
    known: [{ train: 8999, dev: 1000, title: "part of GLUE QQP's train rows, its dev not GLUE's" }],
  }),
  glueTask({
    name: "sst2", about: "is a sentence from a film review positive? Socher et al. 2013", folder: "SST-2",
    labels: ["negative", "positive"], values: bits, columns: { text: "sentence", label: "label" }, rows: { train: 67_349, dev: 872 },
  }),
  glueTask({
    ...mnli, name: "mnli", about: "does a premise entail a hypothesis? Williams et al. 2018, genres of the training rows",
    title: " matched", rows: { train: 392_702, dev: 9_815 }, dev: { zip: "dev_matched", hub: "validation_matched" },
  }),
  glueTask({
    ...mnli, name: "mnli-mismatched", about: "does a premise entail a hypothesis? measured on genres that were not trained on", title: " mismatched",
    rows: { train: 392_702, dev: 9_832 }, dev: { zip: "dev_mismatched", hub: "validation_mismatched" }, known: [],
  }),
  glueTask({
    name: "rte", about: "does a text entail a hypothesis? from four years of the RTE challenge", folder: "RTE",
    labels: ["entailment", "not_entailment"], columns: sentences, rows: { train: 2_490, dev: 277 },
  }),
  glueTask({
    name: "qnli", about: "does a sentence answer a question? from SQuAD", folder: "QNLI", labels: ["entailment", "not_entailment"],
    columns: { text: "question", text2: "sentence", label: "label" }, rows: { train: 104_743, dev: 5_463 },
  }),
  glueTask({
    name: "cola", about: "is a sentence grammatical? Warstadt et al. 2018", folder: "CoLA", metric: "matthews",
    labels: ["unacceptable", "acceptable"], values: bits, columns: { text: "sentence", label: "label" }, rows: { train: 8_551, dev: 1_043 },
    format: { header: ["source", "label", "mark", "sentence"] },
  }),
  glueTask({
    name: "stsb", about: "how alike are two sentences, from 0 to 5? Cer et al. 2017", folder: "STS-B", metric: "spearman", labels: [],
    columns: { text: "sentence1", text2: "sentence2", label: "score" }, hubColumns: sentences, rows: { train: 5_749, dev: 1_500 },
  }),
  glueTask({
    name: "wnli", about: "does a sentence with a pronoun resolved follow? Levesque et al. 2011", folder: "WNLI",
    labels: ["not_entailment", "entailment"], values: bits, columns: sentences, rows: { train: 635, dev: 71 },
  }),
];
