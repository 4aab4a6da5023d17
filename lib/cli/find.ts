/** `d90 find`: how many numbers must be learned to reach 90 % of full fine-tuning. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { DIMENSIONED, isDimensioned, METHODS, type DimensionedMethod } from "../records/methods.js";
import type { SearchRecord } from "../records/record.js";
import type { RunStore } from "../records/store.js";
import type { OpenTrialPool } from "../search/trialHooks.js";
import { commandLine } from "./commandLine.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addMethodOptions, addRunOptions, addSourceOptions, addTrainingOptions, methodNames, rateMultiplierOption, ratesOption, runOptionsOf,
  seedsOption, type SharedFlags } from "./options.js";
import { print, printJson, say } from "./output.js";
import { commandProgress } from "./loading.js";
import { run } from "./run.js";
import { addProcesses, poolFor, type ProcessFlags } from "./trialProcesses.js";
import { choice, decimal, integer } from "./values.js";

type Method = DimensionedMethod;

interface FindFlags extends SharedFlags, ProcessFlags {
  method?: Method[];
  d?: number;
  lr?: number[];
}

const examples = `
Examples:
  $ npx d90 find                                 DID on MRPC, quick preset
  $ npx d90 find --method both --preset full     the paper's protocol, hours; Ctrl-C and the same command go on
  $ npx d90 find --method did --method learned   random directions beside those of a fine-tuning
  $ npx d90 find --model ./my-bert --data ./my-pairs --method said
  $ npx d90 find --preset smoke --json | jq .d90`;

/** Adds the command. */
export function findCommand(program: Command): void {
  const command = program.command("find").summary("measure d90 of a model on a task")
    .description("Measures d90: the smallest number of learned numbers that reaches 90 % of full fine-tuning. " +
      "Writes records, report.html and report.png.\n" +
      "Trials that are recorded already are taken up, so the same command goes on where it was stopped.");
  command.optionsGroup("Search:");
  command.addOption(new Option("--method <name>", "did, said, uni-lora, learned, or both for said and did; may be given twice (default: did)").argParser(collectMethods));
  command.addOption(new Option("--d <n>", "d that is tried first").argParser(integer(1)));
  command.addOption(new Option("--lowest <d>", "smallest d of the grid").argParser(integer(1)));
  command.addOption(new Option("--highest <d>", "largest d of the grid").argParser(integer(1)));
  command.addOption(ratesOption("learning rates tried for full fine-tuning: 1e-4,2e-4; those in subspaces follow from the best"));
  command.addOption(new Option("--rates-per-d <n>", "learning rates tried for one d, at most").argParser(integer(1)));
  command.addOption(rateMultiplierOption());
  command.addOption(seedsOption());
  command.addOption(new Option("--max-trials <n>", "trials in subspaces, at most, for each method, all seeds together").argParser(integer(1)));
  command.addOption(new Option("--max-seconds <n>", "seconds of them after which no further one starts; without it --max-trials alone counts, if given")
    .argParser(decimal({ above: true })));
  command.addOption(new Option("--chance-corrected <how>", "report (from the trials at hand) or search (with trials of its own)")
    .argParser(choice(["report", "search"])));
  addProcesses(command);
  command.addOption(new Option("--resume", "go on where an earlier search was stopped: always done, this says so"));
  addRunOptions(addTrainingOptions(addMethodOptions(addSourceOptions(command))));
  command.addHelpText("after", examples).action((flags: FindFlags) => run(flags, (stop) => find(flags, stop)));
}

/** Adds a method to those given before; "both" is SAID, then DID. */
function collectMethods(text: string, before: Method[] = []): Method[] {
  if (METHODS.some((name) => name === text && !isDimensioned(name))) {
    throw new InvalidArgumentError(`${text} has no d to search: its size follows from its settings or the model. d90 compare --methods full,${text} tells what it reaches with how many numbers.`);
  }
  const named = choice([...DIMENSIONED, "both"])(text);
  return [...new Set([...before, ...(named === "both" ? methodNames : [named])])];
}

async function find(flags: FindFlags, stop: Interruption): Promise<number> {
  const { d, lr, method: methods = ["did"], json } = flags;
  const [{ measureD90 }, { openSessionFor }, { openStore }, { searchNarrator }] = await Promise.all(
    [import("../search/measure.js"), import("../search/within.js"), import("../records/store.js"), import("./narrate.js")]);
  const base = runOptionsOf(flags, stop.signal);
  const own = { ...(d === undefined ? {} : { firstD: d }), ...(lr === undefined ? {} : { fullRates: lr }) };
  const options = { ...base, settings: { ...base.settings, ...own } };
  const progress = commandProgress();
  progress.update("Loading model and data");
  const { session } = await openSessionFor(options);
  const records: SearchRecord[] = [];
  let pool: OpenTrialPool | undefined;
  try {
    pool = await poolFor(flags, options, session);
    for (const method of methods) {
      if (stop.signal.aborted) break;
      records.push(await measureD90({ ...options, method, pool, onEvent: searchNarrator(method, progress, session.data.metric) }, session));
    }
  } finally {
    progress.done();
    await pool?.close();
    session.dispose();
  }
  await show(records, openStore(flags.out), { json, both: methods.length > 1 });
  if (stop.status() === null) return exitCodes.ok;
  say(`Stopped. Finished trials are kept; go on with:\n  ${commandLine()}`);
  return stop.status()!;
}

/** The table or the JSON, and the report; one that cannot be written does not take the result with it. */
async function show(records: readonly SearchRecord[], store: RunStore,
  { json, both }: { json?: boolean; both: boolean }): Promise<void> {
  const { findSummary } = await import("../records/record.js");
  const { reportSearches } = await import("./searchReport.js");
  const { explain } = await import("./errors.js");
  if (records.length === 0) return json === true ? printJson({ outcome: "interrupted" }) : undefined;
  const report = await reportSearches(store, records, commandLine()).catch((error: unknown) => {
    say(`The report could not be written: ${explain(error)}`);
    return null;
  });
  if (json === true) {
    const summaries = records.map((record) => ({ ...findSummary(record), report }));
    printJson(both ? Object.fromEntries(summaries.map((summary) => [summary.method, summary])) : summaries[0]!);
  } else {
    const { resultText } = await import("./resultTable.js");
    print(`\n${resultText(records)}`);
  }
  if (report !== null) (json === true ? say : print)(`\nReport: ${report}`);
}
