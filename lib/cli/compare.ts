/** `d90 compare`: several methods on one model and task, accuracy against the numbers that each trains. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { hasRank, isDimensioned, METHODS, type Method } from "../records/methods.js";
import type { TrialRecord } from "../records/record.js";
import type { MethodPlan } from "../search/compareMethods.js";
import { commandLine } from "./commandLine.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addMethodOptions, addRunOptions, addSourceOptions, addTrainingOptions, methodTexts, runOptionsOf, seedsOption,
  type SharedFlags } from "./options.js";
import { print, printJson, say } from "./output.js";
import { commandProgress } from "./loading.js";
import { run } from "./run.js";
import { choice, decimal, integer, words } from "./values.js";

interface CompareFlags extends SharedFlags {
  methods?: MethodPlan[];
  chart?: string;
}

const examples = `
Examples:
  $ npx d90 compare                              nine methods and sizes on MRPC, quick preset
  $ npx d90 compare --methods full,did:1000,did:10000,lora:1,lora:8 --seeds 0,1,2 --chart methods.png
  $ npx d90 compare --methods full,ia3@0.01,learned:2 --task paraphrases`;

/** Adds the command. */
export function compareCommand(program: Command): void {
  const command = program.command("compare").summary("compare methods: accuracy against trained numbers")
    .description("Trains each method once for each seed and shows what it reaches beside the numbers that it trains, the head's included.\n" +
      "Trials that are recorded already are taken up, so the same command goes on where it was stopped.");
  command.optionsGroup("Comparison:");
  const texts = METHODS.map((method) => `${method} (${methodTexts[method]})`).join(", ");
  command.addOption(new Option("--methods <list>", "methods with commas between them, each method[:size][@rate]; the size is d, or LoRA's "
    + `rank: ${texts} (default: full,head,did:1000,did:10000,uni-lora:1000,ia3,bitfit,lora:1,lora:8)`).argParser(plansOf));
  command.addOption(new Option("--chart <file>", "write the chart there: .png or .svg").argParser(chartFile));
  command.addOption(seedsOption());
  addRunOptions(addTrainingOptions(addMethodOptions(addSourceOptions(command))));
  command.addHelpText("after", examples).action((flags: CompareFlags) => run(flags, (stop) => compare(flags, stop)));
}

/** "full,did:1000@0.1,lora:4" as plans. */
export const plansOf = (text: string): MethodPlan[] => text.split(",").map((part) => planOf(part.trim()));

function planOf(text: string): MethodPlan {
  const [, name = "", size, rate] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  const method: Method = choice(METHODS)(name);
  const learningRate = rate === undefined ? {} : { learningRate: decimal({ above: true })(rate) };
  if (isDimensioned(method) && size === undefined) {
    throw new InvalidArgumentError(`${method} needs its d: ${method}:${method === "learned" ? 2 : 1000}.`);
  }
  if (size === undefined) return { method, ...learningRate };
  if (isDimensioned(method)) return { method, d: integer(1)(size), ...learningRate };
  if (hasRank(method)) return { method, rank: integer(1)(size), ...learningRate };
  throw new InvalidArgumentError(`${method} has no size, got ${text}: write ${method} alone.`);
}

const chartFile = (text: string): string => {
  if (/\.(png|svg)$/i.test(words(text))) return text;
  throw new InvalidArgumentError("Its name must end in .png or .svg.");
};

async function compare(flags: CompareFlags, stop: Interruption): Promise<number> {
  const { compareMethods } = await import("../search/compareMethods.js");
  const { comparisonNarrator } = await import("./narrateComparison.js");
  const progress = commandProgress();
  progress.update("Loading model and data");
  const options = { ...runOptionsOf(flags, stop.signal), plans: flags.methods };
  const records = await compareMethods({ ...options, onEvent: comparisonNarrator(progress) }).finally(progress.done);
  await show(records, flags);
  if (stop.status() === null) return exitCodes.ok;
  say(`Stopped. Finished trials are kept; go on with:\n  ${commandLine()}`);
  return stop.status()!;
}

/** The table or the JSON, and the chart where there is something to draw. */
async function show(records: readonly TrialRecord[], { json, chart }: CompareFlags): Promise<void> {
  const { comparisonSummary, comparisonText } = await import("./comparisonTable.js");
  const completed = records.filter(({ final }) => final !== null);
  if (json === true) printJson(comparisonSummary(records));
  else print(completed.length === 0 ? "No training was completed." : comparisonText(records));
  if (chart === undefined || completed.length === 0) return;
  const [{ methodsChart }, { writeFileAtomic }] = await Promise.all([import("../charts/index.js"), import("../support/files.js")]);
  const drawn = methodsChart(...completed);
  await writeFileAtomic(chart, /\.svg$/i.test(chart) ? await drawn.svg() : await drawn.png());
  (json === true ? say : print)(`\nChart: ${chart}`);
}
