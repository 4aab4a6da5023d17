/** Ctrl-C: the first stops at the next step and keeps what there is, the second exits at once. */
import { exitCodes } from "./exitCodes.js";
import { say } from "./output.js";

export interface Interruption {
  signal: AbortSignal;
  /** The exit status that follows from the signal that came; null when none came. */
  status(): number | null;
  /** Stops listening. */
  release(): void;
}

/** Listens to SIGINT and SIGTERM until `release`. */
export function interruption(): Interruption {
  const controller = new AbortController();
  let status: number | null = null;
  const onSignal = (name: NodeJS.Signals): void => {
    const code = name === "SIGINT" ? exitCodes.interrupted : exitCodes.terminated;
    if (status !== null) process.exit(code);
    status = code;
    say("\nStopping after this step, and keeping what there is; once more to exit at once.");
    controller.abort(new Error(`stopped by ${name}`));
  };
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    status: () => status,
    release: () => { for (const name of names) process.off(name, onSignal); },
  };
}
