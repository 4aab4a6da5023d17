/** `d90 runs query`, `export` and `tensorboard`: records for SQL, for other programs, and for TensorBoard. */
import type { Command } from "commander";
import { counted } from "../charts/scales.js";
import { UsageError } from "../support/checks.js";
import { addOutputOptions } from "./options.js";
import { print, printJson, say } from "./output.js";
import { run } from "./run.js";
import { addFilterOptions, chosenRuns, type FilterFlags, selectionOf } from "./runsFilter.js";

interface QueryFlags {
  out?: string;
  json?: boolean;
  sql?: string;
}

const example = (line: string): string => `\nExample:\n  $ npx d90 runs ${line}`;
const onProblem = ({ message }: { message: string }): void => say(`Note: ${message}`);
const folderOf = ({ out }: QueryFlags) => (out === undefined ? {} : { out });

/** Adds them to `d90 runs`. */
export function queryCommands(runs: Command): void {
  addOutputOptions(runs.command("query")).summary("ask by SQL").argument("<sql>", "a query: select ... from trials")
    .description("Asks the records by SQL: tables trials, searches, runs (both), searchTrials, evaluations, losses. docs/sweeps.md lists their columns.")
    .addHelpText("after", example("query \"select method, d, max(metric) as best from trials group by all order by d\""))
    .action((sql: string, flags: QueryFlags) => run(flags, () => query(sql, flags)));

  addOutputOptions(runs.command("export")).summary("write records as Parquet or CSV").argument("<file>", "ends in .parquet or .csv")
    .description("Writes all runs, one row each, or what a query gives.").option("--sql <query>", "what to write (default: all runs)")
    .addHelpText("after", example("export losses.parquet --sql \"from losses\""))
    .action((file: string, flags: QueryFlags) => run(flags, () => exportTo(file, flags)));

  const board = addFilterOptions(runs.command("tensorboard")).summary("write event files for TensorBoard").argument("<folder>", "where to; one folder a run")
    .description("Writes the curves of trials, and of the trials of searches, as event files: tensorboard --logdir <folder> shows them.");
  addOutputOptions(board).addHelpText("after", example("tensorboard logs --method did"))
    .action((folder: string, flags: QueryFlags & FilterFlags) => run(flags, () => tensorboard(folder, flags)));
}

async function query(sql: string, flags: QueryFlags): Promise<void> {
  const [{ queryRuns }, { textTable }] = await Promise.all([import("../records/database/query.js"), import("./table.js")]);
  const found = await queryRuns(sql, { ...folderOf(flags), onProblem });
  const rows = found.objects() as Record<string, unknown>[], names = found.columnNames();
  if (flags.json === true) return printJson({ columns: names, rows });
  const isNumber = (name: string): boolean => rows.some((row) => typeof row[name] === "number");
  print(textTable(names.map((heading) => ({ heading, right: isNumber(heading) })), rows.map((row) => names.map((name) => cell(row[name])))));
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString().slice(0, 19).replace("T", " ");
  if (typeof value === "number") return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function exportTo(file: string, flags: QueryFlags): Promise<void> {
  const { exportRuns } = await import("../records/database/query.js");
  const rows = await exportRuns(file, { ...folderOf(flags), onProblem, ...(flags.sql === undefined ? {} : { sql: flags.sql }) });
  if (flags.json === true) printJson({ file, rows });
  else print(`${file}: ${counted(rows, "row")}`);
}

async function tensorboard(folder: string, flags: QueryFlags & FilterFlags): Promise<void> {
  const { records, chosen } = await chosenRuns(flags.out, selectionOf(flags));
  const ids = new Set(chosen.flatMap((record) => (record.record === "trial" ? [record.id] : [...record.baseline, ...record.trials].map(({ id }) => id))));
  const trials = records.filter((record) => record.record === "trial").filter(({ id }) => ids.has(id));
  if (trials.length === 0) throw new UsageError("runs tensorboard: no trial is chosen: look with d90 runs list, or name another folder with --out.");
  const { writeEventFiles } = await import("../search/eventFiles.js");
  const written = await writeEventFiles(trials, folder);
  if (flags.json === true) printJson({ folder, runs: written });
  else print(`${counted(written.length, "run")} in ${folder}. Show them with: tensorboard --logdir ${folder}`);
}
