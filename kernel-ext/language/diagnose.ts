/** The errors of a cell and of the user's files that it imports. */
import { relative } from "node:path";
import { placeOf, toOriginal, type Edit } from "./edits.js";
import { ownFilesBelow } from "./modules.js";
import { PREFIX } from "./parse.js";
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
  /** What was compiled. */
  cell: ts.SourceFile;
  cwd: string;
  /** The cell as typed, and how it became what was compiled. */
  code: string;
  edits: readonly Edit[];
}

/** As the session shows them: in the order of the cell, then of the files, each once, places in what the user wrote. */
export function toDiagnostics(ts: Typescript, found: readonly ts.Diagnostic[], origin: Origin): Diagnostic[] {
  const diagnostics = found.map((diagnostic) => toDiagnostic(ts, diagnostic, origin));
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const key = JSON.stringify(diagnostic);
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => (a.file ?? "").localeCompare(b.file ?? "") || a.start.offset - b.start.offset);
}

function toDiagnostic(ts: Typescript, diagnostic: ts.Diagnostic, origin: Origin): Diagnostic {
  const { file, start = 0, length = 0, code } = diagnostic;
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  if (file !== undefined && file !== origin.cell) {
    const [from, to] = [placeOf(file.text, start), placeOf(file.text, start + length)];
    return { start: from, end: to, message, code, file: relative(origin.cwd, file.fileName) };
  }
  const inCell = (offset: number): number => toOriginal(origin.edits, Math.max(0, offset - PREFIX.length));
  return cellDiagnostic(origin.code, { start: inCell(start), end: inCell(start + length), message, code });
}

/** Of a problem whose offsets count in the cell as typed. One that ends where it starts, a shell line's, goes to its line's end. */
export function cellDiagnostic(code: string, problem: { start: number; end: number; message: string; code?: number }): Diagnostic {
  const { start, message } = problem;
  const end = problem.end > start ? problem.end : endOfLine(code, start);
  return { start: placeOf(code, start), end: placeOf(code, end), message, code: problem.code ?? 0 };
}

const endOfLine = (code: string, offset: number): number => {
  const end = code.indexOf("\n", offset);
  return end === -1 ? code.length : end;
};
