/** `d90 pretrain`: a BERT from random weights, by masked language modelling. */
import { type Command, Option } from "commander";
import type { PretrainingRecord } from "../records/record.js";
import type { PretrainEvent } from "../pretraining/pretrain.js";
import type { PretrainPreset, PretrainSettings } from "../pretraining/settings.js";
import type { SizeName } from "../pretraining/sizes.js";
import { given } from "../support/given.js";
import { commandLine } from "./commandLine.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { print, printJson, say } from "./output.js";
import { commandProgress } from "./loading.js";
import type { Progress } from "./progress.js";
import { run } from "./run.js";
import { choice, decimal, integer, words } from "./values.js";

interface PretrainFlags extends Partial<Omit<PretrainSettings, "learningRate">> {
  corpus?: string;
  tokenizer?: string;
  offline?: boolean;
  preset?: PretrainPreset;
  size?: SizeName;
  lr?: number;
  bf16?: boolean;
  threads?: number;
  backend?: "auto" | "tensorflow" | "wasm" | "cpu";
  out?: string;
  rows?: string;
  json?: boolean;
}

/** A test compares them with lib/pretraining. */
export const pretrainPresetNames = ["smoke", "quick", "full"] as const;
export const modelSizeNames = ["xs", "s", "m", "l", "xl"] as const;

const examples = `
Examples:
  $ npx d90 pretrain                             WikiText-2, quick preset: a model in at most five minutes
  $ npx d90 find --model pretrained/quick        measure its d90
  $ npx d90 pretrain --size xl --updates 6000 --every 500 --out pretrained/xl
  $ npx d90 pretrain --corpus ./my-texts --tokenizer ./my-bert/tokenizer.json --length 64`;

/** Adds the command. */
export function pretrainCommand(program: Command): void {
  const command = program.command("pretrain").summary("pre-train a small BERT on text")
    .description("Pre-trains a BERT by masked language modelling and writes it in Hugging Face's layout, with a checkpoint every so often.\n" +
      "The same command goes on where it was stopped or killed, with the same bits.");
  const option = (flags: string, text: string, parse?: (value: string) => unknown): void => {
    const made = new Option(flags, text);
    command.addOption(parse === undefined ? made : made.argParser(parse));
  };
  command.optionsGroup("Text:");
  option("--corpus <place>", "wikitext-2, paraphrases (embedded, tiny), or a folder or file of text (default: wikitext-2)", words);
  option("--tokenizer <file>", "a tokenizer.json to use (default: word pieces learned from the corpus)", words);
  option("--tokenizer-kind <name>", "what is learned: wordpiece (BERT's, uncased), bpe (byte pairs, RoBERTa's) (default: wordpiece)", choice(["wordpiece", "bpe"]));
  option("--vocabulary <n>", "pieces to learn, special tokens included", integer(32));
  option("--length <tokens>", "tokens a row, special tokens included", integer(8));
  option("--offline", "never ask the network (HF_HUB_OFFLINE does the same)");
  command.optionsGroup("Model:");
  option("--size <name>", "xs, s, m, l, xl: 0.2 to 8 million parameters", choice(modelSizeNames));
  option("--hidden-size <n>", "width", integer(1));
  option("--layers <n>", "layers", integer(1));
  option("--heads <n>", "attention heads", integer(1));
  option("--positions <n>", "longest input of the model (default: 128, or --length)", integer(8));
  addTraining(command, option);
  command.optionsGroup("Run:");
  option("--bf16", "matrix products in bfloat16: faster on AMX and AVX-512 machines, emulated on others, recorded with the run");
  option("--threads <n>", "threads of an operation (default: all cores)", integer(1, 1024));
  option("--backend <name>", "auto, tensorflow, wasm, cpu", choice(["auto", "tensorflow", "wasm", "cpu"]));
  option("--out <folder>", "folder of the model and its checkpoints (default: pretrained/<preset>)", words);
  option("--rows <folder>", "folder of vocabulary and packed rows, to be shared by several (default: <out>/rows)", words);
  option("--json", "the record on standard output as one JSON object, everything else on standard error");
  command.addHelpText("after", examples).action((flags: PretrainFlags) => run(flags, (stop) => pretrain(flags, stop)));
}

function addTraining(command: Command, option: (flags: string, text: string, parse?: (value: string) => unknown) => void): void {
  command.optionsGroup("Training (defaults by the preset):");
  option("--preset <name>", "smoke (seconds: that everything works), quick (five minutes), full (hours) (default: quick)", choice(pretrainPresetNames));
  option("--updates <n>", "updates", integer(1));
  option("--every <n>", "updates between checkpoints", integer(1));
  option("--batch-size <rows>", "rows an update", integer(1));
  option("--accumulation <parts>", "parts that a batch is computed in, to save memory", integer(1));
  option("--optimizer <name>", "adamw, lamb", choice(["adamw", "lamb"]));
  option("--lr <rate>", "peak learning rate (default: the preset's, or 3e-4 for the size xl)", decimal({ above: true }));
  option("--warmup <share>", "share of the updates that warm up, 0 to 1", decimal({ max: 1 }));
  option("--weight-decay <x>", "weight decay of matrices", decimal());
  option("--clip-norm <x>", "largest norm of the gradient; 0 does not clip", decimal());
  option("--dropout <rate>", "dropout", decimal({ max: 0.999 }));
  option("--masking <how>", "dynamic (new masks in every update), static (the same for a row)", choice(["dynamic", "static"]));
  option("--next-sentence", "BERT's second task, too: whether a row's second segment follows its first (RoBERTa dropped it)");
  option("--train-rows <n>", "rows to train on, at most: the first of the corpus", integer(1));
  option("--validation-rows <n>", "rows that perplexity is measured on, at most", integer(1));
  option("--seed <n>", "seed of weights, order of rows, masks and dropout", integer(0, 2 ** 32 - 1));
}

