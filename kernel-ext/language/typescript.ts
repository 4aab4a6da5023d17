/**
 * The compiler inside tslab (TypeScript 5.0.4), as the language uses it: its public API, and the few internal functions
 * that its declarations leave out.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type ts from "@tslab/typescript-for-tslab";
import { amend } from "./amendments.js";
import { loadWithCode } from "./codeCache.js";

export type { ts };

/** What the compiler's object holds beyond its declared API. */
interface Internals {
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  createTypeChecker(program: ts.Program): Checker;
  createModuleResolutionCache(
    folder: string, canonical: (path: string) => string, options: ts.CompilerOptions | undefined,
    packages: ts.PackageJsonInfoCache | undefined,
  ): ts.ModuleResolutionCache;
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  Completions: { getCompletionsAtPositionForTslab(host: object, ...rest: unknown[]): ts.CompletionInfo | undefined };
}

export type Typescript = Omit<typeof ts, keyof Internals> & Internals;

export interface Checker extends ts.TypeChecker {
  getDiagnostics(file?: ts.SourceFile, token?: ts.CancellationToken): ts.Diagnostic[];
}

/** A host that brings the checkers of its programs; see amendments.ts. */
export interface CheckingHost extends ts.CompilerHost {
  createTypeChecker(program: ts.Program): Checker;
}

/** A source file with what the parser, the binder and the resolver leave on it. */
export type BoundFile = ts.SourceFile & {
  locals?: Map<string | ts.__String, ts.Symbol>;
  parseDiagnostics?: readonly ts.DiagnosticWithLocation[];
  moduleAugmentations?: readonly ts.Node[];
  imports?: readonly ts.StringLiteralLike[];
  resolvedModules?: { get(name: string, mode: ts.ResolutionMode): { resolvedModule?: ts.ResolvedModuleFull } | undefined };
};

/** Program.emit with the parameter that writes declarations whatever their errors. */
export interface ForcingProgram extends ts.Program {
  emit(...args: [...Parameters<ts.Program["emit"]>, forceDeclarations?: boolean]): ts.EmitResult;
}

/** From tslab's place, where its compiler is installed wherever npm has put it. */
export const tslabRequire = createRequire(createRequire(import.meta.url).resolve("tslab/package.json"));

const compilerPath = tslabRequire.resolve("@tslab/typescript-for-tslab");

/** Where lib.es2023.d.ts and its like are. */
export const libraryFolder = dirname(compilerPath);

/** loadTypescript, with the code that V8 has made of it before; see loadWithCode. */
export const preloadTypescript = (folder: string | null): (() => void) | null =>
  loadWithCode(tslabRequire.cache, compilerPath, { folder, edit: amend });

export function loadTypescript(): Typescript {
  if (tslabRequire.cache[compilerPath] === undefined) preloadTypescript(null);
  const compiler: Typescript = tslabRequire(compilerPath);
  return compiler;
}

/** What tslab's modules get when they require the compiler from now on. */
export function replaceTypescript(replacement: object): void {
  const cached = tslabRequire.cache[compilerPath];
  if (cached === undefined) throw new Error("replaceTypescript: expected the compiler to be loaded; call loadTypescript first.");
  cached.exports = replacement;
}
