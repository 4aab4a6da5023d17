/** `d90 bound`: how large the true error of a small fine-tune can be at most, and what that bound is made of. */
import { InvalidArgumentError, Option, type Command } from "commander";
import type { Choice } from "../bounds/index.js";
import type { BoundRecord } from "../records/boundRecord.js";
import { UsageError } from "../support/checks.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addRunOptions, addSourceOptions, addTrainingOptions, methodNames, ratesOption, runOptionsOf, seedsOption, type SharedFlags } from "./options.js";
import { print, printJson } from "./output.js";
import { commandProgress } from "./loading.js";
import type { Progress } from "./progress.js";
import { run } from "./run.js";
import { choice, decimal, integer, list, words } from "./values.js";

interface BoundFlags extends Omit<SharedFlags, "epochs"> {
  run?: string;
  method?: (typeof methodNames)[number];
  d?: number[];
  lr?: number[];
  epochs?: number[];
  levels?: number[];
  quantiser?: "uniform" | "codebook";
  tune?: number;
  delta?: number;
  rows?: number;
  subsample?: number;
  prior?: number;
  tried?: Choice[];
}

const examples = `
Examples:
  $ npx d90 bound --run latest                              of a training that is there
  $ npx d90 bound --run 3fa1 --tried d=6,rate=3             it was chosen among 6 values of d and 3 rates: charged
  $ npx d90 bound --task sst2 --d 300,500 --levels 4,8,16   train both, take the tighter, charge the choice
  $ npx d90 bound --run latest --prior 0                    the run is the prior: bounded on the rows it has not seen
  $ npx d90 bound --run latest --json | jq '.bounds[0].value'`;

/** "d=6,rate=3" as choices. */
export function triedOf(text: string): Choice[] {
  return text.split(",").map((part) => {
    const match = /^([^=]+)=(\d+)$/.exec(part.trim());
    if (match === null || Number(match[2]) < 1) throw new InvalidArgumentError("It must be names with numbers of at least 1: d=6,rate=3.");
    return { name: match[1]!, candidates: Number(match[2]) };
  });
}

/** Adds the command. */
export function boundCommand(program: Command): void {
  const command = program.command("bound").summary("bound the true error of a run in a subspace")
    .description("Writes a run of d90 train (or trains first) as model.d90, decodes it, measures it on every training row, and bounds its true "
      + "error by the bits of that file. Every setting that was searched is charged. Writes model.d90, bound.json and charts beside the run.");
  command.optionsGroup("Bound:");
  for (const option of boundOptions()) command.addOption(option);
  addRunOptions(addTrainingOptions(addSourceOptions(command), [epochsOption()]));
  command.addHelpText("after", examples).action((flags: BoundFlags) => run(flags, (stop) => bound(flags, stop)));
}

const epochsOption = (): Option => new Option("--epochs <list>", "passes over the training rows to choose from: 1,2").argParser(list(integer(1)));

const boundOptions = (): Option[] => [
  new Option("--run <id>", "a run of d90 train: its id, first digits, or latest; without it, trains by the options below").argParser(words),
  new Option("--method <name>", "did or said (default: did)").argParser(choice(methodNames)),
  new Option("--d <list>", "intrinsic dimensions to choose from: 300,500").argParser(list(integer(1))),
  ratesOption("learning rates to choose from (default: by the rule that find begins with)"),
  seedsOption(),
  new Option("--levels <list>", "values a number can have, to choose from (default: 4,8,16)").argParser(list(integer(2, 256))),
  new Option("--quantiser <name>", "codebook (learned, default) or uniform").argParser(choice(["uniform", "codebook"])),
  new Option("--tune <updates>", "updates through the quantiser after training (default: 0)").argParser(integer(0)),
  new Option("--delta <x>", "probability that a bound may fail with (default: 0.05)").argParser(decimal({ above: true, max: 1 })),
  new Option("--rows <n>", "rest on a sample of the training rows (default: all)").argParser(integer(1)),
  new Option("--subsample <n>", "rows that the subsampled bound draws (default: 10,000, or all if fewer)").argParser(integer(1)),
  new Option("--prior <updates>", "also bound the run on the training rows it has not seen (--train-rows), itself the prior, after this many updates "
    + "on them, charged; 0 for none").argParser(integer(0)),
  new Option("--tried <counts>", "values of each setting that was chosen beside the lists here, e.g. d=6,rate=3: charged").argParser(triedOf),
];

async function bound(flags: BoundFlags, stop: Interruption): Promise<number> {
  if ((flags.run === undefined) === (flags.d === undefined)) {
    throw new UsageError("bound: give either --run, a training that is there, or --d, to train one: e.g. --run latest, or --d 300.");
  }
  const ofTraining = ([["--method", flags.method], ["--lr", flags.lr], ["--epochs", flags.epochs], ["--seeds", flags.seeds]] as const).filter(([, value]) => value !== undefined);
  if (flags.run !== undefined && ofTraining.length > 0) {
    throw new UsageError(`bound: ${ofTraining.map(([name]) => name).join(", ")} would train, and --run names a training that is there. Leave out one of them.`);
  }
  const progress = commandProgress();
  progress.update("Loading model and data");
  const records = await boundsFor(flags, stop, progress).finally(progress.done);
  const [{ boundText }, { drawBounds }] = await Promise.all([import("./boundText.js"), import("./boundCharts.js")]);
  const [best, ...others] = records, charts = await drawBounds(records, flags.out);
  if (flags.json === true) printJson({ ...best, ...(others.length === 0 ? {} : { others }), charts });
  else print([boundText(best, others, flags.out ?? "runs"), `Charts: ${charts.join(", ")}`].join("\n\n"));
  return exitCodes.ok;
}

async function boundsFor(flags: BoundFlags, stop: Interruption, progress: Progress): Promise<BoundRecord[]> {
  const [{ certifyRun, searchBound }, { stepInWords }] = await Promise.all([import("../search/certificate/index.js"), import("./narrate.js")]);
  const hooks = { signal: stop.signal, onNote: progress.note, onProgress: (now: Parameters<typeof stepInWords>[0]) => progress.update(stepInWords(now)) };
  const { quantiser, levels, tune: tuneSteps, delta, rows, subsample, prior, tried, out, data, offline, model, epochs, ...others } = flags;
  const how = { ...hooks, quantiser, levels, tuneSteps, delta, rows, subsample, prior, tried };
  if (flags.run !== undefined) return [await certifyRun({ ...how, run: flags.run, out, data, offline, model })];
  const options = runOptionsOf({ ...others, data, offline, model, out }, stop.signal);
  return searchBound({ ...options, ...how, method: flags.method, ds: flags.d ?? [], rates: flags.lr, epochs, seeds: flags.seeds });
}
