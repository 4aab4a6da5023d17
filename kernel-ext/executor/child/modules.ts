/** What cells import: the user's own files (side modules, sent with the cells), tslab, and packages. */
import { dirname, extname, join, resolve } from "node:path";
import vm from "node:vm";
import type { SideModule } from "../../language/types.js";
import { asNamespace, createPackageLoader, type ImportMeta } from "./loader.js";
import { registerSource } from "./sources.js";
import { readFileSync } from "node:fs";

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
  forCell(file: string): { require: NodeJS.Require; load: CellImport };
}

/** @param builtIns modules of the kernel's own, by name. */
export function createModules(cwd: string, builtIns: ReadonlyMap<string, () => unknown>): Modules {
  const sent = new Map<string, SideModule>();
  const loaded = new Map<string, Loaded>();
  /** Who has imported whom. */
  const imports = new Map<string, Set<string>>();
  const packages = new Map<string, ReturnType<typeof createPackageLoader>>();

  function packagesFrom(folder: string): ReturnType<typeof createPackageLoader> {
    const known = packages.get(folder) ?? createPackageLoader(folder);
    packages.set(folder, known);
    return known;
  }

  /** The side module that a specifier of the user's own `require` means. */
  function pathOf(specifier: string, folder: string): string | undefined {
    if (!/^(\.{0,2}\/|[A-Za-z]:\\|\.{1,2}$)/.test(specifier)) return undefined;
    const path = resolve(folder, specifier);
    const stem = /\.[cm]?jsx?$/.test(path) ? path.slice(0, -extname(path).length) : path;
    const candidates = [path, ...[".ts", ".tsx", ".mts", ".cts", ".js", ".json"].flatMap((end) => [stem + end, join(path, `index${end}`)])];
    return candidates.find((candidate) => sent.has(candidate));
  }

  /** Whether `from` imports `to`, at whatever remove. */
  function reaches(from: string, to: string, seen = new Set<string>()): boolean {
    if (from === to) return true;
    seen.add(from);
    return [...imports.get(from) ?? []].some((next) => !seen.has(next) && reaches(next, to, seen));
  }

  /** Starts a side module, unless it has run. */
  function begin(path: string): Loaded {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const side = sent.get(path);
    if (side === undefined) throw new Error(`import: ${path} is no module of this notebook.`);
    const entry: Loaded = { module: { exports: {} }, running: undefined };
    loaded.set(path, entry);
    imports.set(path, new Set());
    try {
      if (extname(path) === ".json") entry.module.exports = JSON.parse(side.js);
      else evaluate(side, entry);
    } catch (error) {
      loaded.delete(path);
      throw error;
    }
    return entry;
  }

  function evaluate(side: SideModule, entry: Loaded): void {
    const folder = dirname(side.path);
    registerSource(side.path, { shown: side.path, text: textOf(side), map: side.map });
    const body: unknown = vm.runInThisContext(
      `(${side.isAsync ? "async " : ""}function (exports, require, module, __filename, __dirname, __import) {\n${side.js}\n})`,
      { filename: side.path, lineOffset: -1, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER });
    if (typeof body !== "function") throw new Error(`import: ${side.path} was not compiled to a module.`);
    const { require, load } = scope(side.path, folder, side.path);
    const result: unknown = Reflect.apply(body, undefined, [entry.module.exports, require, entry.module, side.path, folder, load]);
    if (!(result instanceof Promise)) return;
    entry.running = result.then(() => { entry.running = undefined; }, (error) => { loaded.delete(side.path); throw error; });
    // Who imports it reports the error; nobody may be left who does, after an interrupt.
    entry.running.catch(() => undefined);
  }

  async function importSide(path: string, importer: string | null): Promise<unknown> {
    if (importer !== null) imports.get(importer)?.add(path);
    // Two that import each other: the second takes what the first has exported so far.
    const cycle = importer !== null && loaded.has(path) && reaches(path, importer);
    const entry = begin(path);
    if (!cycle) await entry.running;
    return entry.module.exports;
  }

  function requireSide(path: string, importer: string | null): unknown {
    if (importer !== null) imports.get(importer)?.add(path);
    const entry = begin(path);
    if (entry.running === undefined || (importer !== null && reaches(path, importer))) return entry.module.exports;
    throw new Error(`require: ${path} imports others, which takes a while: use import instead.`);
  }

  /** @param importer path of the side module whose scope this is; null for a cell. */
  function scope(file: string, folder: string, importer: string | null): { require: NodeJS.Require; load: CellImport } {
    const from = packagesFrom(folder);
    const require = new Proxy(from.require, {
      apply(_target, _self, [id]) {
        const path = typeof id === "string" ? pathOf(id, folder) : undefined;
        if (path !== undefined) return requireSide(path, importer);
        return builtIns.get(id)?.() ?? from.call(id);
      },
    });
    const load = async (specifier: string, namespace = false): Promise<unknown> => {
      const value = sent.has(specifier) ? await importSide(specifier, importer) : builtIns.get(specifier)?.() ?? await from.load(specifier);
      return namespace ? asNamespace(value) : value;
    };
    return { require, load: Object.assign(load, { meta: from.metaOf(file) }) };
  }

  return {
    update(modules) {
      for (const module of modules) sent.set(module.path, module);
      const changed = modules.map(({ path }) => path);
      for (const path of [...loaded.keys()]) if (changed.some((one) => reaches(path, one))) loaded.delete(path);
    },
    forCell: (file) => scope(join(cwd, file), cwd, null),
  };
}

/** The source as it was typed, for tracebacks. */
function textOf(side: SideModule): string {
  try {
    return readFileSync(side.path, "utf8");
  } catch {
    return "";
  }
}
