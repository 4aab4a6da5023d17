/** The user's own files that cells import: which they are, and their CommonJS. */
import { lowerImports } from "./lowerImports.js";
import { ownFileOf } from "./resolution.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";
import type { SideModule } from "./types.js";

/** The user's files that `file` imports, through others too; what is imported comes before what imports it. */
export function ownFilesBelow(program: ts.Program, file: ts.SourceFile): ts.SourceFile[] {
  const found = new Set<ts.SourceFile>();
  const seen = new Set<ts.SourceFile>([file]);
  const visit = (from: ts.SourceFile): void => {
    for (const imported of importsOf(program, from)) {
      if (seen.has(imported)) continue;
      seen.add(imported);
      visit(imported);
      found.add(imported);
    }
  };
  visit(file);
  return [...found];
}

function importsOf(program: ts.Program, file: BoundFile): ts.SourceFile[] {
  return (file.imports ?? []).flatMap((literal) => {
    const path = ownFileOf(file, literal.text);
    const imported = path === undefined ? undefined : program.getSourceFile(path);
    return imported === undefined ? [] : [imported];
  });
}

export interface Modules {
  /** Those that `cell` needs and that have changed, or import one that has, since they were last sent. */
  needed(program: ts.Program, cell: ts.SourceFile): { modules: SideModule[]; sent: () => void };
  reset(): void;
}

export function createModules(ts: Typescript): Modules {
  const sent = new Map<string, string>();
  return {
    needed(program, cell) {
      const files = ownFilesBelow(program, cell);
      const fresh = new Set(files.filter(({ fileName, text }) => sent.get(fileName) !== text));
      // Files that import each other come in no order: repeat until nothing is added.
      for (let size = -1; size !== fresh.size;) {
        size = fresh.size;
        for (const file of files) if (importsOf(program, file).some((imported) => fresh.has(imported))) fresh.add(file);
      }
      const options = program.getCompilerOptions();
      const modules = files.filter((file) => fresh.has(file)).map((file) => compileModule(ts, file, options));
      return { modules, sent: () => { for (const { fileName, text } of fresh) sent.set(fileName, text); } };
    },
    reset: () => sent.clear(),
  };
}

function compileModule(ts: Typescript, file: ts.SourceFile, options: ts.CompilerOptions): SideModule {
  const { target, jsx, experimentalDecorators } = options;
  const path = file.fileName;
  if (path.endsWith(".json")) return { path, js: file.text, isAsync: false };
  const lowering = lowerImports(ts, (specifier) => ownFileOf(file, specifier));
  const { outputText, sourceMapText } = ts.transpileModule(file.text, {
    fileName: path,
    transformers: { before: [lowering.before], after: [lowering.after] },
    compilerOptions: {
      module: ts.ModuleKind.CommonJS, esModuleInterop: true, sourceMap: true, newLine: ts.NewLineKind.LineFeed,
      // A file without imports may await too.
      moduleDetection: ts.ModuleDetectionKind.Force,
      ...(target === undefined ? {} : { target }), ...(jsx === undefined ? {} : { jsx }),
      ...(experimentalDecorators === undefined ? {} : { experimentalDecorators }),
    },
  });
  const js = outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  const map = sourceMapText === undefined ? {} : { map: withSource(sourceMapText, path) };
  return { path, js, isAsync: lowering.isAsync(), ...map };
}

/** A source map's source by its whole path; the compiler writes the name alone. */
function withSource(map: string, path: string): string {
  const parsed: Record<string, unknown> = JSON.parse(map);
  return JSON.stringify({ ...parsed, sources: [path], sourceRoot: "" });
}
