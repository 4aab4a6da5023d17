/** Interrupts on the main thread; the watcher (a thread of its own) brings them, and ends code that does not answer. */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { runningCell, Interrupted, type CellContext } from "./cells.js";
import { sendNow } from "./events.js";

/** From the watcher. `id` counts interrupts. */
export type FromWatcher =
  | { type: "up" }
  | { type: "interrupt"; id: number; force: boolean }
  /** What the main thread was running has been ended. */
  | { type: "terminated"; id: number };

/** Where the watcher's inspector finds beforeTermination. */
export const HOOK = "d90.beforeTermination";

/** @param end ends the running cell as interrupted. */
export function watchInterrupts(end: (context: CellContext) => void): void {
  let answered = 0;
  installHook((id) => id > answered);
  // Nothing of the watcher's may reach the user's output.
  const watcher = new Worker(new URL("./watcher.js", import.meta.url), { stdout: true, stderr: true, execArgv: [] });
  watcher.on("message", (event: FromWatcher) => {
    if (event.type === "up") return sendNow({ type: "up" });
    answered = Math.max(answered, event.id);
    watcher.postMessage(event.id);
    const context = runningCell();
    if (context !== null) interrupt(context, event.type === "terminated" || event.force, end);
  });
  watcher.unref();
}

function interrupt(context: CellContext, force: boolean, end: (context: CellContext) => void): void {
  context.interrupted = true;
  if (!context.controller.signal.aborted) context.controller.abort(new Interrupted());
  if (!force && context.signalTaken) return sendNow({ type: "cooperating", cell: context.id });
  // Code that the abort has woken may settle the cell by itself first.
  setImmediate(() => {
    if (!context.settled) context.stopAtOutput = true;
    end(context);
  });
}

/**
 * Termination alone crashes Node ("async hook stack corrupted"): the ids of the calls that it cuts off must go first.
 * @param unanswered whether the main thread still has not come back to its event loop.
 */
function installHook(unanswered: (id: number) => boolean): void {
  // Typed here: Node's internals have no declarations. --expose-internals makes them loadable.
  const { internalBinding }: { internalBinding(name: "async_wrap"): { clearAsyncIdStack(): void } } =
    createRequire(import.meta.url)("internal/test/binding");
  const { clearAsyncIdStack } = internalBinding("async_wrap");
  Object.defineProperty(globalThis, Symbol.for(HOOK), {
    value: (id: number): boolean => {
      if (!unanswered(id)) return false;
      clearAsyncIdStack();
      return true;
    },
  });
}
