/** Converts cells: prepared, checked, lowered, with what they declare. */
import type { Converter } from "tslab/dist/converter.js";
import { innerDeclaration, meaningIn, sourcesByName, splitDeclarations, type Declaration, type Declarations } from "./declarations.js";
import { cellDiagnostic, diagnose, toDiagnostics } from "./diagnose.js";
import { toOriginal } from "./edits.js";
import { lowerCell, type CellLowering } from "./lowerCell.js";
import { prepareCell, type PreparedCell } from "./magics.js";
import { toCellMap } from "./maps.js";
import { createModules } from "./modules.js";
import { createSteeredConverter, PREFIX, type Steering, type SteeredConverter } from "./converter.js";
import { declaredNames, parseCell, withoutExports } from "./parse.js";
import { ownFileOf } from "./resolution.js";
import type { BoundFile, ForcingProgram, ts, Typescript } from "./typescript.js";
import type { Conversion, ConvertedCell, Diagnostic } from "./types.js";

/** Of the function that a cell becomes the body of. */
const PARAMETERS = ["exports", "require", "__import"];

/** What the compiler writes for a cell. */
interface Output {
  js: string;
  map: string;
  declarations: string;
  names: string[];
  isAsync: boolean;
}

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

/** A converter with its working folder; takes a second. `virtual`: paths of modules that cells define. */
export function createCells(cwd: string, virtual: ReadonlySet<string>): Cells {
  const pass = createPass(cwd, virtual);
  const compiler = createSteeredConverter(pass.steering);
  const { ts } = compiler;
  const sides = createModules(ts);

  function convertText(declarations: string, text: string): ReturnType<Converter["convert"]> {
    pass.begin(text, declaredNames(parseCell(ts, text)));
    try {
      return compiler.converter.convert(declarations, text);
    } finally {
      pass.end();
    }
  }
  function convertPrepared(code: string, prepared: PreparedCell, declarations: Declarations): Converted {
    const text = withoutExports(parseCell(ts, prepared.text));
    const result = convertText(declarations.text(), text);
    const program = compiler.programs.current();
    const cell = cellFile(compiler);
    if (pass.found().length > 0) return rejected(toDiagnostics(ts, pass.found(), cell, { cwd, code, edits: prepared.edits }));
    const output = pass.output();
    const original = (start: number, end: number): string => code.slice(toOriginal(prepared.edits, Math.max(0, start)), toOriginal(prepared.edits, end));
    // A block of its own where a name would meet a parameter of the body: `const require = createRequire(...)`.
    const block = output.names.some((name) => PARAMETERS.includes(name));
    const { modules, sent } = sides.needed(program, cell);
    const conversion: ConvertedCell = {
      kind: "code", js: block ? `{\n${output.js}}\n` : output.js, isAsync: output.isAsync,
      map: toCellMap(output.map, prepared.edits, { code, text: prepared.text, linesBefore: block ? 1 : 0 }),
      lastExpression: result.lastExpressionVar ?? null, names: output.names, modules, timed: prepared.timed,
    };
    const ran = (): void => {
      sent();
      // `!npm install x`: what could not be found may be there now.
      if (prepared.shell) compiler.programs.startOver();
    };
    return { conversion, declared: declaredBy(ts, program, cell, { output, original }), ran };
  }

  return {
    compiler,
    convert({ code, declarations }) {
      const prepared = prepareCell(ts, code);
      const problems = prepared.problems.map((problem) => cellDiagnostic(code, problem));
      if (problems.length > 0) return rejected(problems);
      try {
        return convertPrepared(code, prepared, declarations);
      } catch (error) {
        compiler.programs.startOver();
        return rejected([crash(code, error)]);
      }
    },
    reset: () => sides.reset(),
  };
}

const rejected = (diagnostics: Diagnostic[]): Converted => ({ conversion: { kind: "rejected", diagnostics }, declared: [], ran() {} });

export function cellFile({ programs, cellPath }: SteeredConverter): BoundFile {
  const file = programs.current().getSourceFile(cellPath);
  if (file === undefined) throw new Error(`cellFile: expected the program to hold ${cellPath}.`);
  return file;
}

