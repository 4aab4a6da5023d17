/** The tasks by name. */
import { shown, UsageError } from "../support/checks.js";
import { didYouMean, plainName } from "../support/suggest.js";
import { anliTasks } from "./anli.js";
import { glueTasks } from "./glue.js";
import { mrpc } from "./mrpc.js";
import { paraphrases } from "./paraphrases.js";
import type { Task } from "./task.js";
import { endings } from "./readTable.js";
import { yelpPolarity } from "./yelp.js";

/** Every task, in the order that help lists them. */
export const tasks: readonly Task[] = [mrpc, ...glueTasks, ...anliTasks, yelpPolarity, paraphrases];

/** The task of that name, where case and hyphens do not count, or undefined. */
export const findTask = (name: string): Task | undefined => tasks.find((known) => plainName(known.name) === plainName(name));

/** The task of that name. @throws {UsageError} that lists the tasks where there is none. */
export function taskNamed(name: string): Task {
  const task = findTask(name);
  if (task !== undefined) return task;
  const names = tasks.map((known) => known.name);
  throw new UsageError(`loadTask: task must be one of ${names.join(", ")}, or a file of your own (${endings.join(", ")}) or its folder, ` +
    `got ${shown(name)}.${didYouMean(name, names)}`);
}
