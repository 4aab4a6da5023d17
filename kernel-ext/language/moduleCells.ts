/** tslab's module cells: with `@module name` in a comment at the top, a cell is the text of a file that others import. */
import { parse } from "node:path";
import type { SteeredConverter } from "./converter.js";
import { diagnose, toDiagnostics } from "./diagnose.js";
import { tslabRequire } from "./typescript.js";
import { EXTENSIONS, type Conversion, type LanguageName } from "./types.js";

interface Metadata {
  module?: string;
  jsx?: boolean;
}

/** The file name that a cell gives itself, without a folder; undefined for ordinary cells. */
export function moduleCellName(code: string, language: LanguageName): string | undefined {
  if (!code.includes("@module")) return undefined;
  const { getCodeMetadata }: { getCodeMetadata: (code: string) => Metadata } = tslabRequire("./dist/metadata.js");
  const { module, jsx } = getCodeMetadata(code);
  return module === undefined ? undefined : `${module}${EXTENSIONS[language]}${jsx === true ? "x" : ""}`;
}

/** Registers the module, also with errors, as tslab does: they are shown, and again where it is imported. */
export function moduleConversion(compiler: SteeredConverter, { name, code, cwd, virtual }: {
  name: string; code: string; cwd: string; virtual: Set<string>;
}): Conversion {
  const { ts, converter, programs } = compiler;
  const path = `${cwd}/${name}`;
  virtual.add(path);
  converter.addModule(parse(name).name, code, name.endsWith("x") ? { jsx: true } : {});
  const file = programs.current().getSourceFile(path);
  const found = file === undefined ? [] : diagnose(ts, programs.current(), file);
  const diagnostics = file === undefined ? [] : toDiagnostics(ts, found, { cell: file, cwd, code, edits: [] });
  if (diagnostics.length > 0) return { kind: "rejected", diagnostics };
  const map = JSON.stringify({ version: 3, sources: ["cell.ts"], names: [], mappings: "" });
  return { kind: "code", js: "", map, isAsync: false, lastExpression: null, names: [], modules: [], timed: false };
}
