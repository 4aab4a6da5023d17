/** How cells are compiled. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Place } from "./types.js";
import { tslabRequire, type ts, type Typescript } from "./typescript.js";

/**
 * tslab's options with what a notebook of today needs: packages typed by `exports` maps, imports of .ts files by their
 * full names, await at the top level, source maps.
 */
export function cellOptions(ts: Typescript, tslab: ts.CompilerOptions, { cwd, language }: Place): ts.CompilerOptions {
  return {
    ...tslab,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    disableTopLevelAwait: false,
    lib: ["lib.es2023.d.ts"],
    sourceMap: true,
    d90Require: language === "javascript",
    checkJs: false,
    // Other @types are found when they are imported; as globals they would cost memory and fill completions.
    types: ["node"],
    typeRoots: [nodeTypesRoot(cwd)],
  };
}

/** The @types folder that has node: the notebook's own, or the one that came with tslab. */
function nodeTypesRoot(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const root = join(folder, "node_modules", "@types");
    if (existsSync(join(root, "node", "package.json"))) return root;
    if (folder === dirname(folder)) return dirname(dirname(tslabRequire.resolve("@types/node/package.json")));
  }
}

/** globals.d.ts, which is among the sources also when this runs from dist/. */
export function globalsPath(): string {
  const places = ["../globals.d.ts", "../../../kernel-ext/globals.d.ts"];
  const candidates = places.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`globalsPath: expected globals.d.ts at ${candidates.join(" or ")}; is the package complete?`);
}
