/** Interrupts on the main thread; the watcher (a thread of its own) brings them, and ends code that does not answer. */
import { Session } from "node:inspector";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { runningCell, Interrupted, type CellContext } from "./cells.js";
import { INTERRUPT } from "../messages.js";
import type { ErrorReport } from "../types.js";
import { sendNow } from "./events.js";
import { reportThrown } from "./traceback.js";

export interface Interrupt {
  /** Counts interrupts, from 1. */
  id: number;
  /** Of INTERRUPT. */
  kind: number;
  /** Whom it is meant for: when it comes, another may be running. */
  cell: number;
}

/** From the watcher; `terminated`: what the main thread was running has been ended. */
export interface FromWatcher {
  type: "interrupt" | "terminated";
  interrupt: Interrupt;
}

/** The global by which the watcher's inspector ends what runs. */
export const TERMINATE = "d90.terminate";

/**
 * Shared with the watcher. [SEEN]: the id of the last interrupt that it has seen, known here before its message is read.
 * [TAKEN]: the cell that has taken its signal.
 */
const shared = new Int32Array(new SharedArrayBuffer(8));
export const SEEN = 0;
export const TAKEN = 1;
let answered = 0;
/** Where code was when it was ended. */
let place: Error | null = null;
/** The cell that was interrupted last. */
let early = -1;
let disturbable = true;
/** Connected from a termination to the event loop's next turn: to disconnect at once would revoke it. */
let inspector: Session | null = null;
/** Back in the event loop: what a termination has changed is put right. */
let restore = (): void => undefined;

/** Whether an interrupt waits for the main thread: what a call throws now (a command that was killed) is its doing. */
export const interruptWaits = (): boolean => Atomics.load(shared, SEEN) > answered;

/** Whether a cell was interrupted before it began: code of an earlier one kept it waiting. */
export const interruptedEarly = (cell: number): boolean => early === cell;

/** The signal of a cell, for code that means to stop by itself: it gets time after an interrupt. */
export function takeSignal(context: CellContext): AbortSignal {
  if (!context.signalTaken && !context.settled) {
    context.signalTaken = true;
    Atomics.store(shared, TAKEN, context.id);
    sendNow({ type: "signal_taken", cell: context.id });
  }
  return context.controller.signal;
}

/** How an interrupted cell ends; with the line that it was at, where it was ended in the middle of one. */
export function interruptedReport(): ErrorReport {
  const error = new Interrupted();
  error.stack = place?.stack ?? "";
  place = null;
  return reportThrown(error);
}

/** Runs the kernel's own code that an interrupt must not cut in two. */
export function undisturbed(action: () => void): void {
  disturbable = false;
  try {
    action();
  } finally {
    disturbable = true;
  }
}

/** @param end ends the running cell as interrupted. */
export function watchInterrupts(end: (context: CellContext) => void): void {
  installTerminate();
  // Nothing of the watcher's may reach the user's output.
  const watcher = new Worker(new URL("./watcher.js", import.meta.url), { stdout: true, stderr: true, execArgv: [], workerData: shared });
  watcher.on("message", (event: FromWatcher) => {
    const { id, kind, cell } = event.interrupt;
    answered = Math.max(answered, id);
    restore();
    watcher.postMessage(id);
    const context = runningCell();
    if (kind === INTERRUPT.free) return;
    if (context?.id === cell) interrupt(context, event.type === "terminated" || kind === INTERRUPT.force, end);
    else early = cell;
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

/** Of Node's internals: the stack of async ids, and how many hooks of each kind there are. */
interface AsyncWrap {
  clearAsyncIdStack(): void;
  async_hook_fields: Uint32Array;
  constants: { kTotals: number };
}

/**
 * Termination alone crashes Node ("async hook stack corrupted"): the ids of the calls that it cuts off must go first. So
 * it happens here, in code that the watcher's inspector evaluates in the middle of the user's. Until the user's code has
 * gone it may still push an id (promise hooks of AsyncLocalStorage, before Node 24), and Node looks whether the stack is
 * empty where it knows of hooks: for that long it knows of none.
 */
function installTerminate(): void {
  // Typed here: Node's internals have no declarations. --expose-internals makes them loadable.
  const { internalBinding }: { internalBinding(name: "async_wrap"): AsyncWrap } = createRequire(import.meta.url)("internal/test/binding");
  const { clearAsyncIdStack, async_hook_fields: fields, constants: { kTotals } } = internalBinding("async_wrap");
  let hooks = 0;
  /** @returns whether the main thread had not come back to its event loop, and what it ran is ended. */
  function terminate(id: number): boolean {
    if (answered >= id || !disturbable) return false;
    place = new Error();
    inspector ??= new Session();
    inspector.connect();
    inspector.post("Runtime.terminateExecution");
    clearAsyncIdStack();
    hooks = fields[kTotals] || hooks;
    fields[kTotals] = 0;
    return true;
  }
  restore = () => {
    inspector?.disconnect();
    inspector = null;
    if (hooks === 0) return;
    clearAsyncIdStack();
    fields[kTotals] ||= hooks;
    hooks = 0;
  };
  Object.defineProperty(globalThis, Symbol.for(TERMINATE), { value: terminate });
}
