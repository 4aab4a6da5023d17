/** What cells import: the user's own files (side modules, sent with the cells), tslab, and packages. */
import { readFileSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import vm from "node:vm";
import type { SideModule } from "../../language/types.js";
import { asNamespace, createPackageLoader, type ImportMeta, type PackageLoader } from "./loader.js";
import { registerSource } from "./sources.js";

/** Import of language/types.ts, with import.meta. */
export interface CellImport {
  (specifier: string, namespace?: boolean): Promise<unknown>;
  meta: ImportMeta;
}

interface Loaded {
  module: { exports: unknown };
  /** While it runs; undefined once it has. */
  running: Promise<void> | undefined;
}

export interface Modules {
  /** Takes new and changed side modules; who imports one of them runs anew, too. */
  update(modules: readonly SideModule[]): void;
  /** `require` and `__import` of a cell. `file`: what its import.meta names. */
  forCell(file: string): Scope;
}

/** What a module or cell loads others by. */
interface Scope {
  require: NodeJS.Require;
  load: CellImport;
}

/** @param builtIns modules of the kernel's own, by name. */
export function createModules(cwd: string, builtIns: ReadonlyMap<string, () => unknown>): Modules {
  const sides = createSideModules((path, sides) => createScope({ file: path, folder: dirname(path), importer: path, sides, builtIns }));
  return {
    update: sides.update,
    forCell: (file) => createScope({ file: join(cwd, file), folder: cwd, importer: null, sides, builtIns }),
  };
}

interface SideModules {
  update(modules: readonly SideModule[]): void;
  has(path: string): boolean;
  /** Runs a module, unless it has run. @param importer path of the side module that asks; null for a cell. */
  load(path: string, importer: string | null): Promise<unknown>;
  /** As `load`, for modules that run at once. */
  loadNow(path: string, importer: string | null): unknown;
}

function createSideModules(scopeOf: (path: string, sides: SideModules) => Scope): SideModules {
  const sent = new Map<string, SideModule>();
  const loaded = new Map<string, Loaded>();
  const imports = createImportGraph();

  /** Starts a side module, unless it has run. */
  function begin(path: string): Loaded {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const side = sent.get(path);
    if (side === undefined) throw new Error(`import: ${path} is no module of this notebook.`);
    const entry: Loaded = { module: { exports: {} }, running: undefined };
    loaded.set(path, entry);
    imports.clear(path);
    const forget = (error: unknown): never => {
      loaded.delete(path);
      throw error;
    };
    try {
      entry.running = evaluate(side, entry, scopeOf(path, sides))?.then(() => { entry.running = undefined; }, forget);
    } catch (error) {
      forget(error);
    }
    // Who imports it reports the error; nobody may be left who does, after an interrupt.
    entry.running?.catch(() => undefined);
    return entry;
  }

  /** Of two that import each other, the second takes what the first has exported so far. */
  function request(path: string, importer: string | null): { entry: Loaded; finished: boolean } {
    imports.add(importer, path);
    const cycle = importer !== null && loaded.has(path) && imports.reaches(path, importer);
    const entry = begin(path);
    return { entry, finished: cycle || entry.running === undefined };
  }

  const sides: SideModules = {
    update(modules) {
      for (const module of modules) sent.set(module.path, module);
      const isChanged = (path: string): boolean => modules.some((module) => imports.reaches(path, module.path));
      for (const path of [...loaded.keys()].filter(isChanged)) loaded.delete(path);
    },
    has: (path) => sent.has(path),
    async load(path, importer) {
      const { entry, finished } = request(path, importer);
      if (!finished) await entry.running;
      return entry.module.exports;
    },
    loadNow(path, importer) {
      const { entry, finished } = request(path, importer);
      if (finished) return entry.module.exports;
      throw new Error(`require: ${path} imports others, which takes a while: use import instead.`);
    },
  };
  return sides;
}

/** Who has imported whom. */
function createImportGraph() {
  const imports = new Map<string, Set<string>>();
  /** Whether `from` imports `to`, at whatever remove. */
  function reaches(from: string, to: string, seen = new Set<string>()): boolean {
    if (from === to) return true;
    seen.add(from);
    return [...imports.get(from) ?? []].some((next) => !seen.has(next) && reaches(next, to, seen));
  }
  return {
    reaches: (from: string, to: string): boolean => reaches(from, to),
    clear: (path: string): void => void imports.set(path, new Set()),
    add: (importer: string | null, path: string): void => { if (importer !== null) imports.get(importer)?.add(path); },
  };
}

/** Runs a module's body. @returns its end, where it awaits. */
function evaluate(side: SideModule, { module }: Loaded, { require, load }: Scope): Promise<unknown> | undefined {
  if (extname(side.path) === ".json") {
    module.exports = JSON.parse(side.js);
    return undefined;
  }
  registerSource(side.path, { shown: side.path, text: textOf(side), map: side.map });
  const body: unknown = vm.runInThisContext(
    `(${side.isAsync ? "async " : ""}function (exports, require, module, __filename, __dirname, __import) {\n${side.js}\n})`,
    { filename: side.path, lineOffset: -1, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
  if (typeof body !== "function") throw new Error(`import: ${side.path} was not compiled to a module.`);
  const result: unknown = Reflect.apply(body, undefined, [module.exports, require, module, side.path, dirname(side.path), load]);
  return result instanceof Promise ? result : undefined;
}

interface ScopeOptions {
  file: string;
  folder: string;
  /** Path of the side module whose scope this is; null for a cell. */
  importer: string | null;
  sides: SideModules;
  builtIns: ReadonlyMap<string, () => unknown>;
}

function createScope({ file, folder, importer, sides, builtIns }: ScopeOptions): Scope {
  const packages = packagesFrom(folder);
  const require = new Proxy(packages.require, {
    apply(_target, _self, [id]) {
      const path = typeof id === "string" ? candidates(id, folder).find(sides.has) : undefined;
      return path === undefined ? builtIns.get(id)?.() ?? packages.call(id) : sides.loadNow(path, importer);
    },
  });
  const load = async (specifier: string, namespace = false): Promise<unknown> => {
    const value = sides.has(specifier) ? await sides.load(specifier, importer)
      : builtIns.get(specifier)?.() ?? await packages.load(specifier);
    return namespace ? asNamespace(value) : value;
  };
  // Few cells ask for it: made when one does.
  let meta: ImportMeta | undefined;
  Object.defineProperty(load, "meta", { get: () => (meta ??= packages.metaOf(file)) });
  return { require, load: load as CellImport };
}

const loaders = new Map<string, PackageLoader>();

function packagesFrom(folder: string): PackageLoader {
  const known = loaders.get(folder) ?? createPackageLoader(folder);
  loaders.set(folder, known);
  return known;
}

/** The side modules that a specifier of the user's own `require` may mean. */
function candidates(specifier: string, folder: string): string[] {
  if (!/^(\.{0,2}\/|[A-Za-z]:\\|\.{1,2}$)/.test(specifier)) return [];
  const path = resolve(folder, specifier);
  const stem = /\.[cm]?jsx?$/.test(path) ? path.slice(0, -extname(path).length) : path;
  return [path, ...[".ts", ".tsx", ".mts", ".cts", ".js", ".json"].flatMap((end) => [stem + end, join(path, `index${end}`)])];
}

/** The source as it was typed, for tracebacks. */
function textOf(side: SideModule): string {
  try {
    return readFileSync(side.path, "utf8");
  } catch {
    return "";
  }
}
