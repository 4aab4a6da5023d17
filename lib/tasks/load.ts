/** A task's rows from wherever they are. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRegression, type MetricName } from "../records/metrics.js";
import { UsageError } from "../support/checks.js";
import { HubError } from "../support/hub.js";
import { overlapInWords, overlapOf, withoutOverlap } from "./duplicates.js";
import { hashOf } from "./hash.js";
import { findTask, taskNamed } from "./registry.js";
import { fromEmbedded, fromHub, fromNamedFolder, fromShared, heldOutAlone, sharedFolder, type Found } from "./sources.js";
import type { Task, TaskData } from "./task.js";
import { isPath, loadFileTask, type FileOptions } from "./userTask.js";

export interface LoadTaskOptions extends FileOptions {
  /** Name of the task, or a file or folder of one's own (.csv, .tsv, .jsonl, .parquet); defaults to "mrpc". */
  task?: string;
  /** Folder that holds the rows, or holds the task's folder or file; defaults to D90_DATA, then to wherever the rows are found. */
  data?: string;
  /** No network, only the hub's cache; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
  /** Folder that is asked after `data`, and may lack the task; defaults to `../shared/data` beside the project. */
  shared?: string;
  /** Stops a download; what came stays for the next call. */
  signal?: AbortSignal;
  /** Leave out the training rows whose texts are those of a dev row; default: they are only counted, in a note. */
  dropDuplicates?: boolean;
}

/**
 * A task's rows, from the first of: the folder `data` or D90_DATA, `../shared/data`, the hub's cache or a download, and,
 * for MRPC, the embedded paraphrases, which stand in where the hub cannot be reached (task, dataSource and notes say so). Or those
 * of a file of one's own.
 * @throws {UsageError} for an unknown task, a named folder without the task, or a broken row (file, line, remedy).
 * @throws {HubError} where the hub cannot be reached and nothing stands in.
 */
export async function loadTask(options: LoadTaskOptions = {}): Promise<TaskData> {
  const { task = "mrpc", data } = options;
  const inFolder = data === undefined ? task : join(data, task);
  const path = findTask(task) !== undefined ? undefined : existsSync(inFolder) ? inFolder : task;
  if (path !== undefined && isPath(path)) return prepared(await loadFileTask(path, options), options);
  const named = taskNamed(task);
  const columns = (["text", "text2", "label", "labels", "dev", "devShare", "splitSeed"] as const).find((key) => options[key] !== undefined);
  if (columns !== undefined) {
    throw new UsageError(`loadTask: ${columns} is for files of one's own, and task ${named.name} knows its columns and splits. Leave it out.`);
  }
  return prepared(await loadNamed(named, options), options);
}

/** The data by another metric or without what is in both splits, as asked; what they share is told in a note. */
function prepared(data: TaskData, { metric = data.metric, dropDuplicates = false }: LoadTaskOptions): TaskData {
  requireFitting(data, metric);
  const overlap = overlapOf(data);
  if (!dropDuplicates) {
    const note = overlapInWords(overlap, data);
    return { ...data, metric, notes: note === null ? data.notes : [...data.notes, `${data.dataSource}: ${note}`] };
  }
  const { train, dev } = withoutOverlap(data);
  if (train.length === 0) throw new UsageError(`loadTask: all training rows of ${data.dataSource} are in dev, too, so none is left to train on.`);
  const less = overlap.train === 0 ? "" : `, without ${overlap.train} training rows that are in dev`;
  return { ...data, metric, dropDuplicates, train, dev, dataSource: `${data.dataSource}${less}`, sha256: hashOf({ train, dev }) };
}

function requireFitting({ labels, dataSource }: TaskData, metric: MetricName): void {
  const fits = labels.length === 0 ? isRegression(metric) : !isRegression(metric) && (metric !== "f1" || labels.length === 2);
  if (fits) return;
  const allowed = labels.length === 0 ? "pearson or spearman" : labels.length === 2 ? "accuracy, f1 or matthews" : "accuracy or matthews";
  throw new UsageError(`loadTask: metric (--metric) must be ${allowed} for ${dataSource}, got ${metric}.`);
}

async function loadNamed(task: Task, options: LoadTaskOptions): Promise<TaskData> {
  if (task.embedded !== undefined) {
    if (options.data !== undefined) {
      const remedy = `pairs of your own in MRPC's form: --task mrpc --data ${options.data}.`;
      throw new UsageError(`loadTask: task ${task.name} comes with d90 and takes no data folder; ${remedy}`);
    }
    return assemble(task, await fromEmbedded(task, task.embedded));
  }
  const found = (await fromNamedFolder(task, options.data)) ?? (await fromShared(task, options.shared ?? sharedFolder));
  if (found !== undefined) return assemble(task, found);
  try {
    if (task.hub === undefined) throw new HubError(`task ${task.name} is not on the hub.`);
    return assemble(task, await fromHub(task.hub, task.labels.length, options));
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (task.standIn === undefined) throw new HubError(unavailable(task, error, options.shared ?? sharedFolder), { cause: error });
    const standIn = await loadNamed(task.standIn, {});
    const remedy = `Using ${standIn.dataSource}; name a folder by --data or D90_DATA.`;
    return { ...standIn, notes: [`${task.title} is not at hand (${error.message}) ${remedy}`] };
  }
}

/** Why a task cannot be had, and what helps. */
const unavailable = (task: Task, error: HubError, shared: string): string =>
  `${task.title} is not at hand (${error.message}) Name a folder that holds it by --data or D90_DATA.${heldOutAlone(task, shared)}`;

function assemble(task: Task, { train, dev, source, place }: Found): TaskData {
  if (train.length === 0 || dev.length === 0) {
    throw new UsageError(`loadTask: ${place} has ${train.length} train and ${dev.length} dev rows; both need some.`);
  }
  const dataSource = describe(task, { train, dev, source, place });
  const { name, labels, metric } = task;
  return { task: name, source, dataSource, train, dev, labels: [...labels], metric, sha256: hashOf({ train, dev }), notes: [] };
}

/** The task's title only for the task's complete rows; whatever else a folder holds is named by the folder. */
function describe(task: Task, { train, dev, source, place }: Found): string {
  if (source === "embedded") return task.title;
  const complete = task.rows === undefined || (task.rows.train === train.length && task.rows.dev === dev.length);
  if (complete) return `${task.title} (${place})`;
  const known = task.known?.find((part) => part.train === train.length && part.dev === dev.length);
  if (known !== undefined) return `${known.title} (${place})`;
  return `folder ${place} (${train.length} train and ${dev.length} dev rows, not ${task.title})`;
}
