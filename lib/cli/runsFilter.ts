/** The options by which `d90 runs` chooses some of the runs. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { METHODS } from "../records/methods.js";
import type { RunRecord } from "../records/record.js";
import type { Selection } from "../records/select.js";
import { given } from "../support/given.js";
import { choice, integer, words } from "./values.js";

export type FilterFlags = Omit<Selection, "ids">;

/** Anything that Date reads, and what it means in UTC. */
const date = (text: string): string => {
  if (Number.isNaN(Date.parse(text))) throw new InvalidArgumentError("It must be a date: 2026-01-31, or 2026-01-31T12:00:00Z.");
  return new Date(text).toISOString();
};

const outcomes = ["completed", "diverged", "interrupted", "found", "below-grid", "above-grid", "baseline-not-above-majority", "open"] as const;

/** Adds them; all that are given must hold. */
export function addFilterOptions(command: Command): Command {
  command.optionsGroup("Which runs (all that are given must hold):");
  command.addOption(new Option("--record <kind>", "trial or search").argParser(choice(["trial", "search"])));
  command.addOption(new Option("--method <name>", METHODS.join(", ")).argParser(choice(METHODS)));
  command.addOption(new Option("--task <name>", "the task's name").argParser(words));
  command.addOption(new Option("--model <name>", "the model, or the end of its name").argParser(words));
  command.addOption(new Option("--preset <name>", "smoke, quick, full").argParser(choice(["smoke", "quick", "full"])));
  command.addOption(new Option("--outcome <name>", outcomes.join(", ")).argParser(choice(outcomes)));
  command.addOption(new Option("--since <date>", "started then or later (UTC)").argParser(date));
  command.addOption(new Option("--before <date>", "started earlier").argParser(date));
  command.addOption(new Option("--where <sql>", "a condition on the columns of runs: \"d < 1000 and metric > 0.7\" (docs/sweeps.md lists them)").argParser(words));
  command.addOption(new Option("--newest <n>", "only the newest so many").argParser(integer(1)));
  return command;
}

/** What was asked, without the flags of the command itself. */
export function selectionOf({ record, method, task, model, preset, outcome, since, before, where, newest }: FilterFlags, ids: readonly string[] = []): Selection {
  return given({ record, method, task, model, preset, outcome, since, before, where, newest, ...(ids.length === 0 ? {} : { ids }) });
}

/** The runs of a folder that are meant, and all. */
export async function chosenRuns(out: string | undefined, selection: Selection) {
  const [{ openStore }, { selectRuns }] = await Promise.all([import("../records/store.js"), import("../records/select.js")]);
  const store = openStore(out), { records, problems } = await store.list();
  const chosen: RunRecord[] = await selectRuns(records, selection, store.folder);
  return { store, records, problems, chosen };
}
