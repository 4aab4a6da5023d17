/** The executor, as the supervisor sees it: a child process that is there whenever a cell comes. */
import { startChild, type Child } from "./host/child.js";
import { createCommList } from "./host/comms.js";
import { describeDeath } from "./host/death.js";
import { createInterrupts } from "./host/interrupts.js";
import { createOutput } from "./host/output.js";
import type { FromChild, RunMessage } from "./messages.js";
import type { Executor, ExecutorEvent, ExecutorOptions, RunOutcome, RunRequest } from "./types.js";

/** Milliseconds that close() gives a child by default. */
const GRACE = 500;

interface Pending {
  message: RunMessage;
  began: boolean;
  resolve(outcome: RunOutcome): void;
}

/** Starts a child at once, without waiting for it, and a new one whenever one dies. */
export function startExecutor({ cwd, onEvent }: ExecutorOptions): Executor {
  let child: Child | null = null;
  /** Of the child that runs now. */
  let life = { up: false, interrupted: false, exit: null as { cell: number; code: number } | null };
  let pending: Pending | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let closing: (() => void) | null = null;
  let commCount = 0;
  const commWaits = new Map<number, () => void>();
  const comms = createCommList();
  const output = createOutput(deliver);
  const interrupts = createInterrupts({
    send: (kind, cell) => child?.interrupt(kind, cell),
    kill() {
      life.interrupted = true;
      child?.kill();
    },
  });

  function deliver(event: ExecutorEvent): void {
    comms.see(event);
    const isOutput = event.type === "stream" || event.type === "display" || event.type === "clear";
    // A scratch cell's output is not shown.
    if (isOutput && pending?.message.scratch === true && event.cell === pending.message.cell) return;
    onEvent(event);
  }

  function onMessage(message: FromChild): void {
    if (message.type === "up") life.up = true;
    else if (message.type === "exit") life.exit = message;
    else if (message.type === "began") onBegan(message.cell);
    else if (message.type === "cooperating") { if (message.cell === pending?.message.cell) interrupts.cooperating(message.cell); }
    else if (message.type === "comm_done") settleComm(message.id);
    else if (message.type === "event") {
      output.flush();
      deliver(message.event);
    } else {
      const { outcome, cell } = message;
      finish(cell, outcome.status === "ok" ? outcome : { ...outcome, lost: false });
    }
  }

  function onBegan(cell: number): void {
    if (pending?.message.cell === cell) pending.began = true;
    interrupts.began();
  }

  function settleComm(id: number): void {
    output.flush();
    commWaits.get(id)?.();
    commWaits.delete(id);
  }

  function finish(cell: number, outcome: RunOutcome): void {
    output.finish(cell);
    if (pending?.message.cell !== cell) return;
    interrupts.over();
    const { resolve } = pending;
    pending = null;
    resolve(outcome);
  }

  function start(): Child {
    life = { up: false, interrupted: false, exit: null };
    return startChild(cwd, { onText: output.text, onMessage, onDeath });
  }

  function onDeath(how: { code: number | null; signal: NodeJS.Signals | null; stderr: string }): void {
    const { up, interrupted, exit } = life;
    const death = { ...how, exit: exit?.code ?? null, interrupted, early: !up };
    output.flush();
    for (const id of [...commWaits.keys()]) settleComm(id);
    closeComms();
    // One that does not even start is tried again with the next cell, not for ever.
    child = up && closing === null ? start() : null;
    closing?.();
    if (pending !== null && (pending.began || interrupted || child === null)) {
      finish(pending.message.cell, { status: "error", error: describeDeath(death), names: [], lost: true, payload: [] });
    } else if (closing === null && up) {
      onEvent({ type: "lost", reason: describeDeath(death, "Code of an earlier cell").evalue });
      // It had not come to this cell yet.
      if (pending !== null) child?.send(pending.message);
    }
  }

  function closeComms(): void {
    const cell = pending?.message.cell ?? 0;
    for (const commId of comms.clear()) {
      if (closing === null) onEvent({ type: "comm_close", cell, commId, data: {}, metadata: {}, buffers: [] });
    }
  }

  function enqueue({ code, ...request }: RunRequest, scratch: boolean): Promise<RunOutcome> {
    const { js, map, isAsync, lastExpression, modules, timed } = code;
    const message: RunMessage = { type: "run", ...request, js, map, isAsync, lastExpression, modules, timed, scratch };
    const outcome = last.then(() => new Promise<RunOutcome>((resolve) => {
      pending = { message, began: false, resolve };
      child ??= start();
      child.send(message);
      interrupts.sent();
    }));
    last = outcome;
    return outcome;
  }

  child = start();
  return {
    run: (request) => enqueue(request, false),
    evaluate: (request) => enqueue(request, true),
    interrupt: () => { if (pending !== null) interrupts.request(pending.message.cell); },
    answerInput: (value) => child?.send({ type: "answer", value }),
    refuseInput: (reason) => child?.send({ type: "refuse", reason }),
    sendComm(message, cell) {
      comms.see(message);
      const id = ++commCount;
      return new Promise((resolve) => {
        commWaits.set(id, resolve);
        if (child === null) settleComm(id);
        else child.send({ type: "comm", id, cell, message });
      });
    },
    comms: comms.list,
    close(graceMs = GRACE) {
      const ending = child;
      if (ending === null || closing !== null) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => ending.kill(), graceMs);
        closing = () => { clearTimeout(timer); resolve(); };
        ending.hangUp();
      });
    },
  };
}
