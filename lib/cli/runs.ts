/** `d90 runs`: what was run before, in a list, one by one, and two side by side. */
import type { Command } from "commander";
import type { Difference } from "../records/compare.js";
import { addOutputOptions } from "./options.js";
import { print, printJson, say } from "./output.js";
import { run } from "./run.js";

interface RunsFlags {
  out?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ npx d90 runs list
  $ npx d90 runs show latest
  $ npx d90 runs compare 3fa1 latest`;

const example = (line: string): string => `\nExample:\n  $ npx d90 runs ${line}`;

/** Adds the command and its three. */
export function runsCommand(program: Command): void {
  const runs = program.command("runs").summary("list, show and compare recorded runs")
    .description("Lists, shows and compares recorded runs.").addHelpText("after", examples);
  const name = "id of a run, its first digits, or latest";

  addOutputOptions(runs.command("list")).description("Lists all runs, oldest first.")
    .addHelpText("after", example("list --json | jq '.runs[].d90'"))
    .action((flags: RunsFlags) => run(flags, () => list(flags)));

  addOutputOptions(runs.command("show")).description("Shows one run; with --json its whole record.")
    .argument("[run]", name, "latest").addHelpText("after", example("show 3fa1"))
    .action((id: string, flags: RunsFlags) => run(flags, () => show(id, flags)));

  addOutputOptions(runs.command("compare")).description("Shows in what two runs differ, and what came out.")
    .argument("<a>", name).argument("<b>", "another").addHelpText("after", example("compare 3fa1 latest"))
    .action((a: string, b: string, flags: RunsFlags) => run(flags, () => compare([a, b], flags)));
}

const storeOf = async ({ out }: RunsFlags) => (await import("../records/store.js")).openStore(out);

async function list(flags: RunsFlags): Promise<void> {
  const [store, { listed, runsTable }] = [await storeOf(flags), await import("./runTexts.js")];
  const { records, problems } = await store.list();
  if (flags.json === true) printJson({ folder: store.folder, runs: records.map(listed), problems });
  else if (records.length === 0) print(`No run in ${store.folder} yet. Make one with: npx d90 find`);
  else print(runsTable(records));
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
