/** Where programs get their files: the cell and the kept declarations from tslab, the rest from disk. */
import { checkedCell } from "./parse.js";
import type { Resolution } from "./resolution.js";
import type { Reader, Sources } from "./sources.js";
import { libraryFolder, type CheckingHost, type ts, type Typescript } from "./typescript.js";

export interface CellTexts {
  /** Reads the texts; whether one has changed. */
  update(): boolean;
  get(path: string, options: ts.ScriptTarget | ts.CreateSourceFileOptions): ts.SourceFile | undefined;
  /** Parses them anew next time. */
  forget(): void;
}

/** The kept declarations and the cell, in this order in `paths`. `cellText` goes before what tslab has as the cell. */
export function createCellTexts(
  ts: Typescript, reader: Reader, { paths, cellText }: { paths: readonly string[]; cellText: () => string | undefined },
): CellTexts {
  const texts = new Map<string, string>();
  const files = new Map<string, ts.SourceFile>();
  return {
    update() {
      const changed = paths.filter((path, i) => {
        const text = (i === 1 ? cellText() : undefined) ?? reader.readFile(path) ?? "";
        return text !== texts.get(path) && texts.set(path, text);
      });
      for (const path of changed) files.delete(path);
      // A checker knows what a cell's names are: under other declarations it must not see the same nodes again.
      if (changed.length > 0) files.delete(paths[1] ?? "");
      return changed.length > 0;
    },
    get(path, options) {
      const text = texts.get(path);
      if (text === undefined) return undefined;
      const file = files.get(path) ?? checkedCell(ts, ts.createSourceFile(path, text, options));
      files.set(path, file);
      return file;
    },
    forget: () => files.clear(),
  };
}

export function hostOf(ts: Typescript, system: ts.System, { texts, sources, resolution, createTypeChecker }: {
  texts: CellTexts; sources: Sources; resolution: Resolution; createTypeChecker: CheckingHost["createTypeChecker"];
}): CheckingHost {
  return {
    createTypeChecker,
    getSourceFile: (path, options) => texts.get(path, options) ?? sources.get(path, options),
    getDefaultLibFileName: (options) => `${libraryFolder}/${ts.getDefaultLibFileName(options)}`,
    getDefaultLibLocation: () => libraryFolder,
    getCurrentDirectory: () => system.getCurrentDirectory(),
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => { throw new Error("writeFile: expected emit to be given its own."); },
    fileExists: (path) => system.fileExists(path),
    readFile: (path) => system.readFile(path),
    directoryExists: (path) => system.directoryExists(path),
    getDirectories: (path) => system.getDirectories(path),
    realpath: (path) => system.realpath?.(path) ?? path,
    resolveModuleNameLiterals: (literals, from, _redirected, options) => resolution.resolve(literals, from, options),
    hasInvalidatedResolutions: (path) => resolution.isOpen(path),
  };
}
