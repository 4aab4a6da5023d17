/** A cell's way through tslab's converter: what the compiler sees of it, finds in it and writes for it. */
import type { Steering } from "./converter.js";
import { diagnose } from "./diagnose.js";
import { asTypescript, knownByExports, loosen } from "./javascript.js";
import { lowerCell } from "./lowerCell.js";
import { PREFIX } from "./parse.js";
import { ownFileOf } from "./resolution.js";
import type { Place } from "./types.js";
import type { BoundFile, ForcingProgram, ts, Typescript } from "./typescript.js";

/** What the compiler writes for a cell. */
export interface Output {
  js: string;
  map: string;
  declarations: string;
  /** Of JavaScript, what goes before `declarations` where both have a name. */
  exported: string;
  names: string[];
  isAsync: boolean;
}

/** What goes in and out of tslab's converter besides its arguments and its result, one cell at a time. */
export interface Pass {
  steering(ts: Typescript): Steering;
  begin(text: string, names: readonly string[]): void;
  end(): void;
  found(): readonly ts.Diagnostic[];
  output(): Output;
}

export function createPass({ cwd, language }: Place, virtual: ReadonlySet<string>): Pass {
  let text: string | undefined;
  let found: readonly ts.Diagnostic[] = [];
  let output: Output | undefined;
  let restore = (): void => {};
  return {
    steering: (ts) => ({
      cwd, language, virtual,
      cellText: () => text,
      diagnose: (program, cell) => (found = diagnose(ts, program, cell)),
      emit(program, file, writeFile, _token, _only, transformers) {
        const emitted = emitCell(ts, { program, file, transformers, cwd, language });
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

function emitCell(ts: Typescript, { program, file, transformers, cwd, language }: Place & {
  program: ForcingProgram; file: BoundFile | undefined; transformers: ts.CustomTransformers | undefined;
}): Output {
  const declarationsPath = `${cwd}/__prev__.d.ts`;
  const lowering = lowerCell(ts, {
    program, declarationsPath, ownFile: (specifier) => (file === undefined ? undefined : ownFileOf(file, specifier)),
  });
  const texts = new Map<string, string>();
  const write: ts.WriteFileCallback = (path, text) => { texts.set(/\.(js|d\.ts|js\.map)$/.exec(path)?.[1] ?? path, text); };
  const after = [lowering.prune, ...transformers?.after ?? [], lowering.after];
  // Declarations are written whatever their errors: what cannot be named becomes any, and the cell runs.
  const emit = (declarationsAlone?: boolean): void =>
    void program.emit(file, write, undefined, declarationsAlone, { ...transformers, before: [lowering.before], after }, true);
  emit();
  const written = (): string => texts.get("d.ts") ?? "";
  let [declarations, exported] = [written(), ""];
  if (language === "javascript" && file !== undefined) {
    exported = loosen(ts, knownByExports(ts, declarations), file);
    asTypescript(ts, file, () => emit(true));
    declarations = loosen(ts, written(), file);
  }
  const js = (texts.get("js") ?? "").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  return { js, map: texts.get("js.map") ?? "", declarations, exported, ...lowering.result() };
}
