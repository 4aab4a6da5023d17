/** Errors as the notebook shows them: name, message, the user's line with a caret, frames, causes. */
import { readFileSync } from "node:fs";
import { inspect, types } from "node:util";
import { excerpt } from "../../display/excerpt.js";
import type { ErrorReport } from "../types.js";
import { frameLines, readFrames, shortPath, type Frame } from "./frames.js";
import { sourceShownAs } from "./sources.js";

const RED = "\x1b[31m";
const PLAIN = "\x1b[39m";

/** How deep causes and collected errors are shown. */
const DEPTH = 5;
/** Errors of an AggregateError that are shown. */
const COLLECTED = 10;

/** An error report for whatever was thrown. */
export function reportThrown(thrown: unknown): ErrorReport {
  if (!isError(thrown)) {
    const evalue = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2, maxArrayLength: 20, maxStringLength: 2_000 });
    return { ename: "Thrown", evalue, traceback: [`${RED}Thrown${PLAIN}: ${evalue}`] };
  }
  const ename = nameOf(thrown);
  return { ename, evalue: messageOf(thrown), traceback: linesOf(thrown, new Set(), 0) };
}

/** A report that has no stack: the kernel's own words. */
export function plainReport(ename: string, evalue: string): ErrorReport {
  return { ename, evalue, traceback: [`${RED}${ename}${PLAIN}: ${evalue}`] };
}

/** Errors of other contexts (vm) are no instances of this one's Error. */
const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

/** The class's name says more where a subclass has not set its own. */
function nameOf(error: Error): string {
  const name = textOr(() => error.name, "Error") || "Error";
  return name === "Error" ? textOr(() => error.constructor.name, name) || name : name;
}
const messageOf = (error: Error): string => textOr(() => error.message, "");

/** Getters of the user's errors may throw, and hold no text. */
function textOr(read: () => unknown, fallback: string): string {
  try {
    const value = read();
    return typeof value === "string" ? value : value === undefined ? fallback : inspect(value);
  } catch {
    return fallback;
  }
}

function linesOf(error: Error, seen: Set<unknown>, depth: number): string[] {
  seen.add(error);
  const stack = textOr(() => error.stack, "");
  const frames = readFrames(stack);
  const message = messageOf(error);
  const heading = `${RED}${nameOf(error)}${PLAIN}${message === "" ? "" : `: ${message}`}`;
  const top = frames.find(({ origin }) => origin === "user");
  return [
    ...heading.split("\n"), ...syntaxLines(error, stack), ...(top === undefined ? [] : quote(top)), ...frameLines(frames),
    ...propertyLines(error), ...nestedLines(error, seen, depth),
  ];
}

/** V8 puts the place of a syntax error before the message, not into the frames. */
function syntaxLines(error: Error, stack: string): string[] {
  if (!(error instanceof SyntaxError)) return [];
  const before = stack.split("\n");
  const end = before.findIndex((line) => line.startsWith("SyntaxError"));
  return end > 0 ? before.slice(0, end).filter((line) => line.trim() !== "").map((line) => `    ${line}`) : [];
}

/** The frame's line with one before it and a caret under its column. */
function quote({ file, line, column }: Frame): string[] {
  const text = textOf(file);
  const lines = text?.split(/\r?\n/) ?? [];
  const here = lines[line - 1];
  if (here === undefined) return [];
  const width = String(line).length;
  const numbered = (at: number, mark: string, text: string): string => `${mark} ${String(at).padStart(width)} | ${text}`;
  const { text: shown, indent } = excerpt(here, column - 1);
  return [
    `${shortPath(file).replace(/#\d+$/, "")}:${line}:${column}`,
    ...(line > 1 ? [`\x1b[2m${numbered(line - 1, " ", excerpt(lines[line - 2] ?? "", 0).text)}\x1b[22m`] : []),
    numbered(line, ">", shown),
    `  ${" ".repeat(width)} | ${indent}${RED}^${PLAIN}`,
  ];
}

function textOf(file: string): string | null {
  const known = sourceShownAs(file);
  if (known !== undefined) return known.text;
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** What the error carries besides: `code: 'ENOENT'` and the like. */
function propertyLines(error: Error): string[] {
  const known = new Set(["stack", "message", "name", "cause", "errors"]);
  const entries = Object.keys(error).filter((key) => !known.has(key)).slice(0, 10);
  return entries.map((key) => {
    const short = { depth: 1, breakLength: Infinity, maxArrayLength: 5, maxStringLength: 200 };
    const value = textOr(() => inspect(Reflect.get(error, key), short), "?");
    return `    \x1b[2m${key}: ${value}\x1b[22m`;
  });
}

function nestedLines(error: Error, seen: Set<unknown>, depth: number): string[] {
  const nested: [string, unknown][] = [];
  if (error.cause !== undefined) nested.push(["cause", error.cause]);
  if (error instanceof AggregateError) {
    nested.push(...error.errors.slice(0, COLLECTED).map((one, index): [string, unknown] => [`errors[${index}]`, one]));
  }
  const lines = nested.flatMap(([label, value]) => {
    const inner = seen.has(value) ? ["(see above)"] : depth >= DEPTH ? ["..."]
      : isError(value) ? linesOf(value, seen, depth + 1) : [inspect(value, { depth: 1 })];
    return inner.map((line, index) => (index === 0 ? `  [${label}] ${line}` : `  ${line}`));
  });
  const more = error instanceof AggregateError ? error.errors.length - COLLECTED : 0;
  return more > 0 ? [...lines, `  ... ${more} more errors`] : lines;
}
