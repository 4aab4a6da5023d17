/**
 * What was run, across kernels: a file of JSON lines beside Jupyter's data, readable by its owner alone (0600). Lines are
 * appended whole, so kernels that run side by side do not break each other's.
 */
import { appendFileSync, chmodSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import type { HistoryRequest } from "../protocol/requests.js";
import { globPattern } from "./glob.js";

/** One cell: session and line as the protocol has them, input and, where it had one, the text of its result. */
export interface HistoryEntry {
  session: number;
  line: number;
  input: string;
  output: string | null;
}

/** [session, line, input], or [session, line, [input, output]]. */
export type HistoryTuple = [number, number, string | [string, string | null]];

export interface History {
  /** Number of this kernel's session. */
  session: number;
  add(line: number, input: string): void;
  /** The text of the result of `line`. */
  addOutput(line: number, output: string): void;
  query(request: HistoryRequest): HistoryTuple[];
  /** Writes to the file what waits to be written; to be called at the end. */
  flush(): void;
}

/** Milliseconds that lines wait for others: opening a file takes as long as a message to the client. */
const WAIT = 100;
/** Bytes at the file's end that are read: some ten thousand cells. */
const READ_BYTES = 8 * 1024 * 1024;

type Line = { start: number; token: string } | { s: number; n: number; in: string } | { s: number; n: number; out: string };

/**
 * Opens the history. A file that cannot be written (a full disk, a read-only home) costs the memory of older sessions and
 * one line in the log, never a cell.
 * @param file null for a history in memory alone.
 */
export function openHistory(file: string | null, log: (text: string) => void): History {
  let writable = file !== null && prepare(file, log);
  const entries = file === null ? [] : entriesOf(linesOf(file));
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  function flush(): void {
    clearTimeout(timer);
    const text = waiting;
    [timer, waiting] = [undefined, ""];
    if (text === "" || !writable || file === null) return;
    try {
      appendFileSync(file, text, { mode: 0o600 });
    } catch (error) {
      writable = false;
      log(`history: ${file} cannot be written (${(error as Error).message}); this session is kept in memory`);
    }
  }
  function write(line: Line): void {
    waiting += `${JSON.stringify(line)}\n`;
    timer ??= setTimeout(flush, WAIT);
  }
  const claim = (line: Line): void => {
    write(line);
    flush();
  };
  const session = writable ? claimSession(file!, claim) : Math.max(0, ...entries.map((entry) => entry.session)) + 1;
  return {
    session,
    add(line, input) {
      entries.push({ session, line, input, output: null });
      write({ s: session, n: line, in: input });
    },
    addOutput(line, output) {
      const entry = entries.findLast((one) => one.session === session && one.line === line);
      if (entry) entry.output = output;
      write({ s: session, n: line, out: output });
    },
    query: (request) => select(entries, session, request).map((entry) => tupleOf(entry, request.output)),
    flush,
  };
}

/** Makes folder and file with their rights; false if that fails. */
function prepare(file: string, log: (text: string) => void): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    appendFileSync(file, "", { mode: 0o600 });
    chmodSync(file, 0o600);
    return true;
  } catch (error) {
    log(`history: ${file} cannot be written (${(error as Error).message}); this session is kept in memory`);
    return false;
  }
}

/** Kernels that start at once take different numbers: where another has written the same one first, the next is tried. */
function claimSession(file: string, write: (line: Line) => void): number {
  const token = `${process.pid}-${Date.now()}-${Math.round(performance.now() * 1e6)}`;
  for (let lines = linesOf(file); ;) {
    const start = 1 + lines.reduce((most, line) => ("start" in line ? Math.max(most, line.start) : most), 0);
    write({ start, token });
    lines = linesOf(file);
    const first = lines.find((line) => "start" in line && line.start === start);
    // Not there at all where it could not be written.
    if (first === undefined || !("token" in first) || first.token === token) return start;
  }
}

/** The lines at the file's end; what is broken (a kernel was killed while it wrote) is left out. */
function linesOf(file: string): Line[] {
  if (!existsSync(file)) return [];
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, READ_BYTES);
    const buffer = Buffer.alloc(length);
    readSync(descriptor, buffer, 0, length, size - length);
    return buffer.toString("utf8").split("\n").flatMap(parseLine);
  } finally {
    closeSync(descriptor);
  }
}

function parseLine(text: string): Line[] {
  try {
    const line = JSON.parse(text) as Record<string, unknown>;
    const isStart = typeof line.start === "number" && typeof line.token === "string";
    const isCell = typeof line.s === "number" && typeof line.n === "number" && (typeof line.in === "string" || typeof line.out === "string");
    return isStart || isCell ? [line as Line] : [];
  } catch {
    return [];
  }
}

function entriesOf(lines: readonly Line[]): HistoryEntry[] {
  const entries: HistoryEntry[] = [];
  const at = new Map<string, HistoryEntry>();
  for (const line of lines) {
    if ("start" in line) continue;
    if ("in" in line) {
      const entry = { session: line.s, line: line.n, input: line.in, output: null };
      entries.push(entry);
      at.set(`${line.s}/${line.n}`, entry);
    } else {
      const entry = at.get(`${line.s}/${line.n}`);
      if (entry) entry.output = line.out;
    }
  }
  return entries.sort((a, b) => a.session - b.session);
}

function select(entries: readonly HistoryEntry[], current: number, request: HistoryRequest): HistoryEntry[] {
  const { hist_access_type: type, n } = request;
  if (type === "tail") return last(entries, n ?? 10);
  if (type === "range") {
    const session = request.session > 0 ? request.session : current + request.session;
    const [start, stop] = [request.start ?? 1, request.stop ?? Infinity];
    return entries.filter((entry) => entry.session === session && entry.line >= start && entry.line < stop);
  }
  const pattern = globPattern(request.pattern);
  const found = entries.filter(({ input }) => pattern.test(input));
  return last(request.unique ? newestOfEach(found) : found, n ?? Infinity);
}

const last = <T>(values: readonly T[], n: number): T[] => values.slice(Math.max(0, values.length - n));

/** Without repeats of the same input: the newest of each stays. */
function newestOfEach(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const newest = new Map(entries.map((entry) => [entry.input, entry]));
  return entries.filter((entry) => newest.get(entry.input) === entry);
}

const tupleOf = ({ session, line, input, output }: HistoryEntry, withOutput: boolean): HistoryTuple =>
  [session, line, withOutput ? [input, output] : input];
