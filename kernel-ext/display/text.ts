/** Any value as text. */
import { inspect } from "node:util";

/** Characters of a value's text that are shown. */
const LONGEST = 100_000;

/** As Node's REPL shows it, without colours, and short: large arrays, deep objects and long strings are cut. */
export function textOf(value: unknown): string {
  let text: string;
  try {
    text = inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100, colors: false });
  } catch (error) {
    // A getter or an inspect method of the user's.
    const reason = error instanceof Error ? error.message : String(error);
    text = `${Object.prototype.toString.call(value)} (its text could not be made: ${reason})`;
  }
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n... ${(text.length - LONGEST).toLocaleString("en-US")} more characters`;
}
