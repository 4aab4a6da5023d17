/** Why a child has ended, in plain words. */
import { plainReport } from "../child/traceback.js";
import type { ErrorReport } from "../types.js";

export interface Death {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What process.exit was called with, where it was. */
  exit: number | null;
  /** The interrupt's last stage. */
  interrupted: boolean;
  /** It never came to run a cell. */
  early: boolean;
  /** The end of its standard error. */
  stderr: string;
}

const GONE = "A new process was started; every variable is gone.";

export function describeDeath({ code, signal, exit, interrupted, early, stderr }: Death, subject = "The cell"): ErrorReport {
  if (interrupted) return plainReport("Interrupted", `${subject} did not stop when it was interrupted, so its process was ended. ${GONE}`);
  if (/JavaScript heap out of memory|Allocation failed - /.test(stderr)) {
    return plainReport("OutOfMemory", `${subject} needed more memory than JavaScript's heap may have. ${GONE} `
      + "NODE_OPTIONS=--max-old-space-size=8192, set before Jupyter starts, allows 8 GB.");
  }
  if (early) {
    return plainReport("ExecutorFailed", `The process that runs cells did not start (${how(code, signal)}): ${lastLines(stderr)}`);
  }
  if (exit !== null && signal === null) return plainReport("ProcessExit", `${subject} called process.exit(${exit}). ${GONE}`);
  const hint = signal === "SIGKILL" ? " Perhaps the system was short of memory." : "";
  return plainReport("Crashed", `The process that ran the cells ended (${how(code, signal)}).${hint} ${GONE}`);
}

const how = (code: number | null, signal: NodeJS.Signals | null): string => (signal === null ? `exit code ${code}` : signal);

const lastLines = (text: string): string => text.trim().split("\n").slice(-20).join("\n") || "it said nothing";
