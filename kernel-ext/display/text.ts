/** Any value as text. */
import { inspect, type InspectOptions } from "node:util";

/** Characters of a value's text that are shown. */
const LONGEST = 100_000;
/** Elements of an array that are shown. */
const ELEMENTS = 100;

const OPTIONS: InspectOptions = { depth: 4, maxArrayLength: ELEMENTS, maxStringLength: 10_000, breakLength: 100, colors: false };

/** As Node's REPL shows it, without colours, and short: large arrays, deep objects and long strings are cut. */
export function textOf(value: unknown): string {
  let text: string;
  try {
    text = value instanceof Float32Array ? textOfSingles(value) : inspect(value, OPTIONS);
  } catch (error) {
    // A getter or an inspect method of the user's.
    const reason = error instanceof Error ? error.message : String(error);
    text = `${Object.prototype.toString.call(value)} (its text could not be made: ${reason})`;
  }
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n... ${(text.length - LONGEST).toLocaleString("en-US")} more characters`;
}

/** Node shows 0.1 of single precision as 0.10000000149011612: digits that say nothing. */
function textOfSingles(values: Float32Array): string {
  // One more than is shown: the text then ends with how many are not.
  const shown = Float64Array.from(values.subarray(0, ELEMENTS + 1), shortest);
  const hidden = values.length - ELEMENTS;
  return inspect(shown, OPTIONS).replace(/^Float64Array\(\d+\)/, `Float32Array(${values.length})`)
    .replace(/\.\.\. 1 more item\n/, `... ${hidden} more item${hidden === 1 ? "" : "s"}\n`);
}

/** The number of fewest digits that is this one in single precision. */
function shortest(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), value)) return short;
  }
  return value;
}
