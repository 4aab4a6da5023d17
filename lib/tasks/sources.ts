/**
 * Where a task's rows come from: a folder that the user names, `../shared/data`, the hub's cache or a download, and last
 * what the project brings along. Each source answers with rows, or undefined for "not here, ask the next".
 */
import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { UsageError } from "../support/checks.js";
import { hubFile } from "../support/hub.js";
import { projectRoot } from "../support/root.js";
import { readParquet } from "./parquet.js";
import { jsonlTable } from "./jsonl.js";
import { examplesOf } from "./table.js";
import { readTsv } from "./tsv.js";
import type { Example, Format, HubLocation, Splits, Task, TaskData } from "./task.js";

/** Rows, and the words for where they are. */
export interface Found extends Splits {
  source: TaskData["source"];
  place: string;
}

/** The data folder beside the project's own. */
export const sharedFolder: string = join(projectRoot, "..", "shared", "data");

/**
 * From the folder that --data or D90_DATA names; undefined only where neither does.
 * @throws {UsageError} where the folder is missing or has no rows of the task: what a user names is never passed over.
 */
export async function fromNamedFolder(task: Task, data: string | undefined): Promise<Found | undefined> {
  const [folder, name] = data !== undefined ? [data, "--data"] : [process.env.D90_DATA, "D90_DATA"];
  if (!folder) return undefined;
  if (!existsSync(folder)) throw new UsageError(`${name}: there is no folder ${folder}.`);
  if (!statSync(folder).isDirectory()) {
    const { train, dev } = filesOf(task);
    throw new UsageError(`${name}: ${folder} is a file; name the folder that holds ${train} and ${dev}, or the file itself by --task.`);
  }
  const splits = await readFolder(task, folder);
  if (splits !== undefined) return { ...splits, source: "folder", place: folder };
  const places = task.folders.map((place) => join(folder, place)).join(", ");
  const { train, dev } = filesOf(task);
  const files = `${train} and ${dev}${task.otherFiles === undefined ? "" : ` (or ${task.otherFiles})`}`;
  const remedy = `Name another folder, or leave ${name} out.${heldOutAlone(task, folder)}`;
  throw new UsageError(`${name}: task ${task.name} needs ${files} in one of ${places}; none has them. ${remedy}`);
}

/** From the data folder beside the project's own, if it has the task. */
export async function fromShared(task: Task, folder: string): Promise<Found | undefined> {
  const splits = await readFolder(task, folder);
  return splits && { ...splits, source: "shared", place: folder === sharedFolder ? "../shared/data" : folder };
}

/** From the hub's cache, else by download. @throws {HubError} where neither has it. */
export async function fromHub(hub: HubLocation, labels: number, { offline, signal }: { offline?: boolean; signal?: AbortSignal } = {}): Promise<Found> {
  const dataset = { type: "dataset" as const, repository: hub.repository, signal, ...(offline === undefined ? {} : { offline }) };
  const read = async (path: string) => readParquet(await hubFile({ ...dataset, path }), hub.columns, labels);
  const splits = { train: await read(hub.train), dev: await read(hub.dev) };
  return { ...splits, source: "hub", place: hub.repository };
}

/** From the folder that the project brings along. */
export async function fromEmbedded(task: Task, embedded: string): Promise<Found> {
  const splits = await readFolder(task, join(projectRoot, embedded));
  if (splits === undefined) throw new Error(`${embedded} lacks train.tsv and dev.tsv; install d90 again.`);
  return { ...splits, source: "embedded", place: embedded };
}

/** Names of the files that hold a task's rows. */
const filesOf = ({ files }: Task): { train: string; dev: string } => files ?? { train: "train.tsv", dev: "dev.tsv" };

/** What an error adds where `folder` has rows of the task, but none to be trained on; otherwise nothing. */
export function heldOutAlone({ heldOut }: Task, folder: string): string {
  if (heldOut === undefined || !existsSync(join(folder, heldOut.file))) return "";
  return ` ${folder} ${heldOut.says}. To try things out all the same: --task ${join(folder, heldOut.file)} splits the dev rows itself.`;
}

async function readFolder(task: Task, folder: string): Promise<Splits | undefined> {
  const files = filesOf(task);
  for (const place of task.folders.map((name) => join(folder, name))) {
    const train = join(place, files.train), dev = join(place, files.dev);
    if (existsSync(train) && existsSync(dev)) {
      return { train: await readRows(train, task.format), dev: await readRows(dev, task.format) };
    }
    const other = await task.otherLayout?.(place);
    if (other !== undefined) return other;
  }
  return undefined;
}

const readRows = async (file: string, format: Format): Promise<Example[]> =>
  extname(file) === ".jsonl" ? examplesOf(jsonlTable(await readFile(file), file), format) : readTsv(file, format);
