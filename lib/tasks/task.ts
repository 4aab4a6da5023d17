/** What a task is, and what its data looks like once it is read. */
import type { TaskRecord } from "../records/configuration.js";
import type { MetricName } from "../records/metrics.js";

/** One row: a text, or a pair of texts, and the index of its label, or a number where labels lie on a scale. */
export interface Example {
  text: string;
  text2?: string;
  label: number;
}

/** The rows to train on and the rows to measure on. */
export interface Splits {
  train: Example[];
  dev: Example[];
}

/** The names of the columns that hold the texts and the label. */
export interface Columns {
  text: string;
  text2?: string;
  label: string;
}

/** How to read rows. */
export interface Format {
  columns: Columns;
  /** Which values the label's column may hold: an index into it is the label. Empty: labels are numbers. */
  labelValues: readonly string[];
  /** Columns of a TSV whose first line does not name them. */
  header?: readonly string[];
  /** Whether rows of a TSV that break off are left out rather than refused. */
  skipsBroken?: boolean;
}

/** Where the hub has a task: a dataset's repository and a parquet file a split. */
export interface HubLocation {
  repository: string;
  train: string;
  dev: string;
  columns: Columns;
}

/** A task by name: its labels, its metric, and the places where its rows may be. One file a task. */
export interface Task {
  /** What `--task` takes. */
  name: string;
  /** What charts call the task's own, complete data. */
  title: string;
  /** What is asked of a text, and where the task comes from: one line. */
  about: string;
  /** The labels' names by index; none where labels are numbers. */
  labels: readonly string[];
  metric: MetricName;
  /** TSV in GLUE's form, or JSON Lines. */
  format: Format;
  /** Rows of the complete splits: data of another size does not get the title. */
  rows?: { train: number; dev: number };
  /** Sizes of known parts of the task, and what charts call those. */
  known?: readonly { train: number; dev: number; title: string }[];
  /** Folders under a data folder that may hold the files, the first that does counts; "" is the folder itself. */
  folders: readonly string[];
  /** Names of the files; default train.tsv and dev.tsv. */
  files?: { train: string; dev: string };
  /** A file of a data folder that holds rows, none of them to be trained on: what errors say where it is all there is. */
  heldOut?: { file: string; says: string };
  /** Reads layouts other than train.tsv and dev.tsv; undefined where `folder` has none of them. */
  otherLayout?: (folder: string) => Promise<Splits | undefined>;
  /** The file names of `otherLayout`, for error messages. */
  otherFiles?: string;
  hub?: HubLocation;
  /** Folder under the project's root that holds the rows: no other place is looked at. */
  embedded?: string;
  /** The task whose embedded rows stand in where this one's cannot be had. */
  standIn?: Task;
}

/** A task's rows, and where they came from. */
export interface TaskData extends Splits {
  /** The name of the task whose rows these are: "paraphrases" where they stand in for MRPC. */
  task: string;
  source: "file" | "folder" | "shared" | "hub" | "embedded";
  /** What charts and tables print, e.g. "GLUE MRPC (../shared/data)" or "embedded paraphrases (not MRPC)". */
  dataSource: string;
  /** The labels' names by index; none where labels are numbers. */
  labels: string[];
  metric: MetricName;
  /** Hash of all rows in their order, the same for the same rows from any source: see `hashOf`. */
  sha256: string;
  /** Of a file of one's own: what reads the same rows again. */
  file?: TaskRecord["file"];
  /** Whether training rows that are in dev, too, were left out. */
  dropDuplicates?: boolean;
  /** Lines for the person who runs this: why the hub was not used, say. Mostly empty. */
  notes: string[];
}

/** Outputs that a model of the task has: one a class, or one where labels are numbers. */
export const outputsOf = ({ labels }: Pick<TaskData, "labels">): number => Math.max(1, labels.length);
