/** `d90 train`: one training, in a subspace or in full. */
import { type Command, Option } from "commander";
import { isDimensioned, METHODS, type Method } from "../records/methods.js";
import type { TrialRecord } from "../records/record.js";
import { UsageError } from "../support/checks.js";
import { commandLine } from "./commandLine.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addRunOptions, addSourceOptions, addMethodOptions, addTrainingOptions, methodTexts, ratesOption, runOptionsOf, seedsOption,
  type SharedFlags } from "./options.js";
import { print, printJson, say } from "./output.js";
import { commandProgress } from "./loading.js";
import { run } from "./run.js";
import { choice, integer } from "./values.js";

interface TrainFlags extends SharedFlags {
  method?: Method;
  d?: number;
  lr?: number[];
  keep?: boolean;
  /** Id of an interrupted run, or true for the one that the other options describe. */
  resume?: string | true;
}

const examples = `
Examples:
  $ npx d90 train --method did --d 1000 --lr 0.1
  $ npx d90 train --method full --lr 1e-4 --epochs 3 --keep
  $ npx d90 train --method lora --rank 4 --targets query,key,value
  $ npx d90 train --method uni-lora --d 500 --projection one-hot
  $ npx d90 train --method learned --d 2         learns the directions first, by one full fine-tuning
  $ npx d90 train --resume 3fa1                  go on with an interrupted run, whatever its options were
  $ npx d90 evaluate latest --logits logits.tsv  then look at each row`;

/** Adds the command. */
export function trainCommand(program: Command): void {
  const command = program.command("train").summary("train once, by any method")
    .description("Trains once and writes the record. The same command takes up what is there: a finished run as it is, " +
      "an interrupted one from its checkpoint.");
  command.optionsGroup("Method:");
  const texts = METHODS.map((method) => `${method} (${methodTexts[method]})`).join(", ");
  command.addOption(new Option("--method <name>", `${texts} (default: did)`).argParser(choice(METHODS)));
  command.addOption(new Option("--d <n>", "intrinsic dimension of did, said, uni-lora and learned: numbers to learn, SAID's scalers included").argParser(integer(1)));
  command.addOption(ratesOption("learning rate (default: by the rule that find begins with)"));
  command.addOption(seedsOption());
  command.addOption(new Option("--resume [run]",
    "go on with an interrupted run: by its id, or (always done) the one that the options describe"));
  command.addOption(new Option("--keep",
    "keep all parameters of full fine-tuning for d90 evaluate; what other methods learn is always kept"));
  addRunOptions(addTrainingOptions(addMethodOptions(addSourceOptions(command))));
  command.addHelpText("after", examples).action((flags: TrainFlags) => run(flags, (stop) => trainOnce(flags, stop)));
}

async function trainOnce(flags: TrainFlags, stop: Interruption): Promise<number> {
  const progress = commandProgress();
  const { stepInWords } = await import("./narrate.js");
  progress.update("Loading model and data");
  const onProgress = (now: Parameters<typeof stepInWords>[0]): void => progress.update(stepInWords(now));
  const record = await trained(flags, { signal: stop.signal, onProgress, onNote: progress.note }).finally(progress.done);
  if (flags.json === true) printJson(record);
  else print(await trainedText(record, flags));
  if (record.outcome !== "interrupted") return exitCodes.ok;
  say(`Stopped after ${record.steps} updates; go on with:\n  ${commandLine()}`);
  return stop.status() ?? exitCodes.interrupted;
}

interface Hooks {
  signal: AbortSignal;
  onProgress: (progress: import("../training/train.js").TrainProgress) => void;
  onNote: (text: string) => void;
}

async function trained(flags: TrainFlags, hooks: Hooks): Promise<TrialRecord> {
  const { method = "did", d, resume, keep } = flags;
  if (isDimensioned(method) && d === undefined && typeof resume !== "string") {
    throw new UsageError(`train: method ${method} needs --d, the number of learned numbers, e.g. --d ${method === "learned" ? 2 : 1000}.`);
  }
  const options = { ...runOptionsOf(flags, hooks.signal), ...hooks, keep };
  const once = await import("../search/once.js");
  if (typeof resume === "string") return once.resumeRun({ ...options, run: resume });
  return once.trainOnce({ ...options, method, d, learningRate: single("--lr", flags.lr), seed: single("--seed", flags.seeds) });
}

/** The one value of a list. @throws {UsageError} when there are several. */
function single(flag: string, values: readonly number[] | undefined): number | undefined {
  if (values === undefined || values.length === 1) return values?.[0];
  throw new UsageError(`train: ${flag} must be one value, got ${values.join(",")}. Several are for d90 find.`);
}

/** The record, and what to do with it next: a data folder is not part of a record, so it is named again. */
async function trainedText(record: TrialRecord, { out, data }: TrainFlags): Promise<string> {
  const [{ trialPairs }, { textList }] = await Promise.all([import("./runTexts.js"), import("./table.js")]);
  const folders = [...(data === undefined ? [] : ["--data", data]), ...(out === undefined ? [] : ["--out", out])];
  const evaluate = commandLine(["evaluate", record.id, "--logits", "logits.tsv", ...folders]);
  const next = record.outcome === "completed" ? `\n\nEach row's logits: ${evaluate}` : "";
  return `${textList([...trialPairs(record), ["folder", `${out ?? "runs"}/${record.id}`]])}${next}`;
}
