/** A notebook without a kernel: cells are converted in the language's thread and run here, by the contract of types.ts. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startLanguage } from "../../../kernel-ext/language/service.js";
import type { ConvertedCell, Conversion, Language, LanguageName, SideModule } from "../../../kernel-ext/language/types.js";

export interface Notebook {
  language: Language;
  folder: string;
  /** Converts, runs and keeps a cell; its last expression's value. A rejected cell throws its diagnostics. */
  run(code: string): Promise<unknown>;
  convert(code: string): Promise<Conversion>;
  /** As convert, of a cell that must be right. */
  accept(code: string): Promise<ConvertedCell>;
  /** `line:column code message` of each error; [] for a cell that is right. */
  errors(code: string): Promise<string[]>;
  write(path: string, text: string): void;
  exports: Record<string, unknown>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

type Body = (...values: unknown[]) => unknown;

/** `folder`: where cells stand; without it a new one that is removed at the end. */
export function openNotebook(folder?: string, name: LanguageName = "typescript"): Notebook {
  const cwd = folder ?? realpathSync(mkdtempSync(join(tmpdir(), "d90-language-")));
  const language = startLanguage({ cwd, language: name });
  const run = createRunner(cwd);
  let cell = 0;
  const convert = (code: string): Promise<Conversion> => language.convert({ cell: ++cell, code });
  const accept = async (code: string): Promise<ConvertedCell> => {
    const conversion = await convert(code);
    if (conversion.kind === "code") return conversion;
    throw new Error(conversion.diagnostics.map(({ message }) => message).join("\n"));
  };
  return {
    language, folder: cwd, convert, accept, exports: run.exports,
    async run(code) {
      const converted = await accept(code);
      const id = cell;
      const before = new Map(converted.names.map((name) => [name, Object.getOwnPropertyDescriptor(run.exports, name)]));
      const isNew = (name: string): boolean =>
        !sameDescriptor(before.get(name), Object.getOwnPropertyDescriptor(run.exports, name));
      try {
        const value = await run.cell(converted);
        await language.keep({ cell: id });
        return value;
      } catch (error) {
        await language.keep({ cell: id, names: converted.names.filter(isNew) });
        throw error;
      }
    },
    async errors(code) {
      const conversion = await convert(code);
      return conversion.kind === "code" ? [] : conversion.diagnostics.map(({ file, start, code, message }) =>
        `${file === undefined ? "" : `${file}:`}${start.line}:${start.column} ${code} ${message}`);
    },
    write(path, text) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    },
    async reset() {
      await language.reset();
      for (const name of Object.keys(run.exports)) Reflect.deleteProperty(run.exports, name);
    },
    async close() {
      await language.close();
      if (folder === undefined) rmSync(cwd, { recursive: true, force: true });
    },
  };
}

const sameDescriptor = (a?: PropertyDescriptor, b?: PropertyDescriptor): boolean => a?.get === b?.get && a?.value === b?.value;

interface Runner {
  exports: Record<string, unknown>;
  cell(converted: ConvertedCell): Promise<unknown>;
}

function createRunner(cwd: string): Runner {
  const exports: Record<string, unknown> = {};
  const modules = new Map<string, SideModule>();
  const loaded = new Map<string, { exports: unknown }>();
  const requireFrom = (folder: string): NodeJS.Require => createRequire(join(folder, "cell.js"));

  async function runModule({ path, js, isAsync }: SideModule): Promise<unknown> {
    const module: { exports: unknown } = { exports: {} };
    loaded.set(path, module);
    if (path.endsWith(".json")) module.exports = JSON.parse(js);
    else await bodyOf(js, isAsync)(module.exports, requireFrom(dirname(path)), importFrom(dirname(path)));
    return module.exports;
  }
  function importFrom(folder: string): Body {
    const load = async (specifier: string): Promise<unknown> => {
      const own = modules.get(specifier);
      return own === undefined ? requireFrom(folder)(specifier) : loaded.get(specifier)?.exports ?? runModule(own);
    };
    const imports = async (specifier: string, namespace = false): Promise<unknown> => {
      const module = await load(specifier);
      return namespace && !isModule(module) ? { ...Object(module), default: module } : module;
    };
    return Object.assign(imports, { meta: { url: `file://${folder}/` } }) as Body;
  }
  return {
    exports,
    async cell({ js, isAsync, modules: changed, lastExpression }) {
      for (const module of changed) {
        modules.set(module.path, module);
        loaded.delete(module.path);
      }
      await bodyOf(js, isAsync)(exports, requireFrom(cwd), importFrom(cwd));
      const value = lastExpression === null ? undefined : exports[lastExpression];
      if (lastExpression !== null) delete exports[lastExpression];
      return value;
    },
  };
}

const isModule = (module: unknown): boolean => typeof module === "object" && module !== null && "__esModule" in module;

function bodyOf(js: string, isAsync: boolean): Body {
  const body: Body = Function(`return ${isAsync ? "async " : ""}function (exports, require, __import) {\n${js}\n}`)();
  return body;
}
