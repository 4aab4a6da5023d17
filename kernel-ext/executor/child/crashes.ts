/** Exceptions that nobody catches, rejections that nobody handles, and process.exit. */
import type { ErrorReport } from "../types.js";
import { Interrupted, owner, runningCell, type CellContext } from "./cells.js";
import { send } from "./events.js";
import { writeAs } from "./output.js";
import { reportThrown } from "./traceback.js";

/** @param fail ends the running cell with an error. */
export function installCrashes(fail: (context: CellContext, error: ErrorReport) => void): void {
  const onStray = (name: string, thrown: unknown): void => {
    // What an interrupt leaves behind has been reported as interrupted; who listens himself deals with it himself.
    if (thrown instanceof Interrupted || process.listenerCount(name) > 1) return;
    const context = owner();
    const running = runningCell();
    if (context !== null && context === running) return fail(running, reportThrown(thrown));
    if (context?.interrupted === true) return;
    writeAs(context, 2, Buffer.from(`${reportThrown(thrown).traceback.join("\n")}\n`));
  };
  for (const name of ["uncaughtException", "unhandledRejection"]) process.on(name, (thrown: unknown) => onStray(name, thrown));
  process.on("exit", (code) => send({ type: "exit", cell: owner()?.id ?? 0, code }));
  // Clients send it to the whole process group; interrupts come on a pipe of their own.
  process.on("SIGINT", () => undefined);
}
