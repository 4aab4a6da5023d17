/** Runs cells, one at a time, and sends their outcomes. */
import vm from "node:vm";
import { toBundle } from "../../display/bundle.js";
import type { Outcome, RunMessage } from "../messages.js";
import type { ErrorReport, MimeBundle } from "../types.js";
import { createContext, displaying, Interrupted, runningCell, setRunning, within, type CellContext } from "./cells.js";
import { send, sendNow } from "./events.js";
import type { CellExports } from "./exports.js";
import { interruptedEarly, interruptedReport, interruptWaits, undisturbed } from "./interrupts.js";
import type { Modules } from "./modules.js";
import { attribute, writeAs } from "./output.js";
import { registerCell } from "./sources.js";
import { reportThrown } from "./traceback.js";

export interface Runner {
  start(message: RunMessage): void;
  /** Ends the running cell with an error, if it is this one: a late exception, an interrupt. */
  fail(context: CellContext, error: ErrorReport): void;
}

type Ending = { result: MimeBundle | null } | { error: ErrorReport };

/** @param onSettled called when a cell has ended, before its outcome is sent. */
export function createRunner(cells: CellExports, modules: Modules, onSettled: (context: CellContext) => void): Runner {
  let current: RunMessage | null = null;
  let began = { time: process.hrtime.bigint(), usage: process.cpuUsage() };

  function start(message: RunMessage): void {
    const context = createContext({ id: message.cell, allowStdin: message.allowStdin });
    current = message;
    setRunning(context);
    if (!attribute(message.cell)) sendNow({ type: "began", cell: message.cell });
    cells.begin();
    modules.update(message.modules);
    began = { time: process.hrtime.bigint(), usage: process.cpuUsage() };
    if (interruptedEarly(message.cell)) return settle(context, { error: interruptedReport() });
    within(context, () => evaluate(message, context)).then(
      (result) => settle(context, { result }),
      (thrown: unknown) => settle(context, { error: errorOf(context, thrown) }));
  }

  async function evaluate(message: RunMessage, { displays }: CellContext): Promise<MimeBundle | null> {
    const file = registerCell(message.label, message.cell, message.source, message.map);
    const { require, load } = modules.forCell(file);
    // On its own line, so that columns stay; line numbers begin after it.
    const head = `${message.isAsync ? "async " : ""}function (exports, require, __import)`;
    const body: unknown = vm.runInThisContext(`(${head} {\n${message.js}\n})`, {
      filename: file, lineOffset: -1, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    if (typeof body !== "function") throw new Error("The cell was not compiled to a function.");
    const pending: unknown = Reflect.apply(body, undefined, [cells.exports, require, load]);
    if (message.isAsync) await pending;
    if (displays.size > 0) await Promise.allSettled(displays);
    const value = message.lastExpression === null ? undefined : cells.take(message.lastExpression);
    return value === undefined || isDisplay(value) ? null : toBundle(value);
  }

  function settle(context: CellContext, ending: Ending): void {
    undisturbed(() => {
      if (context.settled || current === null) return;
      const message = current;
      onSettled(context);
      if (message.timed) writeAs(context, 1, Buffer.from(timing()));
      if (message.lastExpression !== null) cells.take(message.lastExpression);
      const names = cells.changed();
      if (message.scratch) cells.undo();
      const shared = { names, payload: context.payload };
      deliver(message.cell, "error" in ending ? { status: "error", ...ending, ...shared } : { status: "ok", ...ending, ...shared });
      context.settled = true;
      current = null;
      setRunning(null);
    });
  }

  /** "Wall time: 1.23 s (CPU 0.98 s)" */
  function timing(): string {
    const wall = Number(process.hrtime.bigint() - began.time) / 1e9;
    const { user, system } = process.cpuUsage(began.usage);
    return `Wall time: ${seconds(wall)} (CPU ${seconds((user + system) / 1e6)})\n`;
  }

  return {
    start,
    fail: (context, error) => { if (runningCell() === context) settle(context, { error }); },
  };
}

const isDisplay = (value: unknown): boolean => typeof value === "object" && value !== null && displaying.has(value);

function deliver(cell: number, outcome: Outcome): void {
  try {
    send({ type: "outcome", cell, outcome });
  } catch (error) {
    // A bundle or payload that cannot be copied to another process.
    send({ type: "outcome", cell, outcome: { status: "error", error: reportThrown(error), names: outcome.names, payload: [] } });
  }
}

/** After an interrupt whatever is thrown is its consequence: aborted fetches, killed commands. */
const errorOf = (context: CellContext, thrown: unknown): ErrorReport =>
  context.interrupted || interruptWaits() || thrown instanceof Interrupted ? interruptedReport() : reportThrown(thrown);

const seconds = (value: number): string => (value < 1 ? `${Math.round(value * 1e3)} ms` : `${value.toFixed(2)} s`);
