/** Coordinators and workers of the queue's tests. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openStore } from "../../../lib/records/store.js";
import { placeOf } from "../../../lib/sweep/describe.js";
import type { SweepEvent, SweepOutcome } from "../../../lib/sweep/events.js";
import { jobsOf } from "../../../lib/sweep/expand.js";
import type { Job } from "../../../lib/sweep/job.js";
import { parsePlan, type SweepPlanInput } from "../../../lib/sweep/plan.js";
import { queueAddress } from "../../../lib/sweep/queue/address.js";
import { type CoordinatorOptions, runQueued } from "../../../lib/sweep/queue/coordinator.js";
import { describeTiny } from "../tinyRunner.js";
import type { ChildOptions } from "./workerChild.js";

/** A plan of `count` trials of the tiny runner. */
export const planOf = (count: number, rest: Partial<SweepPlanInput> = {}): SweepPlanInput =>
  ({ methods: ["did"], d: [100], rates: [0.1], seeds: Array.from({ length: count }, (_unused, seed) => seed), attempts: 20, ...rest });

export async function tinyJobs(plan: SweepPlanInput): Promise<Generator<Job>> {
  return jobsOf(parsePlan(plan), [placeOf({}, await describeTiny())]);
}

/** Runs a plan through the queue, with quick looks. */
export async function coordinate(url: string, out: string, plan: SweepPlanInput, rest: Partial<CoordinatorOptions> = {}): Promise<SweepOutcome> {
  return runQueued(await tinyJobs(plan), {
    address: queueAddress(url), store: openStore(out), signal: new AbortController().signal, onEvent: (_event: SweepEvent) => undefined, pause: 20, poll: 30,
    reconcile: 500, ...rest,
  });
}

export interface WorkerChild {
  process: ChildProcess;
  stderr(): string;
  stdout(): string;
  exited: Promise<number | null>;
}

export function startWorkerChild(options: ChildOptions, execArgv: string[] = []): WorkerChild {
  const child = fork(fileURLToPath(new URL("./workerChild.js", import.meta.url)), [JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe", "ipc"], execArgv });
  let stderr = "", stdout = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => { stderr += text; });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => { stdout += text; });
  return { process: child, stderr: () => stderr, stdout: () => stdout, exited: once(child, "exit").then(([code]) => code as number | null) };
}

/** Calls `use` while `count` workers serve; ends them by SIGTERM afterwards. */
export async function withWorkers<T>(count: number, options: ChildOptions, use: (workers: WorkerChild[]) => Promise<T>): Promise<T> {
  const workers = Array.from({ length: count }, () => startWorkerChild(options));
  try {
    return await use(workers);
  } finally {
    for (const { process: child } of workers) child.kill("SIGTERM");
    await Promise.all(workers.map(({ exited }) => exited));
  }
}