const settingNames = [
  "hiddenSize", "layers", "heads", "positions", "vocabulary", "tokenizerKind", "length", "updates", "every", "batchSize", "accumulation", "optimizer", "warmup", "weightDecay",
  "clipNorm", "dropout", "masking", "nextSentence", "trainRows", "validationRows", "seed",
] as const satisfies readonly (keyof PretrainSettings)[];

async function pretrain(flags: PretrainFlags, stop: Interruption): Promise<number> {
  const { size, lr, bf16, threads, backend, json } = flags;
  const [library, { sizes }] = await Promise.all([import("../pretraining/pretrain.js"), import("../pretraining/sizes.js")]);
  const settings = { ...(size === undefined ? {} : sizes[size]), ...given(Object.fromEntries(settingNames.map((name) => [name, flags[name]]))), ...given({ learningRate: lr }) };
  const progress = commandProgress();
  const record = await library.pretrain({
    ...given({ corpus: flags.corpus, tokenizer: flags.tokenizer, offline: flags.offline, preset: flags.preset, out: flags.out, rows: flags.rows }),
    settings, engine: given({ bf16, threads, backend }), signal: stop.signal, onEvent: narrator(progress), command: commandLine(),
  }).finally(progress.done);
  const folder = flags.out ?? `pretrained/${flags.preset ?? "quick"}`;
  if (json === true) printJson(record);
  else print(await summary(record, folder));
  if (record.outcome !== "interrupted") return exitCodes.ok;
  say(`Stopped after ${record.updates} updates; go on with:\n  ${commandLine()}`);
  return stop.status() ?? exitCodes.interrupted;
}

/** Tells events through `progress`. */
function narrator(progress: Progress): (event: PretrainEvent) => void {
  const count = (value: number): string => Math.round(value).toLocaleString("en-US");
  return (event) => {
    switch (event.type) {
      case "note": return progress.note(event.text);
      case "start":
        progress.note(`${count(event.parameters)} parameters, ${count(event.trainRows)} rows of ${count(event.trainTokens)} tokens to train on.`);
        if (event.resumedAt > 0) progress.note(`Going on from update ${count(event.resumedAt)}.`);
        return;
      case "step": {
        const { update, updates, loss, tokensPerSecond, eta } = event.progress;
        return progress.update(`update ${count(update)} of ${count(updates)}, ${count(tokensPerSecond)} tokens/s, loss ${loss.toFixed(3)}, ${count(eta)} s left`);
      }
      case "checkpoint": {
        const { update, loss, perplexity, tokens, nextSentence } = event.evaluation;
        const pairs = nextSentence === undefined ? "" : `, ${(100 * nextSentence.accuracy).toFixed(1)} % of next sentences told`;
        return progress.note(`update ${count(update)} (${count(tokens)} tokens): validation perplexity ${count(perplexity)} (${loss.toFixed(4)} nats)${pairs}`);
      }
    }
  };
}

async function summary({ outcome, evaluations, seconds, tokensPerSecond, configuration }: PretrainingRecord, folder: string): Promise<string> {
  const [{ textList }, { formatCount, formatSeconds, formatShare }] = await Promise.all([import("./table.js"), import("../charts/scales.js")]);
  const { corpus, model, preset } = configuration, last = evaluations.at(-1);
  const next = outcome === "completed" ? `\n\nMeasure its d90: ${commandLine(["find", "--model", folder])}` : "";
  return textList([
    ["outcome", outcome], ["model", `${formatCount(model.parameters)} parameters, ${model.layers} layers of ${model.hiddenSize}`],
    ["corpus", `${corpus.source}, ${formatCount(corpus.trainTokens)} tokens, ${preset ?? "no"} preset`],
    ["perplexity", last === undefined ? "-" : `${formatCount(last.perplexity)} on ${formatCount(corpus.validationRows)} validation rows after ${formatCount(last.tokens)} tokens`],
    ...(last?.nextSentence === undefined ? [] : [["next sentence", `${formatShare(last.nextSentence.accuracy)} of the validation pairs told`] as const]),
    ["checkpoints", String(evaluations.length)], ["time", `${formatSeconds(seconds)}${tokensPerSecond === null ? "" : `, ${formatCount(tokensPerSecond)} tokens/s`}`], ["folder", folder],
  ]) + next;
}
