/** tslab's converter, on a compiler that d90 steers: options, programs, output and diagnostics are its own. */
import type { Converter } from "tslab/dist/converter.js";
import { cellParser, type CellParser } from "./parse.js";
import { createPrograms, type Programs } from "./programs.js";
import { EXTENSIONS } from "./types.js";
import { loadTypescript, replaceTypescript, tslabRequire, type ts, type Typescript } from "./typescript.js";
import type { ProgramSettings, WatchHost } from "./watch.js";

export interface Steering extends Omit<ProgramSettings, "virtual"> {
  virtual: ReadonlySet<string>;
  /** The errors of the cell. */
  diagnose(program: ts.Program, cell: ts.SourceFile): readonly ts.Diagnostic[];
}

export interface SteeredConverter {
  ts: Typescript;
  converter: Converter;
  programs: Programs;
  parse: CellParser;
  /** What the compiler sees as the cell, and as the declarations of the cells before. */
  cellPath: string;
  declarationsPath: string;
}

/** Takes about a second: it loads the compiler, and parses and binds the declarations of the language and of Node. */
export function createSteeredConverter(steer: (ts: Typescript) => Steering): SteeredConverter {
  const ts = loadTypescript();
  const steering = steer(ts);
  const programs = createPrograms(ts, steering);
  replaceTypescript(replacementFor(ts, steering, programs));
  const { createConverter }: { createConverter: (options: { isJS: boolean }) => Converter } = tslabRequire("./dist/converter.js");
  const { cwd, language } = steering;
  const converter = createConverter({ isJS: language === "javascript" });
  const parse = cellParser(ts, language);
  return { ts, converter, programs, parse, cellPath: `${cwd}/__tslab__${EXTENSIONS[language]}`, declarationsPath: `${cwd}/__prev__.d.ts` };
}

/** The compiler as tslab sees it. Own properties all: tslab's loader copies them. */
function replacementFor(ts: Typescript, steering: Steering, programs: Programs): object {
  const system = { ...ts.sys, getCurrentDirectory: () => steering.cwd, watchFile: () => ({ close() {} }) };
  return {
    ...ts,
    sys: system,
    // The types' root is found in options.ts.
    getDefaultTypeRoots: () => [],
    createWatchCompilerHost: (roots: string[], options: ts.CompilerOptions, system: ts.System): WatchHost => ({ roots, options, system }),
    createWatchProgram: (host: WatchHost) => programs.createWatchProgram(host),
    getPreEmitDiagnostics: () => [],
    getPreEmitDiagnosticsOfFiles: (program: ts.Program, [cell]: [ts.SourceFile]) => steering.diagnose(program, cell),
    // tslab makes CommonJS in a second pass, of imports and exports; lower.ts has done that in the first.
    transpileModule: (outputText: string) => ({ outputText }),
    Completions: { ...ts.Completions, getCompletionsAtPositionForTslab: completionsOnDisk(ts, system) },
  };
}

/** tslab gives completion no file system; with one it completes the paths of imports. */
function completionsOnDisk(ts: Typescript, system: ts.System): Typescript["Completions"]["getCompletionsAtPositionForTslab"] {
  const host = {
    ...system,
    useCaseSensitiveFileNames: () => true,
    getCompilationSettings: () => ({}),
    getScriptFileNames: () => [],
  };
  return (_host, ...rest) => ts.Completions.getCompletionsAtPositionForTslab(host, ...rest);
}
