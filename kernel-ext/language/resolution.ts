/** Which file an import means. */
import { dirname } from "node:path";
import { isInstalled } from "./sources.js";
import type { BoundFile, ts, Typescript } from "./typescript.js";

type Resolved = ts.ResolvedModuleWithFailedLookupLocations;

export interface Resolution {
  resolve(literals: readonly ts.StringLiteralLike[], from: string, options: ts.CompilerOptions, file: ts.SourceFile): Resolved[];
  /** Whether imports of this file found nothing last time, so that they must be tried again. */
  isOpen(path: string): boolean;
  /** Forgets where packages are: something may have been installed. */
  forget(): void;
}

/** Packages are found once and remembered; the user's own files and what was not found are looked for every time. */
export function createResolution(ts: Typescript, host: ts.ModuleResolutionHost): Resolution {
  const packages = new Map<string, Resolved>();
  const open = new Set<string>();
  return {
    resolve(literals, from, options, file) {
      open.delete(from);
      return literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(file, literal);
        const key = `${dirname(from)}\0${mode ?? ""}\0${literal.text}`;
        const known = packages.get(key);
        if (known !== undefined) return known;
        const found = ts.resolveModuleName(literal.text, from, options, host, undefined, undefined, mode);
        if (found.resolvedModule === undefined) open.add(from);
        else if (isInstalled(found.resolvedModule.resolvedFileName)) packages.set(key, found);
        return found;
      });
    },
    isOpen: (path) => open.has(path),
    forget: () => packages.clear(),
  };
}

const COMPILED = /(?<!\.d)\.(ts|tsx|mts|js|jsx|mjs|json)$/;

/** The user's own file that an import of `file` means; undefined for packages, Node's modules and what the user compiled. */
export function ownFileOf(file: BoundFile, specifier: string): string | undefined {
  const path = file.resolvedModules?.get(specifier, undefined)?.resolvedModule?.resolvedFileName;
  return path !== undefined && COMPILED.test(path) && !isInstalled(path) ? path : undefined;
}
