/** Which file an import means. */
import { isBuiltin } from "node:module";
import { dirname } from "node:path";
import { isInstalled } from "./sources.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";

type Resolved = ts.ResolvedModuleWithFailedLookupLocations;

export interface Resolution {
  resolve(literals: readonly ts.StringLiteralLike[], from: string, options: ts.CompilerOptions): Resolved[];
  /** Whether imports of this file found nothing last time, so that they must be tried again. */
  isOpen(path: string): boolean;
  /** Whether those of any file did. */
  hasOpen(): boolean;
  /** Forgets where packages are: something may have been installed. */
  forget(): void;
}

/**
 * Packages are found once and remembered. The user's own files, and what their imports and the cells' did not find, are looked
 * for every time: they may be there now. Node's modules, declared by its types, are in no folder.
 */
export function createResolution(ts: Typescript, host: ts.ModuleResolutionHost & { getCurrentDirectory(): string }): Resolution {
  const known = new Map<string, Resolved>();
  const open = new Set<string>();
  const newCache = (packages?: ts.PackageJsonInfoCache): ts.ModuleResolutionCache =>
    ts.createModuleResolutionCache(host.getCurrentDirectory(), (path) => path, undefined, packages);
  let packages = newCache().getPackageJsonInfoCache();

  function resolveOne(specifier: string, from: string, options: ts.CompilerOptions): Resolved {
    const key = `${dirname(from)}\0${specifier}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const found = ts.resolveModuleName(specifier, from, options, host, newCache(packages));
    const { resolvedModule } = found;
    if (resolvedModule === undefined && !isInstalled(from)) open.add(from);
    if (isInstalled(resolvedModule?.resolvedFileName ?? from)) known.set(key, found);
    return found;
  }
  return {
    resolve(literals, from, options) {
      open.delete(from);
      return literals.map(({ text }) => (isBuiltin(text) ? { resolvedModule: undefined } : resolveOne(text, from, options)));
    },
    isOpen: (path) => open.has(path),
    hasOpen: () => open.size > 0,
    forget() {
      known.clear();
      packages = newCache().getPackageJsonInfoCache();
    },
  };
}

const COMPILED = /(?<!\.d)\.(ts|tsx|mts|js|jsx|mjs|json)$/;

/** The user's own file that an import of `file` means; undefined for packages, Node's modules and what the user compiled. */
export function ownFileOf(file: BoundFile, specifier: string): string | undefined {
  const path = file.resolvedModules?.get(specifier, undefined)?.resolvedModule?.resolvedFileName;
  return path !== undefined && COMPILED.test(path) && !isInstalled(path) ? path : undefined;
}
