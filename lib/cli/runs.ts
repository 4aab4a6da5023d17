/** `d90 runs`: what was run before, in a list, one by one, two side by side, by SQL, and taken out. */
import type { Command } from "commander";
import type { Difference } from "../records/compare.js";
import { addOutputOptions } from "./options.js";
import { print, printJson, say } from "./output.js";
import { run } from "./run.js";
import { addFilterOptions, chosenRuns, type FilterFlags, selectionOf } from "./runsFilter.js";
import { pruneCommand } from "./runsPrune.js";
import { queryCommands } from "./runsQuery.js";

interface RunsFlags {
  out?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ npx d90 runs list --method did --where "metric > 0.7"
  $ npx d90 runs show latest
  $ npx d90 runs compare 3fa1 latest
  $ npx d90 runs query "select d, max(metric) as best from trials group by d order by d"
  $ npx d90 runs prune --outcome interrupted --dry-run`;

const example = (line: string): string => `\nExample:\n  $ npx d90 runs ${line}`;

/** Adds the command and its own. */
export function runsCommand(program: Command): void {
  const runs = program.command("runs").summary("list, show, compare, query, export and prune recorded runs")
    .description("Lists, shows, compares, queries, exports and prunes recorded runs.").addHelpText("after", examples);
  const name = "id of a run, its first digits, or latest";

  addOutputOptions(addFilterOptions(runs.command("list"))).description("Lists all runs, or those that the options choose, oldest first.")
    .addHelpText("after", example("list --json | jq '.runs[].d90'"))
    .action((flags: RunsFlags & FilterFlags) => run(flags, () => list(flags)));

  addOutputOptions(runs.command("show")).description("Shows one run; with --json its whole record.")
    .argument("[run]", name, "latest").addHelpText("after", example("show 3fa1"))
    .action((id: string, flags: RunsFlags) => run(flags, () => show(id, flags)));

  addOutputOptions(runs.command("compare")).description("Shows in what two runs differ, and what came out.")
    .argument("<a>", name).argument("<b>", "another").addHelpText("after", example("compare 3fa1 latest"))
    .action((a: string, b: string, flags: RunsFlags) => run(flags, () => compare([a, b], flags)));

  queryCommands(runs);
  pruneCommand(runs);
}

const storeOf = async ({ out }: RunsFlags) => (await import("../records/store.js")).openStore(out);

async function list(flags: RunsFlags & FilterFlags): Promise<void> {
  const { listed, runsTable } = await import("./runTexts.js");
  const { store, records, problems, chosen } = await chosenRuns(flags.out, selectionOf(flags));
  if (flags.json === true) printJson({ folder: store.folder, runs: chosen.map(listed), problems });
  else if (records.length === 0) print(`No run in ${store.folder} yet. Make one with: npx d90 find`);
  else print(chosen.length === 0 ? `None of the ${records.length} runs in ${store.folder} is meant by these options.` : runsTable(chosen));
  for (const { message } of problems) say(`Note: ${message}`);
}

async function show(id: string, flags: RunsFlags): Promise<void> {
  const [record, { runText }] = [await (await storeOf(flags)).read(id), await import("./runTexts.js")];
  if (flags.json === true) printJson(record);
  else print(runText(record));
}

async function compare(ids: readonly [string, string], flags: RunsFlags): Promise<void> {
  const store = await storeOf(flags);
  const [a, b] = [await store.read(ids[0]), await store.read(ids[1])];
  const [{ compareRecords }, { textTable }] = await Promise.all([import("../records/compare.js"), import("./table.js")]);
  const comparison = compareRecords(a, b);
  if (flags.json === true) return printJson({ a: a.id, b: b.id, ...comparison });
  const table = (heading: string, differences: readonly Difference[]): string => textTable(
    [{ heading }, { heading: a.id }, { heading: b.id }],
    differences.map(({ path, a: left, b: right }) => [path, shownValue(left), shownValue(right)]));
  const same = comparison.configuration.length === 0 ? "The settings are the same." : table("Setting", comparison.configuration);
  print(`${same}\n\n${table("Result", comparison.results)}`);
}

/** A value of a record in a table: six digits of a number, nothing for what a record does not have. */
function shownValue(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  return typeof value === "string" ? value : JSON.stringify(value);
}
