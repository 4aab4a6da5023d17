/** The table of docs/tasks.md, from the tasks themselves. */
import { metricWords } from "../records/metrics.js";
import { tasks } from "./registry.js";
import type { Task } from "./task.js";

const heading = ["`--task`", "what is asked", "labels", "measured by", "rows to train and measure on", "layout of a folder", "on the hub"];

/** One row a task, as Markdown. */
export function taskTable(): string {
  const rows = tasks.map((task) => [`\`${task.name}\``, task.about, labelsOf(task), metricWords[task.metric].name, rowsOf(task), layoutOf(task), hubOf(task)]);
  return [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const labelsOf = ({ labels }: Task): string => (labels.length === 0 ? "numbers" : labels.join(", "));

const rowsOf = ({ rows }: Task): string =>
  (rows === undefined ? "see the page of the data" : `${rows.train.toLocaleString("en-US")} and ${rows.dev.toLocaleString("en-US")}`);

function layoutOf({ folders, files, format, embedded }: Task): string {
  if (embedded !== undefined) return `\`${embedded}\`, in the package`;
  const { train, dev } = files ?? { train: "train.tsv", dev: "dev.tsv" };
  const { text, text2, label } = format.columns;
  const place = folders.find((folder) => folder !== "" && !folder.startsWith("glue/") && !folder.startsWith("anli/")) ?? "";
  return `\`${place}/${train}\`, \`${dev}\`: ${[text, text2, label].filter((name) => name !== undefined).map((name) => `\`${name}\``).join(", ")}`;
}

const hubOf = ({ hub }: Task): string => (hub === undefined ? "–" : `\`${hub.repository}\``);
