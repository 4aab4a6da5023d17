/** The parent's side of one worker process. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { EarlyStop } from "../records/trialRecord.js";
import type { EpochMetrics } from "../training/train.js";
import type { Job, JobResult } from "./job.js";
import { type ChildSettings, type FromChild, type ToChild, WorkerError } from "./messages.js";
import type { DescribeRequest, JobProgress, PlaceDescription } from "./runner.js";

export interface RunHooks {
  /** Stops the job: it keeps a checkpoint and is handed back. */
  signal?: AbortSignal;
  /** Milliseconds after which the attempt is given up; null for no limit. */
  timeout?: number | null;
  onProgress?: (progress: JobProgress) => void;
  /** Early stopping; default: every trial goes on. */
  compete?: (metrics: EpochMetrics) => Promise<EarlyStop | null>;
}

export interface WorkerProcess {
  readonly pid: number;
  alive(): boolean;
  /** @throws {WorkerError} with what the job threw, for a process that died, or a timeout. */
  run(job: Job, out: string, hooks?: RunHooks): Promise<JobResult>;
  describe(request: DescribeRequest): Promise<PlaceDescription>;
  /** Ends the process; a running job keeps a checkpoint if it stops within `patience` milliseconds. */
  end(patience?: number): Promise<void>;
}

/** Milliseconds that a job which is told to stop has for its checkpoint. */
export const PATIENCE = 30_000;

export interface StartOptions extends ChildSettings {
  /** Variables beside the parent's own, e.g. CUDA_VISIBLE_DEVICES. */
  env?: NodeJS.ProcessEnv;
}

/** Starts a process; it loads the engine with its first job. */
export function startWorker({ env, ...settings }: StartOptions): WorkerProcess {
  const file = fileURLToPath(new URL("./child.js", import.meta.url));
  // Standard output belongs to the command; what libraries print in a worker goes to standard error.
  const child = fork(file, [JSON.stringify(settings)], { env: { ...process.env, ...env }, stdio: ["ignore", 2, 2, "ipc"] });
  child.setMaxListeners(0);
  // Listened to by whoever waits; alone it would end this process.
  child.on("error", () => undefined);

  return {
    pid: child.pid ?? 0,
    alive: () => isAlive(child),
    run: (job, out, hooks = {}) => attended(child, { type: "run", job, out }, hooks, (message) =>
      (message.type === "result" ? message.result : undefined)),
    describe: (request) => attended(child, { type: "describe", request }, {}, (message) =>
      (message.type === "described" ? message.description : undefined)),
    async end(patience = PATIENCE) {
      if (!isAlive(child)) return;
      const gone = once(child, "exit");
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill("SIGKILL"), patience);
      await gone;
      clearTimeout(timer);
    },
  };
}

const isAlive = (child: ChildProcess): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** Sends `request` and attends to what comes until `resultOf` finds the answer in a message, or the process is gone. */
function attended<T>(child: ChildProcess, request: ToChild, hooks: RunHooks,
  resultOf: (message: FromChild) => T | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const send = (message: ToChild): void => { if (child.connected) child.send(message, () => undefined); };
    const limit = timeLimit(child, hooks.timeout ?? null, send);
    const onAbort = (): void => send({ type: "stop" });

    const settle = (act: () => void): void => {
      child.off("message", onMessage).off("exit", onExit).off("error", onExit);
      hooks.signal?.removeEventListener("abort", onAbort);
      limit.clear();
      act();
    };

    function onMessage(message: FromChild): void {
      const result = resultOf(message);
      if (result !== undefined) settle(() => (limit.passed() ? reject(limit.error()) : resolve(result)));
      else if (message.type === "error") settle(() => reject(new WorkerError(message.kind, message.message)));
      else if (message.type === "begun") limit.start();
      else if (message.type === "progress") hooks.onProgress?.(message.progress);
      else if (message.type === "rung") void judge(message.metrics, hooks, send);
    }

    function onExit(how: number | null | Error, signal?: NodeJS.Signals | null): void {
      const text = how instanceof Error ? how.message : signal ?? `exit status ${how}`;
      settle(() => reject(limit.passed() ? limit.error() : new WorkerError("failure", diedText(text))));
    }

    child.on("message", onMessage);
    hooks.signal?.addEventListener("abort", onAbort);
    child.on("exit", onExit).on("error", onExit);
    if (!isAlive(child)) return onExit(child.exitCode, child.signalCode);
    send(request);
    if (hooks.signal?.aborted) onAbort();
  });
}

/** Early stopping is an economy: where it cannot be asked, the trial goes on. */
async function judge(metrics: EpochMetrics, { compete }: RunHooks, send: (message: ToChild) => void): Promise<void> {
  send({ type: "verdict", earlyStop: await compete?.(metrics).catch(() => null) ?? null });
}

const diedText = (how: string): string =>
  `the worker process ended (${how})${how === "SIGKILL" ? ": killed, by a person or because memory ran out" : ""}.`;

/** The end of the time asks for a checkpoint; a process that does not answer is killed. */
function timeLimit(child: ChildProcess, milliseconds: number | null, send: (message: ToChild) => void) {
  let passed = false, timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    passed = true;
    send({ type: "stop" });
    timer = setTimeout(() => child.kill("SIGKILL"), Math.min(PATIENCE, milliseconds ?? PATIENCE));
  };
  return {
    start: () => { if (milliseconds !== null) timer = setTimeout(end, milliseconds); },
    passed: () => passed,
    error: () => new WorkerError("failure", `timed out after ${((milliseconds ?? 0) / 60_000).toPrecision(3)} minutes.`),
    clear: () => clearTimeout(timer),
  };
}
