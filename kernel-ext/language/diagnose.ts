/** The errors of a cell and of the user's files that it imports. */
import { relative } from "node:path";
import { placeOf, toOriginal, type Edit } from "./edits.js";
import { PREFIX } from "./converter.js";
import { ownFilesBelow } from "./modules.js";
import type { ts, Typescript } from "./typescript.js";
import type { Diagnostic } from "./types.js";

/** Syntax errors alone where there are some: what follows from them helps nobody. */
export function diagnose(ts: Typescript, program: ts.Program, cell: ts.SourceFile): readonly ts.Diagnostic[] {
  const files = [cell, ...ownFilesBelow(program, cell)];
  const syntactic = files.flatMap((file) => program.getSyntacticDiagnostics(file));
  const found = syntactic.length > 0 ? syntactic : files.flatMap((file) => program.getSemanticDiagnostics(file));
  return found.filter(({ category }) => category === ts.DiagnosticCategory.Error);
}

interface Origin {
  cwd: string;
  /** The cell as typed, and how it became what was compiled. */
  code: string;
  edits: readonly Edit[];
}

/** As the session shows them: in the order of the cell, then of the files, each once, places in what the user wrote. */
export function toDiagnostics(ts: Typescript, found: readonly ts.Diagnostic[], cell: ts.SourceFile, origin: Origin): Diagnostic[] {
  const diagnostics = found.map((diagnostic) => toDiagnostic(ts, diagnostic, cell, origin));
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const key = JSON.stringify(diagnostic);
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => (a.file ?? "").localeCompare(b.file ?? "") || a.start.offset - b.start.offset);
}

function toDiagnostic(ts: Typescript, { file, start = 0, length = 0, messageText, code }: ts.Diagnostic, cell: ts.SourceFile, origin: Origin): Diagnostic {
  const message = ts.flattenDiagnosticMessageText(messageText, "\n");
  if (file !== undefined && file !== cell) {
    const [from, to] = [placeOf(file.text, start), placeOf(file.text, start + length)];
    return { start: from, end: to, message, code, file: relative(origin.cwd, file.fileName) };
  }
  const inCell = (offset: number): number => toOriginal(origin.edits, Math.max(0, offset - PREFIX.length));
  return cellDiagnostic(origin.code, { start: inCell(start), end: inCell(start + length), message, code });
}

/** Of a problem whose offsets count in the cell as typed. An end inside a shell line is moved to the line's end. */
export function cellDiagnostic(code: string, problem: { start: number; end: number; message: string; code?: number }): Diagnostic {
  const start = placeOf(code, problem.start);
  const end = problem.end > problem.start ? problem.end : endOfLine(code, problem.start);
  return { start, end: placeOf(code, problem.end === problem.start && problem.start >= code.trimEnd().length ? problem.start : end),
    message: problem.message, code: problem.code ?? 0 };
}

const endOfLine = (code: string, offset: number): number => {
  const end = code.indexOf("\n", offset);
  return end === -1 ? code.length : end;
};
