/** What a cell may hold beside TypeScript: shell lines and %%time. They become TypeScript before anything else sees them. */
import { applyEdits, type Edit } from "./edits.js";
import { startsStatement, type CellParser } from "./parse.js";

export interface Problem {
  start: number;
  end: number;
  message: string;
}

export interface PreparedCell {
  text: string;
  /** From the cell as typed to `text`. No edit changes the number of lines. */
  edits: Edit[];
  timed: boolean;
  /** Whether the cell has shell lines. */
  shell: boolean;
  /** Magics that d90 does not know. */
  problems: Problem[];
  /** Whether the last shell line goes on: it ends with a backslash. */
  open: boolean;
}

/** The command of a shell line, up to a line that does not end with a backslash; or the name of a magic. */
const CANDIDATE = /^[ \t]*(?:!(?=[\w./~$"'{[-])((?:[^\n\\]|\\[^\n]|\\\n)*\\?)|(%%?[A-Za-z]\w*)[^\n]*)/gm;

/** TypeScript 5.0 does not know `with {type: "json"}` yet, and needs none. */
const ATTRIBUTES = /^[ \t]*(?:import|export)\b[^;"'`]*["'][^"'\n]*["'][ \t]*(with[ \t]*\{[^}\n]*\})/gm;

/**
 * Replaces shell lines, wherever a statement may begin, by `void await Jupyter.sh("...")`, and blanks %%time on the first line.
 * A line that begins with `!(` or `!!` is TypeScript's negation.
 */
export function prepareCell(parse: CellParser, typed: string): PreparedCell {
  const code = typed.replace(ATTRIBUTES, (match, { length }: string) => match.slice(0, -length) + " ".repeat(length));
  const prepared: PreparedCell = { text: code, edits: [], timed: false, shell: false, problems: [], open: false };
  const time = /^\s*%%time[ \t]*(?=\n|$)/.exec(code)?.[0];
  if (time !== undefined) {
    prepared.timed = true;
    prepared.edits.push({ start: 0, end: time.length, text: time.replace(/[^\n]/g, " ") });
  }
  for (const { 0: match, 1: command, 2: magic, index } of code.matchAll(CANDIDATE)) {
    const start = index + match.length - match.trimStart().length;
    if (start < (time?.length ?? 0) || !mayBegin(parse, applyEdits(code.slice(0, start), prepared.edits))) continue;
    const end = index + match.length;
    if (command !== undefined) addShellLine(prepared, { start, end, command, last: end === code.length });
    else prepared.problems.push({ start, end: start + (magic?.length ?? 0), message: unknownMagic(magic ?? "%") });
    if (magic !== undefined) prepared.edits.push({ start, end, text: " ".repeat(end - start) });
  }
  prepared.text = applyEdits(code, prepared.edits);
  return prepared;
}

function addShellLine(prepared: PreparedCell, line: { start: number; end: number; command: string; last: boolean }): void {
  const { start, end, command, last } = line;
  const newLines = command.replace(/[^\n]/g, "");
  prepared.shell = true;
  prepared.open = last && /\\\s*$/.test(command);
  prepared.edits.push({ start, end, text: `void await Jupyter.sh(${JSON.stringify(command.trimEnd())});${newLines}` });
}

/** Whether a statement may begin after `before`: not inside brackets, strings, templates, comments or an expression. */
function mayBegin(parse: CellParser, before: string): boolean {
  return before.trim() === "" || startsStatement(parse(`${before}!x`), before.length);
}

function unknownMagic(magic: string): string {
  if (magic === "%%time") return "%%time stands alone on the first line of a cell, and times all of it.";
  return `${magic} is no magic of this kernel. It has %%time on the first line of a cell, and !command for the shell.`;
}
