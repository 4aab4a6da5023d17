/** The language for the session: a worker thread, so that nothing waits while the compiler works. */
import { Worker } from "node:worker_threads";
import type { FromWorker, RequestName, Requests } from "./requests.js";
import type { Language } from "./types.js";

interface Waiting {
  resolve(output: never): void;
  reject(error: Error): void;
}

/**
 * Starts the worker at once; see Language.ready.
 * @param options.cwd Where cells stand: their relative imports and packages are found from here.
 */
export function startLanguage({ cwd }: { cwd: string }): Language {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: { cwd } });
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let ended: Error | undefined;
  const ready = whenReady(worker);
  // Whoever awaits it hears of the error; nobody must.
  ready.catch(() => {});

  function end(error: Error): void {
    ended = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
  worker.on("message", (message: FromWorker) => {
    if ("ready" in message) return message.ready ? undefined : end(new Error(`The language could not start: ${message.error}`));
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if ("error" in message) reject?.(new Error(message.error));
    else resolve?.(message.output as never);
  });
  worker.on("error", (error) => end(error));
  worker.on("exit", (code) => end(ended ?? new Error(`The language's thread has ended (exit code ${code}).`)));

  function ask<Name extends RequestName>(name: Name, input: Requests[Name]["input"]): Promise<Requests[Name]["output"]> {
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, input });
    });
  }
  return {
    ready,
    convert: (request) => ask("convert", request),
    keep: (request) => ask("keep", request),
    reset: () => ask("reset", {}),
    complete: (request) => ask("complete", request),
    inspect: (request) => ask("inspect", request),
    isComplete: (request) => ask("isComplete", request),
    close: async () => { await worker.terminate(); },
  };
}

function whenReady(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", (message: FromWorker) => {
      if (!("ready" in message)) return;
      if (message.ready) resolve();
      else reject(new Error(`The language could not start: ${message.error}`));
    });
    worker.on("error", reject);
    worker.on("exit", (code) => reject(new Error(`The language's thread has ended before it was ready (exit code ${code}).`)));
  });
}
