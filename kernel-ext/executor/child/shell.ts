/** Shell commands: `!` lines and Jupyter.sh. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { descendants, signalAll } from "../processes.js";
import { Interrupted, owner } from "./cells.js";

/** Milliseconds between asking a command to end and ending it. */
const PATIENCE = 500;

/** Jupyter.sh of globals.d.ts. An interrupt of the cell ends the command and all that it has started. */
export function sh(command: string): Promise<number> {
  const context = owner();
  const child = spawn(command, { shell: true, stdio: ["ignore", "inherit", "inherit"] });
  const signal = context?.controller.signal;
  const stop = (): void => {
    if (child.pid === undefined) return;
    const tree = [child.pid, ...descendants(child.pid)];
    signalAll(tree, "SIGINT");
    setTimeout(() => signalAll(tree, "SIGKILL"), PATIENCE).unref();
  };
  signal?.addEventListener("abort", stop);
  return new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, killer) => {
      if (context?.interrupted === true) return reject(new Interrupted());
      const status = code ?? 128 + (killer === null ? 0 : constants.signals[killer]);
      if (status !== 0) process.stderr.write(killer === null ? `exit status ${status}\n` : `ended by ${killer}\n`);
      resolve(status);
    });
  }).finally(() => signal?.removeEventListener("abort", stop));
}
