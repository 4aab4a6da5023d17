/** `d90 runs prune`: takes runs out, after saying which, and asking. */
import type { Command } from "commander";
import { createInterface } from "node:readline/promises";
import { counted, formatCount } from "../charts/scales.js";
import type { PrunePlan } from "../records/prune.js";
import { isSelective } from "../records/select.js";
import { UsageError } from "../support/checks.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addOutputOptions } from "./options.js";
import { print, printJson, say } from "./output.js";
import { run } from "./run.js";
import { addFilterOptions, chosenRuns, type FilterFlags, selectionOf } from "./runsFilter.js";

interface PruneFlags extends FilterFlags {
  dryRun?: boolean;
  yes?: boolean;
  needed?: boolean;
  out?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ npx d90 runs prune --outcome interrupted --before 2026-01-01 --dry-run
  $ npx d90 runs prune --preset smoke
  $ npx d90 runs prune --where "metric < 0.7" --yes`;

/** Adds it to `d90 runs`. */
export function pruneCommand(runs: Command): void {
  const command = addFilterOptions(runs.command("prune")).summary("delete runs, with their checkpoints")
    .description("Deletes the runs that the options choose, with their checkpoints and reports, after listing them and asking. Trials that a search\n" +
      "needs, searches that a series needs and runs that are going on stay, and are told. Nothing is deleted while a record or a series cannot be read.")
    .argument("[runs...]", "ids or their first digits");
  command.optionsGroup("Prune:");
  command.option("--dry-run", "say what would be deleted, and delete nothing").option("--yes", "do not ask")
    .option("--needed", "delete what searches, series and learned subspaces need, and what those that cannot be read may need, too; they are told");
  addOutputOptions(command).addHelpText("after", examples)
    .action((ids: string[], flags: PruneFlags) => run(flags, (stop) => pruneRuns(ids, flags, stop)));
}

async function pruneRuns(ids: readonly string[], flags: PruneFlags, stop: Interruption): Promise<number> {
  const { dryRun = false, yes = false, needed = false, json = false } = flags;
  const selection = selectionOf(flags, ids);
  if (!isSelective(selection)) throw new UsageError("runs prune: say which runs: ids, or options like --outcome interrupted. All of them are --before 2100-01-01.");
  const { store, records, chosen } = await chosenRuns(flags.out, selection);
  const { planPrune, prune } = await import("../records/prune.js");
  const plan = await planPrune(chosen, { folder: store.folder, records, needed });
  if (plan.unreadable.length > 0 && !needed) throw new UsageError(refusal(plan));
  if (!json) await show(plan, needed);
  const act = plan.runs.length > 0 && !dryRun && (yes || await agreed(plan, json, stop.signal));
  const deleted = act ? await prune(plan, store.folder, stop.signal) : 0;
  if (json) printJson({ folder: store.folder, deleted, dryRun, runs: plan.runs.map(({ record: { id }, bytes }) => ({ id, bytes })), needed: plan.needed, running: plan.running, unreadable: plan.unreadable });
  else print(act ? `${counted(deleted, "run")} deleted.` : "Nothing was deleted.");
  return stop.status() ?? exitCodes.ok;
}

const refusal = ({ unreadable }: PrunePlan): string => [
  `runs prune: nothing was deleted: ${counted(unreadable.length, "file")} cannot be read, so which runs they need is not known:`,
  ...unreadable.map(({ message }) => `  ${message}`),
  "Mend them or delete their folders; --needed deletes all the same.",
].join("\n");

async function show({ runs, needed: needs, running, unreadable }: PrunePlan, needed: boolean): Promise<void> {
  const { runsTable } = await import("./runTexts.js");
  if (runs.length > 0) print(runsTable(runs.map(({ record }) => record)));
  for (const { id, by } of needs) {
    say(needed ? `Note: ${id} is needed by ${by.join(", ")}, which would lose it.` : `Kept: ${id}, needed by ${by.join(", ")}; --needed deletes it all the same.`);
  }
  for (const { message } of unreadable) say(`Note: ${message} What it needs is not known, and may be lost.`);
  for (const id of running) say(`Kept: ${id}, whose files changed less than two minutes ago: it seems to be going on.`);
  print(`${runs.length === 0 ? "" : "\n"}${counted(runs.length, "run")} of ${sizeText(runs.reduce((sum, { bytes }) => sum + bytes, 0))} to delete.`);
}

const sizeText = (bytes: number): string => (bytes < 1e6 ? `${formatCount(Math.ceil(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** Asks a person; a script must say --yes. Ctrl-C, Ctrl-D and a terminal that goes away are no consent. */
async function agreed({ runs }: PrunePlan, json: boolean, signal: AbortSignal): Promise<boolean> {
  if (json || !process.stdin.isTTY) throw new UsageError("runs prune: nothing was deleted: nobody can be asked here. Give --yes, or --dry-run to see what it would do.");
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const close = (): void => reader.close();
  // Readline takes Ctrl-C from the terminal, and waits for ever once it is closed.
  reader.once("SIGINT", () => process.emit("SIGINT", "SIGINT"));
  signal.addEventListener("abort", close, { once: true });
  const unanswered = new Promise<string>((resolve) => { reader.once("close", () => resolve("")); });
  try {
    const answer = await Promise.race([reader.question(`Delete ${counted(runs.length, "run")}? It cannot be undone. [y/N] `), unanswered]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    signal.removeEventListener("abort", close);
    reader.close();
  }
}
