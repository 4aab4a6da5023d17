/** `--processes`: the trials of a search side by side, each in a process with its share of the cores. */
import { type Command, Option } from "commander";
import type { RunOptions } from "../search/within.js";
import { given } from "../support/given.js";
import type { OpenTrialPool } from "../search/trialHooks.js";
import type { Session } from "../training/session.js";
import { say } from "./output.js";
import { integer } from "./values.js";

export interface ProcessFlags {
  processes?: number | "auto";
}

export const addProcesses = (command: Command): Command => command.addOption(
  new Option("--processes <n>", "trials side by side, each in a process with its share of the cores: a number, or auto (default: 1)").argParser(processCount));

const processCount = (text: string): number | "auto" => (text === "auto" ? text : integer(1, 1024)(text));

/** Processes for the trials of a search in `session`; none where they run one by one, in this one. */
export async function poolFor({ processes = 1 }: ProcessFlags, { model, task, data, offline, engine }: RunOptions, { records }: Session): Promise<OpenTrialPool | undefined> {
  if (processes === 1) return undefined;
  const { openTrialPool } = await import("../sweep/trialPool.js"), { backend, threads } = engine ?? {};
  const pool = openTrialPool({ processes, parameters: records.model.parameters, source: given({ model, task, data }), ...given({ backend, threads, offline }) });
  if (pool.size > 1) return pool;
  say("One trial at a time: the machine has no cores or memory for two.");
  return undefined;
}
