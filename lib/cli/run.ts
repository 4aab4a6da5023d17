/** What every command does around its own work: Ctrl-C, errors, exit status. */
import { interruption, type Interruption } from "./interrupt.js";
import { report } from "./errors.js";
import { exitCodes } from "./exitCodes.js";

/** Runs the body of a command and sets the exit status: what it returns, the signal's, or the error's. */
export async function run(flags: { json?: boolean }, body: (stop: Interruption) => Promise<number | void>): Promise<void> {
  const stop = interruption();
  try {
    process.exitCode = (await body(stop)) ?? exitCodes.ok;
  } catch (error) {
    // What was stopped may end in an error of whatever was going on: that is not the news.
    process.exitCode = stop.status() ?? report(error, { json: flags.json === true });
  } finally {
    stop.release();
  }
}
