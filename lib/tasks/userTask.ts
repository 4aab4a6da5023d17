/** A task of one's own: a file of texts and labels, split by seed, or two files, or a folder that has them. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { MetricName } from "../records/metrics.js";
import { UsageError } from "../support/checks.js";
import { given } from "../support/given.js";
import { guessColumns } from "./guess.js";
import { hashOf } from "./hash.js";
import { labellingOf, type Labelling } from "./labels.js";
import { endings, readTable } from "./readTable.js";
import { splitRows } from "./split.js";
import { examplesOf, type Table } from "./table.js";
import type { Columns, Splits, TaskData } from "./task.js";

/** What a file does not say of itself. */
export interface FileOptions {
  /** Columns of the text, of a second one, and of the label; default: guessed, and told in a note. */
  text?: string;
  text2?: string;
  label?: string;
  /** The labels in the order of their ids; the last of two is the one that F1 is about. Default: in the order of their names. */
  labels?: readonly string[];
  /** What is measured; default: the task's; of a file of one's own accuracy, or Spearman's correlation where labels are numbers. */
  metric?: MetricName;
  /** File of the rows to measure on; default: some are held out. */
  dev?: string;
  /** Share of the rows that are held out; default 0.2. */
  devShare?: number;
  /** Seed of which; default 0. */
  splitSeed?: number;
}

/** Whether `name` is a path: it has the ending of a file that can be read, or names something that is there. */
export const isPath = (name: string): boolean => endings.includes(extname(name).toLowerCase()) || /[/\\]/.test(name) || existsSync(name);

/**
 * The rows of `path`, a file or a folder with train and dev files.
 * @throws {UsageError} with file, line and remedy for a file that is missing or broken, or whose columns or labels cannot be told.
 */
export async function loadFileTask(path: string, options: FileOptions = {}): Promise<TaskData> {
  const { file, dev } = filesAt(path, options.dev);
  const { devShare = 0.2, splitSeed = 0 } = options;
  const table = await readTable(file);
  const columns = guessColumns(table, given({ text: options.text, text2: options.text2, label: options.label }));
  const labelling = labellingOf(table, columns.label, options);
  const examples = examplesOf(table, { columns, labelValues: labelling.labels });
  const splits: Splits = dev === null ? splitRows(examples, { share: devShare, seed: splitSeed, classes: labelling.labels.length > 0 })
    : { train: examples, dev: examplesOf(await readTable(dev), { columns, labelValues: labelling.labels }) };
  const heldOut = `${Number((100 * devShare).toFixed(1))} % held out by seed ${splitSeed}`;
  return {
    task: basename(path), source: "file", dataSource: `${file}, ${dev ?? heldOut}`, ...splits, ...labelling, sha256: hashOf(splits),
    notes: [toldOf(table, columns, labelling)],
    file: { path, dev: options.dev ?? null, text: columns.text, text2: columns.text2 ?? null, label: columns.label, devShare, splitSeed },
  };
}

/** What was understood, and how to say otherwise. */
function toldOf({ file }: Table, { text, text2, label }: Columns, { labels, metric }: Labelling): string {
  const texts = text2 === undefined ? `text "${text}"` : `texts "${text}" and "${text2}"`;
  const names = labels.slice(0, 8).join(", ") + (labels.length > 8 ? ", ..." : "");
  const kind = labels.length === 0 ? "numbers" : `${labels.length} classes: ${names}`;
  return `${file}: ${texts}, label "${label}" (${kind}), measured by ${metric}. ` +
    "Say otherwise by --text, --text2, --label, --labels and --metric.";
}

/** Names that a folder's files may have, without their endings. */
const devNames = ["dev", "validation", "valid", "val"];

/** The file of the rows to train on, and of those to measure on; null where they are to be held out. */
function filesAt(path: string, dev: string | undefined): { file: string; dev: string | null } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`--task: there is no file or folder ${path}.`);
  if (!found.isDirectory()) return { file: path, dev: dev ?? null };
  const names = readdirSync(path).sort();
  const named = (wanted: readonly string[]): string | undefined => wanted.flatMap((name) => endings.map((ending) => name + ending))
    .find((name) => names.includes(name));
  const file = named(["train"]), held = dev ?? named(devNames);
  const list = endings.join(", ");
  if (file === undefined) throw new UsageError(`--task: folder ${path} needs a file train with one of the endings ${list}, and one named dev.`);
  if (held === undefined) {
    throw new UsageError(`--task: folder ${path} has ${file} and needs a file named dev or validation (${list}). ` +
      `To hold rows out instead: --task ${join(path, file)}.`);
  }
  return { file: join(path, file), dev: dev ?? join(path, held) };
}
