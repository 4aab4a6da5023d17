/** Converts cells: prepared, checked, lowered, with what they declare. */
import type { Converter } from "tslab/dist/converter.js";
import { createSteeredConverter, type SteeredConverter } from "./converter.js";
import type { Declaration, Declarations } from "./declarations.js";
import { cellDiagnostic, toDiagnostics } from "./diagnose.js";
import { toOriginal } from "./edits.js";
import { prepareCell, type PreparedCell } from "./magics.js";
import { toCellMap } from "./maps.js";
import { createModules } from "./modules.js";
import { declaredNames, withoutExports } from "./parse.js";
import { createPass, type Output } from "./pass.js";
import { innerDeclaration, meaningIn, sourcesByName, splitDeclarations } from "./splitDeclarations.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";
import type { Conversion, ConvertedCell, Diagnostic, Place } from "./types.js";

/** Of the function that a cell becomes the body of. */
const PARAMETERS = ["exports", "require", "__import"];

export interface Cells {
  compiler: SteeredConverter;
  convert(request: { code: string; declarations: Declarations }): Converted;
  /** Files are sent again, and looked for again. */
  reset(): void;
}

export interface Converted {
  conversion: Conversion;
  /** What the cell declares, if it runs. */
  declared: Declaration[];
  /** To be called when it has run: it has taken its modules, and its commands may have changed what there is. */
  ran(): void;
}

/** A cell that was converted, and what its conversion rests on besides its text. */
interface Known {
  code: string;
  declarations: string;
  /** The number of its program; to keep the program would keep its memory. */
  program: number;
  conversion: ConvertedCell;
  declared: Declaration[];
  shell: boolean;
}

/** A converter with its working folder; takes a second. `virtual`: paths of modules that cells define. */
export function createCells({ cwd, language }: Place, virtual: ReadonlySet<string>): Cells {
  const pass = createPass({ cwd, language }, virtual);
  const compiler = createSteeredConverter(pass.steering);
  const { ts, parse } = compiler;
  const sides = createModules(ts);
  let last: Known | undefined;

  function convertText(declarations: string, text: string): ReturnType<Converter["convert"]> {
    pass.begin(text, declaredNames(parse(text)));
    try {
      return compiler.converter.convert(declarations, text);
    } finally {
      pass.end();
    }
  }
  function convertPrepared(code: string, prepared: PreparedCell, declarations: Declarations): Converted {
    const text = withoutExports(parse(prepared.text));
    const result = convertText(declarations.text(), text);
    const program = compiler.programs.current();
    const cell = cellFile(compiler);
    if (pass.found().length > 0) return rejected(toDiagnostics(ts, pass.found(), { cell, cwd, code, edits: prepared.edits }));
    const output = pass.output();
    const originalAt = (offset: number): number => toOriginal(prepared.edits, Math.max(0, offset));
    const original = (start: number, end: number): string => code.slice(originalAt(start), originalAt(end));
    // A block of its own where a name would meet a parameter of the body: `const require = createRequire(...)`.
    const block = output.names.some((name) => PARAMETERS.includes(name));
    const conversion: ConvertedCell = {
      kind: "code", js: block ? `{\n${output.js}}\n` : output.js, isAsync: output.isAsync,
      map: toCellMap(output.map, prepared.edits, { code, text: prepared.text, linesBefore: block ? 1 : 0 }),
      lastExpression: result.lastExpressionVar ?? null, names: output.names, modules: [], timed: prepared.timed,
    };
    const declared = declaredBy(ts, program, cell, { output, original });
    last = { code, declarations: declarations.text(), program: compiler.programs.refresh(), conversion, declared, shell: prepared.shell };
    return withModules(last);
  }
  /** The modules that are due now. */
  function withModules({ conversion, declared, shell }: Known): Converted {
    const { modules, sent } = sides.needed(compiler.programs.current(), cellFile(compiler));
    const ran = (): void => {
      sent();
      // `!npm install x`: what could not be found may be there now.
      if (shell) compiler.programs.startOver();
    };
    const leavesNothing = declared.length === 0 && modules.length === 0 && !shell;
    const stands = leavesNothing && compiler.programs.isFixed();
    return { conversion: { ...conversion, modules, leavesNothing, stands }, declared, ran };
  }
  /** What the last conversion found stands where the cell comes again, and neither declarations nor files have changed. */
  function again(code: string, declarations: Declarations): Converted | undefined {
    if (last === undefined || last.code !== code || last.declarations !== declarations.text()) return undefined;
    return compiler.programs.refresh() === last.program ? withModules(last) : undefined;
  }

  return {
    compiler,
    convert({ code, declarations }) {
      try {
        const known = again(code, declarations);
        if (known !== undefined) return known;
        const prepared = prepareCell(parse, code);
        const problems = prepared.problems.map((problem) => cellDiagnostic(code, problem));
        return problems.length > 0 ? rejected(problems) : convertPrepared(code, prepared, declarations);
      } catch (error) {
        compiler.programs.startOver();
        return rejected([crash(code, error)]);
      }
    },
    reset: () => sides.reset(),
  };
}

const rejected = (diagnostics: Diagnostic[]): Converted =>
  ({ conversion: { kind: "rejected", diagnostics }, declared: [], ran() {} });

export function cellFile({ programs, cellPath }: SteeredConverter): BoundFile {
  const file = programs.current().getSourceFile(cellPath);
  if (file === undefined) throw new Error(`cellFile: expected the program to hold ${cellPath}.`);
  return file;
}

function crash(code: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  const advice = "Earlier cells are not affected; write the cell in another way.";
  return cellDiagnostic(code, { start: 0, end: 0, message: `The TypeScript compiler failed on this cell (${reason}). ${advice}` });
}

function declaredBy(ts: Typescript, program: ts.Program, cell: BoundFile, { output, original }: {
  output: Output; original(start: number, end: number): string;
}): Declaration[] {
  const checker = program.getTypeChecker();
  const symbolOf = (name: string): ts.Symbol | undefined => cell.locals?.get(ts.escapeLeadingUnderscores(name));
  const split = (text: string): Declaration[] => splitDeclarations(ts, text, (name) => meaningIn(ts, checker, symbolOf(name)));
  const exported = split(output.exported).filter(({ name }) => symbolOf(name) !== undefined);
  const isExported = new Set(exported.map(({ name }) => name));
  const declared = [...split(output.declarations).filter(({ name }) => !isExported.has(name)), ...exported];
  const written = new Set(declared.map(({ name }) => name));
  const inner = output.names.filter((name) => !written.has(name));
  declared.push(...inner.map((name) => innerDeclaration(ts, checker, { name, symbol: symbolOf(name), cell })));
  const sources = sourcesByName(ts, cell, original);
  return declared.map((declaration) => {
    const source = sources.get(declaration.name);
    return source === undefined ? declaration : { ...declaration, source };
  });
}
