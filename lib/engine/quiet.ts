/** TensorFlow announces oneDNN on standard error while its library loads, and no variable stops it: it is held back. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

interface Quiet {
  hold(): void;
  /** What was written meanwhile. */
  release(): string;
}

const require = createRequire(import.meta.url);

/** What says nothing that a user could act on. */
const ANNOUNCEMENTS = /oneDNN custom operations are on|written to STDERR|^\s*$/;

/** The lines of `text` that are no announcements. */
export const worthShowing = (text: string): string[] => text.split("\n").filter((line) => !ANNOUNCEMENTS.test(line));

/**
 * Runs `load` with standard error held back, and shows afterwards what is no announcement. Without the addon (no compiler),
 * or with D90_DEBUG, nothing is held.
 * @param addon file that the set-up compiles.
 */
export function quietly<T>(addon: string, load: () => T): T {
  if (process.env["D90_DEBUG"] !== undefined || !existsSync(addon)) return load();
  const quiet: Quiet = require(addon);
  quiet.hold();
  try {
    return load();
  } finally {
    for (const line of worthShowing(quiet.release())) process.stderr.write(`${line}\n`);
  }
}
