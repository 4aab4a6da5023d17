/** `require` and `import()` of installed packages, from the user's folder. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import vm from "node:vm";

/** How require() says that only import() can load a module. */
const IMPORT_ONLY = new Set(["ERR_REQUIRE_ESM", "ERR_REQUIRE_ASYNC_MODULE", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);

/** What Import in language/types.ts adds to a function. */
export interface ImportMeta {
  url: string;
  filename: string;
  dirname: string;
  resolve(specifier: string): string;
}

/** Loads packages as code in `folder` would. */
export interface PackageLoader {
  require: NodeJS.Require;
  /** `require(specifier)`, with errors that name no file that does not exist. */
  call(specifier: string): unknown;
  /** What `require` gives; where only import() can load it, its namespace with an own `__esModule`. */
  load(specifier: string): Promise<unknown>;
  metaOf(file: string): ImportMeta;
}

export function createPackageLoader(folder: string): PackageLoader {
  const require = createRequire(join(folder, "cell.js"));
  const dynamicImport: (specifier: string) => Promise<object> = vm.runInThisContext("(specifier) => import(specifier)", {
    filename: join(folder, "cell.js"), importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const marked = new WeakMap<object, object>();

  function call(specifier: string): unknown {
    try {
      return require(specifier);
    } catch (error) {
      throw isMissing(error) ? withoutStack(error) : error;
    }
  }

  /** Nobody but the cell has asked for it. */
  const isMissing = (error: unknown): error is Error & { requireStack: string[] } => error instanceof Error && "requireStack" in error
    && Array.isArray(error.requireStack) && error.requireStack.length === 1 && error.requireStack[0] === join(folder, "cell.js");

  async function load(specifier: string): Promise<unknown> {
    if (!/^(file|data|https?):/.test(specifier)) {
      try {
        return call(specifier);
      } catch (error) {
        if (!(error instanceof Error && "code" in error && IMPORT_ONLY.has(String(error.code)))) throw error;
      }
    }
    const namespace = await dynamicImport(specifier);
    const known = marked.get(namespace) ?? markAsModule(namespace);
    marked.set(namespace, known);
    return known;
  }

  return {
    require,
    call,
    load,
    metaOf: (filename) => ({
      url: pathToFileURL(filename).href, filename, dirname: folder,
      resolve: (specifier) => pathToFileURL(require.resolve(specifier)).href,
    }),
  };
}

function withoutStack(error: Error & { requireStack?: string[] }): Error {
  const [message = ""] = error.message.split("\n");
  if (error.stack !== undefined) error.stack = error.stack.replace(error.message, () => message);
  error.message = message;
  delete error.requireStack;
  return error;
}

/** A namespace that TypeScript's interop helpers take for one: namespaces are frozen, so a view of it. */
function markAsModule(namespace: object): object {
  if (Object.hasOwn(namespace, "__esModule")) return namespace;
  const view = Object.create(null, { __esModule: { value: true } });
  for (const key of Object.keys(namespace)) {
    Object.defineProperty(view, key, { enumerable: true, get: () => Reflect.get(namespace, key) });
  }
  return view;
}

/** What `import()` gives for a module that require() has loaded: `default` is module.exports where it is no ES module. */
export function asNamespace(value: unknown): unknown {
  if (types.isModuleNamespaceObject(value)) return value;
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  if (isObject && Reflect.get(value, "__esModule") === true) return value;
  return Object.assign(Object.create(null), isObject ? value : {}, { default: value });
}
