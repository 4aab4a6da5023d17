/** `d90 sweep`: a plan of many trials, in processes of this machine or through a queue. */
import { type Command, Option } from "commander";
import { given } from "../support/given.js";
import type { SweepPlan } from "../sweep/plan.js";
import type { SweepOptions, SweepResult } from "../sweep/sweep.js";
import { exitCodes } from "./exitCodes.js";
import type { Interruption } from "./interrupt.js";
import { outputOptions } from "./options.js";
import { print, printJson, say } from "./output.js";
import { run } from "./run.js";
import { queueOption, shownCommand } from "./queueOption.js";
import { integer } from "./values.js";

export interface SweepFlags {
  dryRun?: boolean;
  measure?: boolean;
  processes?: number;
  threads?: number;
  queue?: string;
  offline?: boolean;
  out?: string;
  json?: boolean;
}

const examples = `
Examples:
  $ npx d90 sweep plan.json --dry-run            its trials, hours and memory
  $ npx d90 sweep plan.json                      as many processes as cores and memory allow; Ctrl-C and the same command go on
  $ npx d90 sweep plan.json --queue redis://rack1:6379    through a queue; d90 worker serves it, on any machine
  $ echo '{"methods": ["did"], "d": [200, 1000], "preset": "smoke"}' > plan.json`;

/** Adds the command. */
export function sweepCommand(program: Command): void {
  const command = program.command("sweep").summary("run a plan of many trials or searches")
    .description("Runs models x tasks x methods x d x rates x seeds, or searches for d90, from a plan: plan.json, or plan.ts with a default " +
      "export.\nWhat is recorded already is taken up, and a trial that failed is tried again after a pause.")
    .argument("<plan>", "file of the plan: docs/sweeps.md lists its keys");
  command.optionsGroup("Sweep:");
  command.addOption(new Option("--dry-run", "print the trials, the hours and the memory that they will take, and run none"));
  command.addOption(new Option("--no-measure", "with --dry-run: estimate from recorded trials alone, and time no updates"));
  command.addOption(new Option("--processes <n>", "worker processes (default: as many as cores and memory allow)").argParser(integer(1, 1024)));
  command.addOption(new Option("--threads <n>", "threads of each (default: the cores shared out)").argParser(integer(1, 1024)));
  command.addOption(queueOption("queue whose workers run the trials, instead of processes of this machine"));
  command.addOption(new Option("--offline", "never ask the network"));
  for (const option of outputOptions()) command.addOption(option);
  command.addHelpText("after", examples).action((plan: string, flags: SweepFlags) => run(flags, (stop) => sweep(plan, flags, stop)));
}

async function sweep(path: string, flags: SweepFlags, stop: Interruption): Promise<number> {
  const { readPlan } = await import("../sweep/planFile.js");
  const plan = await readPlan(path);
  const { processes, threads, offline, out, queue } = flags;
  // A wrong address is found before models are opened.
  if (queue !== undefined) (await import("../sweep/queue/address.js")).queueAddress(queue);
  const options: SweepOptions = given({ processes, threads, offline, out, queue, signal: stop.signal });
  return flags.dryRun === true ? dryRun(plan, options, flags) : runPlan(plan, options, flags, stop);
}

async function dryRun(plan: SweepPlan, options: SweepOptions, { measure, json }: SweepFlags): Promise<number> {
  const [{ dryRun: expand }, { dryRunText }] = await Promise.all([import("../sweep/dryRun.js"), import("./sweepTexts.js")]);
  say("Opening each model on each task, and timing some updates.");
  const result = await expand(plan, { ...options, ...(measure === undefined ? {} : { measure }) });
  if (json === true) printJson({ plan: plan.name ?? null, ...result });
  else print(dryRunText(result));
  return exitCodes.ok;
}

async function runPlan(plan: SweepPlan, options: SweepOptions, { json }: SweepFlags, stop: Interruption): Promise<number> {
  const [{ runSweep }, { createView }] = await Promise.all([import("../sweep/sweep.js"), import("./sweepView.js")]);
  const view = createView();
  const result = await runSweep(plan, { ...options, onEvent: view.onEvent }).finally(view.done);
  await show(plan, result, json === true);
  if (!result.interrupted) return result.failed.length === 0 ? exitCodes.ok : exitCodes.failure;
  say(`Stopped. What is finished is kept${options.queue === undefined ? "" : ", and workers go on with what is queued"}; go on with:\n  ${shownCommand()}`);
  return stop.status() ?? exitCodes.interrupted;
}

async function show(plan: SweepPlan, { records, failed, total, done, cached, interrupted }: SweepResult, json: boolean): Promise<void> {
  const [{ sweepText }, { listed }] = await Promise.all([import("./sweepTexts.js"), import("./runTexts.js")]);
  const failures = failed.map(({ id, reason, attempts }) => ({ id, reason, attempts }));
  const made = await records();
  if (json) printJson({ plan: plan.name ?? null, total, done, cached, interrupted, failed: failures, runs: made.map(listed) });
  else print(sweepText({ records: made, failed: failures, total, done, cached }));
}
