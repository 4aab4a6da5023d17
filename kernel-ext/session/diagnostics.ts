/** What the compiler found, as the traceback of an error: place, line and a caret under the problem. */
import { excerpt } from "../display/excerpt.js";
import type { Diagnostic } from "../language/types.js";
import type { ErrorReport } from "../executor/types.js";

const red = (text: string): string => `\x1b[31m${text}\x1b[39m`;
const dim = (text: string): string => `\x1b[2m${text}\x1b[22m`;
const cyan = (text: string): string => `\x1b[36m${text}\x1b[39m`;

/** Problems that are shown; the others are counted. */
const SHOWN = 10;

/** The error message of a cell that the compiler rejected. `label`: what the cell is called, "In[3]". */
export function rejectionReport(diagnostics: readonly Diagnostic[], source: string, label: string): ErrorReport {
  const lines = source.split("\n");
  const blocks = diagnostics.slice(0, SHOWN).flatMap((diagnostic) => [...blockOf(diagnostic, lines, label), ""]);
  const hidden = diagnostics.length - SHOWN;
  if (hidden > 0) blocks.push(dim(`... and ${hidden} more`));
  const [first] = diagnostics;
  const evalue = first === undefined ? "the cell cannot be compiled" : `${placeOf(first, label)} - ${numberOf(first)}${first.message}`;
  return { ename: "TypeScriptError", evalue, traceback: trimEnd(blocks) };
}

/** "TS2322: ", or nothing for what the kernel itself objects to. */
const numberOf = ({ code }: Diagnostic): string => (code === 0 ? "" : `TS${code}: `);

const placeOf = ({ file, start }: Diagnostic, label: string): string => `${file ?? label}:${start.line + 1}:${start.column + 1}`;

function blockOf(diagnostic: Diagnostic, lines: readonly string[], label: string): string[] {
  const { start, end, message, file } = diagnostic;
  const head = `${cyan(placeOf(diagnostic, label))} - ${red("error")} ${dim(numberOf(diagnostic))}${message}`;
  const line = file === undefined ? lines[start.line] : undefined;
  if (line === undefined) return [head];
  const width = end.line === start.line ? Math.max(1, end.column - start.column) : Math.max(1, line.length - start.column);
  const number = `${start.line + 1}`;
  const shown = excerpt(line, start.column, width);
  const caret = `${shown.indent}${red("^".repeat(shown.width))}`;
  return [head, `${dim(`${number} |`)} ${shown.text}`, `${" ".repeat(number.length)} ${dim("|")} ${caret}`];
}

function trimEnd(lines: string[]): string[] {
  while (lines.at(-1) === "") lines.pop();
  return lines;
}