function crash(code: string, error: unknown): Diagnostic {
  const reason = error instanceof Error ? error.message : String(error);
  const message = `The TypeScript compiler failed on this cell (${reason}). Earlier cells are not affected; write the cell in another way.`;
  return cellDiagnostic(code, { start: 0, end: 0, message });
}

function declaredBy(ts: Typescript, program: ts.Program, cell: BoundFile, { output, original }: {
  output: Output; original(start: number, end: number): string;
}): Declaration[] {
  const checker = program.getTypeChecker();
  const symbolOf = (name: string): ts.Symbol | undefined => cell.locals?.get(ts.escapeLeadingUnderscores(name));
  const declared = splitDeclarations(ts, output.declarations, (name) => meaningIn(ts, checker, symbolOf(name)));
  const written = new Set(declared.map(({ name }) => name));
  for (const name of output.names) if (!written.has(name)) declared.push(innerDeclaration(ts, checker, { name, symbol: symbolOf(name), cell }));
  const sources = sourcesByName(ts, cell, original);
  return declared.map((declaration) => {
    const source = sources.get(declaration.name);
    return source === undefined ? declaration : { ...declaration, source };
  });
}

interface Pass {
  steering(ts: Typescript): Steering;
  begin(text: string, names: readonly string[]): void;
  end(): void;
  found(): readonly ts.Diagnostic[];
  output(): Output;
}

/** What goes in and out of tslab's converter besides its arguments and its result, one cell at a time. */
function createPass(cwd: string, virtual: ReadonlySet<string>): Pass {
  let text: string | undefined;
  let found: readonly ts.Diagnostic[] = [];
  let output: Output | undefined;
  let restore = (): void => {};
  return {
    steering: (ts) => ({
      cwd, virtual,
      cellText: () => text,
      diagnose: (program, cell) => (found = diagnose(ts, program, cell)),
      emit(program, file, writeFile, _token, _only, transformers) {
        const emitted = emitCell(ts, { program, file, transformers, cwd });
        output = emitted;
        restore = hideDeclarations(ts, program.getSourceFile(`${cwd}/__prev__.d.ts`));
        writeFile?.("outDir/__tslab__.js", emitted.js, false);
        writeFile?.("outDir/__tslab__.d.ts", emitted.declarations, false);
        return { emitSkipped: false, diagnostics: [] };
      },
    }),
    begin(cell, names) {
      [found, output] = [[], undefined];
      // The same words as tslab's, which are then no change to it.
      text = `${PREFIX}${cell}${names.length === 0 ? "" : `\nexport {${names.join(", ")}}`}`;
    },
    end() {
      text = undefined;
      restore();
    },
    found: () => found,
    output() {
      if (output === undefined) throw new Error("convert: expected tslab to emit the cell.");
      return output;
    },
  };
}

/**
 * tslab goes on to print which declarations remain, a work that grows with the notebook, and changes their tree for it.
 * declarations.ts knows better: tslab is shown an empty file until `restore`.
 */
function hideDeclarations(ts: Typescript, file: BoundFile | undefined): () => void {
  if (file === undefined) return () => {};
  const { locals, statements } = file;
  Object.assign(file, { locals: new Map(), statements: ts.factory.createNodeArray([]) });
  return () => { Object.assign(file, { locals, statements }); };
}

function emitCell(ts: Typescript, { program, file, transformers, cwd }: {
  program: ForcingProgram; file: BoundFile | undefined; transformers: ts.CustomTransformers | undefined; cwd: string;
}): Output {
  const declarationsPath = `${cwd}/__prev__.d.ts`;
  const lowering: CellLowering = lowerCell(ts, {
    program, declarationsPath, ownFile: (specifier) => (file === undefined ? undefined : ownFileOf(file, specifier)),
  });
  const texts = new Map<string, string>();
  const write: ts.WriteFileCallback = (path, text) => { texts.set(/\.(js|d\.ts|js\.map)$/.exec(path)?.[1] ?? path, text); };
  const all = { ...transformers, before: [lowering.before], after: [lowering.prune, ...transformers?.after ?? [], lowering.after] };
  // Declarations are written whatever their errors: what cannot be named becomes any, and the cell runs.
  program.emit(file, write, undefined, undefined, all, true);
  const js = (texts.get("js") ?? "").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  return { js, map: texts.get("js.map") ?? "", declarations: texts.get("d.ts") ?? "", ...lowering.result() };
}
