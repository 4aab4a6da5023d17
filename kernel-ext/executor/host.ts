/** The executor, as the supervisor sees it: a child process that is there whenever a cell comes. */
import { plainReport } from "./child/traceback.js";
import { startChild, type Child } from "./host/child.js";
import { createCommTraffic, type CommTraffic } from "./host/comms.js";
import { describeDeath } from "./host/death.js";
import { createDisplays, type Displays } from "./host/displays.js";
import { createInterrupts, type Interrupts } from "./host/interrupts.js";
import { createOutput, type Output } from "./host/output.js";
import type { FromChild, RunMessage } from "./messages.js";
import type { ErrorReport, Executor, ExecutorEvent, ExecutorOptions, RunOutcome, RunRequest } from "./types.js";

/** Milliseconds that close() gives a child by default. */
const GRACE = 500;

interface Pending {
  message: RunMessage;
  began: boolean;
  resolve(outcome: RunOutcome): void;
}

interface State {
  options: ExecutorOptions;
  /** null after one that did not even start. */
  child: Child | null;
  /** Of the child that runs now. */
  life: { up: boolean; interrupted: boolean; exitCode: number | null };
  pending: Pending | null;
  /** The last outcome that was asked for: cells wait for each other. */
  last: Promise<unknown>;
  /** Set by close(). */
  closing: (() => void) | null;
  comms: CommTraffic;
  output: Output;
  displays: Displays;
  interrupts: Interrupts;
}

/** Starts a child at once, without waiting for it, and a new one whenever one dies. */
export function startExecutor(options: ExecutorOptions): Executor {
  const state: State = {
    options, child: null, life: newLife(), pending: null, last: Promise.resolve(), closing: null,
    comms: createCommTraffic((message) => {
      state.child?.send(message);
      return state.child !== null;
    }),
    output: createOutput((event) => deliver(state, event)),
    displays: createDisplays((event) => deliver(state, event), (cell, text) => state.output.text("stderr", cell, text)),
    interrupts: createInterrupts({
      send: (kind, cell) => state.child?.interrupt(kind, cell),
      kill() {
        state.life.interrupted = true;
        state.child?.kill();
      },
    }),
  };
  start(state);
  return {
    run: (request) => enqueue(state, request, false),
    evaluate: (request) => enqueue(state, request, true),
    interrupt: () => { if (state.pending !== null) state.interrupts.request(state.pending.message.cell); },
    answerInput: (value) => state.child?.send({ type: "answer", value }),
    refuseInput: (reason) => state.child?.send({ type: "refuse", reason }),
    sendComm: (message, cell) => state.comms.send(message, cell),
    comms: () => state.comms.list(),
    close: (graceMs = GRACE) => close(state, graceMs),
  };
}

const newLife = (): State["life"] => ({ up: false, interrupted: false, exitCode: null });

function start(state: State): Child {
  state.life = newLife();
  state.child = startChild(state.options.cwd, {
    onText: state.output.text,
    onBegan: (cell) => onBegan(state, cell),
    onMessage: (message) => onMessage(state, message),
    onDeath: (how) => onDeath(state, how),
  });
  return state.child;
}

function enqueue(state: State, { code, ...request }: RunRequest, scratch: boolean): Promise<RunOutcome> {
  const { js, map, isAsync, lastExpression, modules, timed } = code;
  const message: RunMessage = { type: "run", ...request, js, map, isAsync, lastExpression, modules, timed, scratch };
  const outcome = state.last.then(() => new Promise<RunOutcome>((resolve) => {
    if (state.closing !== null) return resolve(failure(plainReport("Closed", "The kernel is shutting down.")));
    state.pending = { message, began: false, resolve };
    (state.child ?? start(state)).send(message);
    state.interrupts.sent();
  }));
  state.last = outcome;
  return outcome;
}

function deliver(state: State, event: ExecutorEvent): void {
  state.comms.see(event);
  const isOutput = event.type === "stream" || event.type === "display" || event.type === "clear";
  // A scratch cell's output is not shown.
  if (isOutput && state.pending?.message.scratch === true && event.cell === state.pending.message.cell) return;
  state.options.onEvent(event);
}

function onMessage(state: State, message: FromChild): void {
  const isPending = "cell" in message && message.cell === state.pending?.message.cell;
  switch (message.type) {
    case "up": state.life.up = true; break;
    case "exit": state.life.exitCode = message.code; break;
    case "began": onBegan(state, message.cell); break;
    case "signal_taken": if (isPending) state.interrupts.taken(); break;
    case "cooperating": if (isPending) state.interrupts.cooperating(message.cell); break;
    case "comm_done":
      state.output.flush();
      state.comms.done(message.id);
      break;
    case "event":
      state.output.flush();
      if (message.event.type === "display") state.displays.show(message.event);
      else deliver(state, message.event);
      break;
    case "outcome":
      finish(state, message.cell, message.outcome.status === "ok" ? message.outcome : { ...message.outcome, lost: false });
  }
}

/** Marks of earlier cells' late output come as well. */
function onBegan({ pending, interrupts }: State, cell: number): void {
  if (pending?.message.cell !== cell || pending.began) return;
  pending.began = true;
  interrupts.began();
}

function finish(state: State, cell: number, outcome: RunOutcome): void {
  state.displays.finish(cell);
  state.output.finish(cell);
  if (state.pending?.message.cell !== cell) return;
  state.interrupts.over();
  const { resolve } = state.pending;
  state.pending = null;
  resolve(outcome);
}

function onDeath(state: State, how: { code: number | null; signal: NodeJS.Signals | null; stderr: string }): void {
  const { up, interrupted, exitCode } = state.life;
  const death = { ...how, exit: exitCode, interrupted, early: !up };
  const { pending } = state;
  state.output.flush();
  state.child = null;
  for (const event of state.comms.lose(pending?.message.cell ?? 0)) if (state.closing === null) state.options.onEvent(event);
  // One that does not even start is tried again with the next cell, not for ever.
  const next = up && state.closing === null ? start(state) : null;
  state.closing?.();
  if (pending !== null && (pending.began || interrupted || next === null)) {
    finish(state, pending.message.cell, failure(describeDeath(death)));
  } else if (next !== null) {
    state.options.onEvent({ type: "lost", reason: describeDeath(death, "Code of an earlier cell").evalue });
    // It had not come to this cell yet.
    if (pending !== null) next.send(pending.message);
  }
}

const failure = (error: ErrorReport): RunOutcome => ({ status: "error", error, names: [], lost: true, payload: [] });

function close(state: State, graceMs: number): Promise<void> {
  const { child } = state;
  if (child === null || state.closing !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(child.kill, graceMs);
    state.closing = () => {
      clearTimeout(timer);
      resolve();
    };
    child.hangUp();
  });
}
