/** Processes that answer requests: a line on their standard input, a line of JSON on their standard output. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";

/** What a process says when it is ready. */
const Ready = z.object({ versions: z.record(z.string(), z.string()), loadMs: z.number() });
const Step = z.object({
  ms: z.number(),
  /** Mean cross-entropy of the batch before the update, in nats. A diverged run's NaN is no JSON, so null. */
  loss: z.number().nullable(),
  /** Tensors alive after the step; our side only. */
  tensors: z.number().optional(),
});
const Pass = z.object({ ms: z.number(), loss: z.number(), rows: z.number() });
const Memory = z.object({ peakBytes: z.number().nullable() });
/** Milliseconds by what was done; the projections' process alone answers with these. */
const Timings = z.object({ name: z.string(), ms: z.record(z.string(), z.number().nullable()), D: z.number() });

export type Ready = z.infer<typeof Ready>;
export type Step = z.infer<typeof Step>;
export type Pass = z.infer<typeof Pass>;
export type Timings = z.infer<typeof Timings>;

export interface Command {
  /** How messages call the process. */
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** A running process; one request at a time. */
export interface Process {
  name: string;
  ready: Ready;
  step(): Promise<Step>;
  evaluate(): Promise<Pass>;
  memory(): Promise<number | null>;
  timings(what: string): Promise<Timings>;
  /** Ends its input, and waits for its end. */
  close(): Promise<void>;
}

/**
 * Starts a process and waits until it is ready; `signal` ends it.
 * @throws {Error} if it ends before it is asked to; what it printed stands above.
 */
export async function startProcess({ name, command, args, env }: Command, signal?: AbortSignal): Promise<Process> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...env }, signal });
  const answers = answersOf(child, name);
  const ready = Ready.parse(await answers());
  const ask = (request: string): Promise<unknown> => {
    child.stdin?.write(`${request}\n`);
    return answers();
  };
  return {
    name, ready,
    step: async () => Step.parse(await ask("step")),
    evaluate: async () => Pass.parse(await ask("evaluate")),
    memory: async () => Memory.parse(await ask("memory")).peakBytes,
    timings: async (what) => Timings.parse(await ask(what)),
    close: () => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", () => resolve());
      child.stdin?.end();
    }),
  };
}

/** The next line that `child` writes, parsed. */
function answersOf(child: ChildProcess, name: string): () => Promise<unknown> {
  let failure: Error | undefined;
  let waiting: { resolve: (value: unknown) => void; reject: (reason: Error) => void } | undefined;
  const fail = (reason: string): void => {
    failure ??= new Error(`bench: ${name} ${reason}.`);
    waiting?.reject(failure);
  };
  child.once("error", (error) => fail(`does not start (${error.message})`));
  child.once("exit", (code, signal) => fail(`ended with ${signal ?? `exit status ${code}`} before it answered`));
  child.stdin?.on("error", () => undefined); // The exit says it.
  if (child.stdout === null) throw new Error(`bench: ${name} has no output.`);
  createInterface(child.stdout).on("line", (line) => {
    try {
      waiting?.resolve(JSON.parse(line));
    } catch {
      waiting?.reject(new Error(`bench: ${name} must answer in JSON, got ${line.slice(0, 200)}`));
    }
  });
  return () => failure ? Promise.reject(failure) : new Promise((resolve, reject) => { waiting = { resolve, reject }; });
}
