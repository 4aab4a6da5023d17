/** `d90 queue`: what a queue holds, and what was given up, with the reasons. */
import type { Command } from "commander";
import { UsageError } from "../support/checks.js";
import { counted } from "../charts/scales.js";
import { outputOptions } from "./options.js";
import { print, printJson, say } from "./output.js";
import { queueOption } from "./queueOption.js";
import { run } from "./run.js";

interface QueueFlags {
  queue?: string;
  retry?: boolean;
  clear?: boolean;
  json?: boolean;
}

/** Adds the command. */
export function queueCommand(program: Command): void {
  const command = program.command("queue").summary("what a queue holds, and what was given up on it")
    .description("Tells how many trials wait, run and are given up on a queue, each with its reason, and who works.");
  command.addOption(queueOption("the queue"));
  command.option("--retry", "put what was given up back into the queue").option("--clear", "take everything out of the queue that does not run");
  for (const option of outputOptions().filter(({ long }) => long === "--json")) command.addOption(option);
  command.action((flags: QueueFlags) => run(flags, () => showQueue(flags)));
}

async function showQueue({ queue, retry, clear, json }: QueueFlags): Promise<void> {
  if (queue === undefined) throw new UsageError("queue: needs --queue redis://HOST:PORT, or D90_QUEUE.");
  const [{ queueAddress }, { inspectQueue }] = await Promise.all([import("../sweep/queue/address.js"), import("../sweep/queue/inspect.js")]);
  const address = queueAddress(queue);
  const state = await inspectQueue(address, { retry: retry === true, clear: clear === true });
  if (json === true) return printJson({ queue: address.shown, ...state });
  const { waiting, running, delayed, completed, failed, workers, retried, cleared } = state;
  if (retried > 0) say(`${counted(retried, "trial")} put back.`);
  if (cleared > 0) say(`${counted(cleared, "trial")} taken out.`);
  print(`${address.shown}: ${waiting} waiting, ${running} running, ${delayed} in the pause before another attempt, ${completed} done, ${failed.length} given up.`);
  print(workers.length === 0 ? "No worker is at work." : `Workers: ${workers.join(", ")}`);
  for (const { id, reason, attempts } of failed) print(`  ${id}, ${counted(attempts, "attempt")}: ${reason}`);
}
