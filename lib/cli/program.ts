/** The command line: its commands, its help, its exit status. */
import { Command, CommanderError } from "commander";
import { d90Version } from "../support/root.js";
import { boundCommand } from "./bound.js";
import { compareCommand } from "./compare.js";
import { doctorCommand } from "./doctor.js";
import { evaluateCommand } from "./evaluate.js";
import { exchangeCommands } from "./exchange.js";
import { exitCodes, exitCodesHelp } from "./exitCodes.js";
import { findCommand } from "./find.js";
import { kernelCommand } from "./kernel.js";
import { notebookCommand } from "./notebook.js";
import { guardStreams, printJson } from "./output.js";
import { pretrainCommand } from "./pretrain.js";
import { queueCommand } from "./queue.js";
import { runsCommand } from "./runs.js";
import { curveCommand, sizesCommand } from "./series.js";
import { setupCommand } from "./setup.js";
import { sweepCommand } from "./sweep.js";
import { trainCommand } from "./train.js";
import { workerCommand } from "./worker.js";

const intro = `How many numbers does it take to fine-tune a language model?

Measures the intrinsic dimension of fine-tuning (Aghajanyan et al. 2020): the smallest d with which fine-tuning in a random subspace, \
theta = theta0 + P z with z of d numbers, reaches 90 % of full fine-tuning.`;

const outro = `
Examples:
  $ npx d90 doctor                               whether everything is there
  $ npx d90 find --preset smoke                  two minutes: does it work here?
  $ npx d90 find --method both                   SAID and DID on MRPC
  $ npx d90 train --method did --d 1000 --lr 0.1
  $ npx d90 compare --methods full,did:1000,lora:4,ia3,bitfit,head
  $ npx d90 runs show latest
${exitCodesHelp}

Environment: D90_DATA (data folder), D90_DEBUG=1 (stacks of errors), D90_PROGRESS_SECONDS (pause between lines of
progress in a log; 15), D90_QUEUE (a queue's address), HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE`;

/** The program with all its commands. Whatever is heavy loads when a command runs: help takes a tenth of a second. */
export function makeProgram(): Command {
  const program = new Command("d90").description(intro).version(d90Version, "-V, --version", "print the version");
  program.exitOverride().configureHelp({ helpWidth: helpWidth() })
    .showHelpAfterError("(d90 --help, or d90 <command> --help, lists what there is)")
    .addHelpText("after", outro);
  const commands = [
    findCommand, trainCommand, compareCommand, pretrainCommand, curveCommand, sizesCommand, evaluateCommand, boundCommand,
    exchangeCommands, sweepCommand, workerCommand, queueCommand, runsCommand, doctorCommand, setupCommand, kernelCommand, notebookCommand,
  ];
  for (const add of commands) add(program);
  return program;
}

/** Wide terminals do not make help harder to read. */
const helpWidth = (): number => Math.min(process.stdout.columns || 100, 120);

/** Runs the command line `args`; what fails sets process.exitCode and does not throw. */
export async function main(args: readonly string[]): Promise<void> {
  guardStreams();
  try {
    await makeProgram().parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version are errors of status 0 to commander, its own complaints are printed already.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (process.exitCode !== exitCodes.ok && args.includes("--json")) printJson({ error: error.message.replace(/^error: /, "") });
  }
}
