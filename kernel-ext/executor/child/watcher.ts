/**
 * A thread beside the user's code. It reads the supervisor's interrupts and, when the main thread does not answer, stops
 * the child processes that it may be waiting for (execSync) and then the JavaScript that it runs.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { descendants, signalAll } from "../processes.js";
import { FD, INTERRUPT, STEP } from "../messages.js";
import { SEEN, TAKEN, TERMINATE, type FromWatcher, type Interrupt } from "./interrupts.js";

/** Milliseconds for the main thread to answer, from the interrupt. */
const ANSWER = 60;
/** ... for child processes to end and JavaScript to go on, from their SIGINT; then SIGKILL. */
const CHILDREN = 100;
const STUBBORN_CHILDREN = 900;
/** ... for the main thread to end by itself when the supervisor has gone. */
const ORPHAN = 500;

const shared: Int32Array = workerData;
let latest = 0;
let timers: NodeJS.Timeout[] = [];

const tell = (event: FromWatcher): void => parentPort?.postMessage(event);

function onInterrupt(kind: number, cell: number): void {
  const interrupt = { id: ++latest, kind, cell };
  Atomics.store(shared, SEEN, latest);
  tell({ type: "interrupt", interrupt });
  stopWaiting();
  const mayFinish = kind === INTERRUPT.ask && Atomics.load(shared, TAKEN) === cell;
  timers.push(setTimeout(unanswered, mayFinish ? STEP : ANSWER, interrupt));
}

function stopWaiting(): void {
  for (const timer of timers) clearTimeout(timer);
  timers = [];
}

function unanswered(interrupt: Interrupt): void {
  const children = descendants(process.pid);
  signalAll(children, "SIGINT");
  if (children.length === 0) return terminate(interrupt);
  timers.push(setTimeout(terminate, CHILDREN, interrupt));
  timers.push(setTimeout(() => signalAll(descendants(process.pid), "SIGKILL"), STUBBORN_CHILDREN));
}

/** The inspector is connected for this moment only: it makes console slower, and Node waits for it when it ends. */
function terminate(interrupt: Interrupt): void {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression: `globalThis[Symbol.for("${TERMINATE}")](${interrupt.id})` }, (error, answer) => {
    if (error !== null || answer.result.value === true) tell({ type: "terminated", interrupt });
    session.disconnect();
  });
}

/** Interrupts may come in pieces. */
let unread = Buffer.alloc(0);
function onData(bytes: Buffer): void {
  unread = Buffer.concat([unread, bytes]);
  for (; unread.length >= 5; unread = unread.subarray(5)) onInterrupt(unread[0]!, unread.readUInt32LE(1));
}

parentPort?.on("message", (id: number) => { if (id === latest) stopWaiting(); });

new Socket({ fd: FD.interrupts, readable: true, writable: false })
  .on("data", onData)
  .on("error", () => undefined)
  .on("close", () => setTimeout(() => process.kill(-process.pid, "SIGKILL"), ORPHAN));
