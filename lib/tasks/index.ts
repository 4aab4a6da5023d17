/** Tasks by name, and their rows from wherever they are. */
import { shown, UsageError } from "../support/checks.js";
import { HubError } from "../support/hub.js";
import { didYouMean } from "../support/suggest.js";
import { anliTasks } from "./anli.js";
import { glueTasks } from "./glue.js";
import { hashOf } from "./hash.js";
import { mrpc } from "./mrpc.js";
import { paraphrases } from "./paraphrases.js";
import { fromEmbedded, fromHub, fromNamedFolder, fromShared, heldOutAlone, sharedFolder, type Found } from "./sources.js";
import type { Task, TaskData } from "./task.js";
import { yelpPolarity } from "./yelp.js";

export { pearson, spearman } from "./correlation.js";
export { accuracy, balancedWeights, chanceLevel, f1, labelCounts, majorityShare, matthews, metrics } from "./metrics.js";
export { subset, subsetOf, type SubsetOptions } from "./subset.js";
export { outputsOf, type Example, type Splits, type Task, type TaskData } from "./task.js";

/** Every task, in the order that help lists them. */
export const tasks: readonly Task[] = [mrpc, ...glueTasks, ...anliTasks, yelpPolarity, paraphrases];

/** The task of that name, where case and hyphens do not count. @throws {UsageError} that lists the tasks where there is none. */
export function taskNamed(name: string): Task {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_ ]/g, "");
  const task = tasks.find((known) => plain(known.name) === plain(name));
  if (task !== undefined) return task;
  const names = tasks.map((known) => known.name);
  throw new UsageError(`loadTask: task must be one of ${names.join(", ")}, got ${shown(name)}.${didYouMean(name, names)}`);
}

export interface LoadTaskOptions {
  /** Name of the task; defaults to "mrpc". */
  task?: string;
  /** Folder that holds the rows, or holds the task's folder; defaults to D90_DATA, then to wherever the rows are found. */
  data?: string;
  /** No network, only the hub's cache; defaults to HF_HUB_OFFLINE. */
  offline?: boolean;
  /** Folder that is asked after `data`, and may lack the task; defaults to `../shared/data` beside the project. */
  shared?: string;
}

/**
 * A task's rows, from the first of: the folder `data` or D90_DATA, `../shared/data`, the hub's cache or a download, and,
 * for MRPC, the embedded paraphrases, which stand in where the hub cannot be reached (task, dataSource and notes say so).
 * @throws {UsageError} for an unknown task, a named folder without the task, or a broken row (file, line, remedy).
 * @throws {HubError} where the hub cannot be reached and nothing stands in.
 */
export async function loadTask(options: LoadTaskOptions = {}): Promise<TaskData> {
  const task = taskNamed(options.task ?? "mrpc");
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
    return assemble(task, await fromHub(task.hub, task.labels.length, options.offline));
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    if (task.standIn === undefined) throw new HubError(unavailable(task, error, options.shared ?? sharedFolder), { cause: error });
    const standIn = await loadTask({ task: task.standIn.name });
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
