/** One life of the language's worker thread, and the requests that it has not answered. */
import { Worker } from "node:worker_threads";
import type { FromWorker, RequestName, Requests } from "./requests.js";
import type { Place } from "./types.js";

export interface Thread {
  /** Rejects where the compiler cannot be built. */
  ready: Promise<void>;
  /** Rejects when the thread ends before it has answered. */
  ask<Name extends RequestName>(name: Name, input: Requests[Name]["input"]): Promise<Requests[Name]["output"]>;
  end(): Promise<void>;
}

interface Waiting {
  resolve(output: never): void;
  reject(error: Error): void;
}

/** `onEnd`: the thread is gone, for whatever reason; `wasReady`: it had begun to answer. */
export function startThread(place: Place, onEnd: (error: Error, wasReady: boolean) => void): Thread {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: place });
  const waiting = new Map<number, Waiting>();
  let [next, wasReady] = [0, false];
  let ended: Error | undefined;
  let settle: { resolve(): void; reject(error: Error): void };
  const ready = new Promise<void>((resolve, reject) => { settle = { resolve, reject }; });
  // Whoever awaits it hears of the error; nobody must.
  ready.catch(() => {});

  function end(error: Error): void {
    if (ended !== undefined) return;
    ended = error;
    onEnd(error, wasReady);
    settle.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }
  function hear(message: FromWorker): void {
    if ("ready" in message) {
      wasReady = message.ready;
      return message.ready ? settle.resolve() : end(new Error(`The compiler could not be built: ${message.error}`));
    }
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if ("error" in message) reject?.(new Error(message.error));
    else resolve?.(message.output as never);
  }
  worker.on("message", hear);
  worker.on("error", (error) => end(new Error(`The compiler's thread has ended: ${error.message}`)));
  worker.on("exit", () => end(new Error("The compiler's thread has ended.")));

  return {
    ready,
    ask(name, input) {
      if (ended !== undefined) return Promise.reject(ended);
      return new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, name, input });
      });
    },
    end: async () => { await worker.terminate(); },
  };
}
