/** Our own processes' end of the conversation with main.ts. */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Problem } from "./problem.js";

/** Says that this process is ready, then answers every line on standard input until that ends. */
export async function answerRequests(ready: unknown, answer: (request: string) => Promise<unknown>): Promise<void> {
  const write = (value: unknown): void => { process.stdout.write(`${JSON.stringify(value)}\n`); };
  write(ready);
  for await (const line of createInterface(process.stdin)) write(await answer(line));
}

/** The problem in the file `path`, as problem.ts wrote it. */
export function readProblem(path: string | undefined): Problem {
  if (path === undefined) throw new Error("bench: a problem's file must be named.");
  return JSON.parse(readFileSync(path, "utf8")) as Problem;
}

/** Runs `action`; its result and its milliseconds. */
export async function timed<T>(action: () => T | Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await action();
  return [result, performance.now() - start];
}

/** The most memory that this process ever held, in bytes; null where the system has no /proc. */
export function peakBytes(): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}
