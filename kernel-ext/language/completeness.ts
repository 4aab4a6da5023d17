/** Whether a cell may run as it stands, or its writer has more to type. */
import { prepareCell } from "./magics.js";
import { PREFIX, type CellParser } from "./parse.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";
import type { Completeness } from "./types.js";

const INDENT = "  ";

/** What is still open at the end, whatever place the compiler gives it: a template, a comment. */
const OPEN = new Set([1160, 1010]);

/** A string ends with its line, or goes on after a backslash. */
const OPEN_STRING = 1002;

export function isComplete(parse: CellParser, code: string): Completeness {
  const prepared = prepareCell(parse, code);
  if (prepared.open) return { status: "incomplete", indent: INDENT };
  const { ts, file } = parse(prepared.text);
  const [first] = [...file.parseDiagnostics ?? []].sort((a, b) => a.start - b.start);
  if (first === undefined && !isHeader(ts, file)) return { status: "complete" };
  if (first === undefined) return { status: "incomplete", indent: indentAfter(prepared.text) };
  if (OPEN.has(first.code)) return { status: "incomplete", indent: "" };
  const atEnd = first.code === OPEN_STRING ? /\\\s*$/.test(prepared.text) : first.start >= endOfCode(file);
  return atEnd ? { status: "incomplete", indent: indentAfter(prepared.text) } : { status: "invalid" };
}

/** Where the last token ends: what is missing there may still come. */
function endOfCode(file: ts.SourceFile): number {
  return file.endOfFileToken.pos < PREFIX.length ? file.text.length : Math.max(PREFIX.length, file.endOfFileToken.pos);
}

/** `function f()` is an overload to the parser, and to its writer a beginning. */
function isHeader(ts: Typescript, file: BoundFile): boolean {
  const last = file.statements.at(-1);
  if (last === undefined || !ts.isFunctionDeclaration(last) || last.body !== undefined) return false;
  return !file.text.slice(last.pos, last.end).trimEnd().endsWith(";")
    && last.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) !== true;
}

/** Brackets, operators and words after which a line goes on. */
const OPENERS = /(?:[{([]|=>|[=+\-*/%&|^?:<.]|\b(?:else|do|try|finally))$/;

const HEADER = /^\s*(?:\}\s*)?(?:else\s+)?(?:if|for|while|function|async function)\b.*\)$/;

/** The last line's indent; a level more after an opening bracket, a header or an operator. */
function indentAfter(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const last = lines.at(-1) ?? "";
  const indent = /^\s*/.exec(last)?.[0] ?? "";
  const code = last.replace(/\/\/.*$/, "").trimEnd();
  return OPENERS.test(code) || HEADER.test(code) ? indent + INDENT : indent;
}
