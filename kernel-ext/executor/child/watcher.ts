/**
 * A thread beside the user's code. It reads the supervisor's interrupts and, when the main thread does not answer, stops
 * the child processes that it may be waiting for (execSync) and then the JavaScript that it runs.
 */
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { parentPort } from "node:worker_threads";
import { descendants, signalAll } from "../processes.js";
import { FD, INTERRUPT } from "../messages.js";
import { HOOK, type FromWatcher } from "./interrupts.js";

/** Milliseconds for the main thread to answer, from the interrupt. */
const ANSWER = 60;
/** ... for child processes to end and JavaScript to go on, from their SIGINT; then SIGKILL. */
const CHILDREN = 100;
const STUBBORN_CHILDREN = 900;
/** ... for the main thread to end by itself when the supervisor has gone. */
const ORPHAN = 500;

const session = new Session();
session.connectToMainThread();

let latest = 0;
let timers: NodeJS.Timeout[] = [];

const tell = (event: FromWatcher): void => parentPort?.postMessage(event);

function interrupt(force: boolean): void {
  const id = ++latest;
  tell({ type: "interrupt", id, force });
  stopWaiting();
  timers.push(setTimeout(() => unanswered(id), ANSWER));
}

function stopWaiting(): void {
  for (const timer of timers) clearTimeout(timer);
  timers = [];
}

function unanswered(id: number): void {
  const children = descendants(process.pid);
  signalAll(children, "SIGINT");
  if (children.length === 0) return terminate(id);
  timers.push(setTimeout(() => terminate(id), CHILDREN));
  timers.push(setTimeout(() => signalAll(descendants(process.pid), "SIGKILL"), STUBBORN_CHILDREN));
}

function terminate(id: number): void {
  session.post("Runtime.evaluate", { expression: `globalThis[Symbol.for("${HOOK}")](${id})` }, (error, answer) => {
    // It has answered meanwhile: there is nothing to end.
    if (error !== null || answer.result.value !== true) return;
    session.post("Runtime.terminateExecution", () => tell({ type: "terminated", id }));
  });
}

parentPort?.on("message", (id: number) => { if (id === latest) stopWaiting(); });

new Socket({ fd: FD.interrupts, readable: true, writable: false })
  .on("data", (bytes) => { for (const byte of bytes) interrupt(byte === INTERRUPT.force); })
  .on("error", () => undefined)
  .on("close", () => setTimeout(() => process.kill(-process.pid, "SIGKILL"), ORPHAN));

tell({ type: "up" });
