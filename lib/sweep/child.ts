/** A worker process: one job at a time, until the parent goes. */
import type { EarlyStop } from "../records/trialRecord.js";
import { parseJob } from "./job.js";
import type { ChildSettings, ErrorKind, FromChild, ToChild } from "./messages.js";
import type { Runner, RunnerModule } from "./runner.js";

const settings: ChildSettings = JSON.parse(process.argv[2] ?? "{}");
const { makeRunner }: RunnerModule = await import(settings.runner);
const runner: Runner = makeRunner(settings.options);
let stop = new AbortController();
let answer: (earlyStop: EarlyStop | null) => void = () => undefined;
let working = false;

const send = (message: FromChild): void => { if (process.connected) process.send?.(message); };

process.on("message", (message: ToChild) => {
  if (message.type === "stop") stop.abort(new Error("stopped"));
  else if (message.type === "verdict") answer(message.earlyStop);
  else void work(message);
});
// Ctrl-C reaches the whole group of processes: the parent decides what it means.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => stop.abort(new Error("stopped by SIGTERM")));
// The parent is gone, even by kill -9: what runs keeps a checkpoint and nothing is left behind.
process.on("disconnect", () => {
  stop.abort(new Error("the parent process ended"));
  if (!working) process.exit();
});

async function work(message: Extract<ToChild, { type: "describe" | "run" }>): Promise<void> {
  working = true;
  stop = new AbortController();
  send({ type: "begun" });
  try {
    if (message.type === "describe") send({ type: "described", description: await runner.describe(message.request) });
    else send({ type: "result", result: await runJob(message) });
  } catch (error) {
    send({ type: "error", kind: kindOf(error), message: error instanceof Error ? error.message : String(error) });
  } finally {
    working = false;
    if (!process.connected) process.exit();
  }
}

function runJob({ job, out }: Extract<ToChild, { type: "run" }>) {
  let told = 0;
  return runner.run(parseJob(job), {
    out, signal: stop.signal,
    onProgress(progress) {
      if (performance.now() - told < 500) return;
      told = performance.now();
      send({ type: "progress", progress });
    },
    compete: (_job, metrics) => new Promise((resolve) => {
      answer = resolve;
      send({ type: "rung", metrics });
    }),
  });
}

const DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "ENOTDIR"]);

function kindOf(error: unknown): ErrorKind {
  if (!(error instanceof Error)) return "failure";
  const codes = [error, error.cause].flatMap((one) => (one instanceof Error && "code" in one ? [String(one.code)] : []));
  if (codes.some((code) => DISK.has(code))) return "disk";
  return error.name === "UsageError" || error.name === "RangeError" ? "usage" : "failure";
}
