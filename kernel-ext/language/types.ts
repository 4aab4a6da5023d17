/**
 * What the kernel asks of the language: cells of TypeScript in, JavaScript and answers out. Offsets are UTF-16 units into
 * the cell; the protocol's code points are converted at the wire (protocol/positions.ts).
 */

/**
 * JavaScript is TypeScript to the compiler, in a file of another name: annotations are errors, types come from JSDoc comments and from
 * what is assigned, as in tslab's jslab.
 */
export type LanguageName = "typescript" | "javascript";

export const LANGUAGES: readonly LanguageName[] = ["typescript", "javascript"];

/** Of the file that a cell is to the compiler. */
export const EXTENSIONS: Readonly<Record<LanguageName, string>> = { typescript: ".ts", javascript: ".js" };

/** What the language's thread is started with. */
export interface Place {
  /** Where cells stand: their relative imports and packages are found from here. */
  cwd: string;
  language: LanguageName;
}

/** A problem that the compiler found. Lines and columns start at 0 and belong to the cell, or to `file` where it is set. */
export interface Diagnostic {
  start: { offset: number; line: number; column: number };
  end: { offset: number; line: number; column: number };
  message: string;
  /** TypeScript's number, 2322 for example. */
  code: number;
  /** A .ts file that the cell imports, relative to the working directory. */
  file?: string;
}

/**
 * How converted code loads modules and leaves its declarations (the executor's part of the bargain).
 *
 * `exports` is one plain object for all cells of a notebook. When a declaration of a cell has run, it is put there by
 * `Object.defineProperty(exports, "x", ...)`: an accessor of the cell's own variable for let and var, a writable value for
 * all else; always configurable, so that a later cell may declare x anew. (The cell's functions and its inner `var`s come
 * first, before anything runs.) A cell reads and writes names of earlier cells as `exports.x`, its own as `x`. Which names a cell
 * that threw has declared: those of `names` whose descriptor is another one than before it ran. The value of the last
 * expression is assigned: `exports.tsLastExpr = ...`; take it and delete it.
 *
 * A cell is the body of `(async) function (exports, require, __import)`, a side module the body of
 * `(async) function (exports, require, module, __filename, __dirname, __import)`, both CommonJS as TypeScript emits it.
 * - Every static import is `await __import(specifier)`, whose value goes through TypeScript's interop helpers: it must be
 *   what `require(specifier)` would give, and for a package that only `import()` can load (an "import" condition alone,
 *   top-level await) its namespace with an own `__esModule: true`. So a cell with a static import is async.
 * - `import(specifier)` is `__import(specifier, true)`: the same, as a namespace (`default` is module.exports where the
 *   module is no ES module; else the namespace as it is).
 * - `import.meta` is `__import.meta`: {url, filename, dirname, resolve}.
 * - A specifier that is the absolute path of a side module's source means that module; every other one is as written and
 *   resolves from the working directory (cell) or the source's folder (side module). `require("x")` of the user stays.
 * - __import of a side module runs it once, until it is sent again. Where the module is async its own imports are awaited
 *   inside; of two that import each other, the second finds the first one's unfinished exports.
 */
export type Import = (specifier: string, namespace?: boolean) => Promise<unknown>;

/** A module of the user's own .ts, .js or .json files, compiled to CommonJS. */
export interface SideModule {
  /** Absolute path of the source (of a `@module` cell: where its file would be). */
  path: string;
  /** The body; for JSON the JSON itself, which `exports` becomes. */
  js: string;
  /** Source map (version 3) from `js` to the source; absent for JSON. */
  map?: string;
  /** Whether the body awaits: every module that imports something. */
  isAsync: boolean;
}

/** A cell that may run. */
export interface ConvertedCell {
  kind: "code";
  /** Body of `(async) function (exports, require, __import)`, CommonJS; see Import. */
  js: string;
  /** Source map (version 3) from `js` to the cell. */
  map: string;
  /** Whether the body awaits at its top level. */
  isAsync: boolean;
  /** Property of `exports` that holds the value of the cell's last expression; null when its last statement is none. */
  lastExpression: string | null;
  /** Names that the cell declares as values. */
  names: string[];
  /** Modules of the user's files that are new, have changed since they were last sent, or import one that has. */
  modules: SideModule[];
  /** Whether the cell begins with %%time. */
  timed: boolean;
  /** keep() would do nothing, and need not be called: no declarations, no modules, no shell lines. */
  leavesNothing?: boolean;
  /** The same text would be converted to the same again, until a cell is kept or all are forgotten: it rests on no file of the user's. */
  stands?: boolean;
}

export interface RejectedCell {
  kind: "rejected";
  /** At least one; in the order of the cell. */
  diagnostics: Diagnostic[];
}

export type Conversion = ConvertedCell | RejectedCell;

export interface CompletionItem {
  text: string;
  /** TypeScript's kind: "function", "method", "property", "const", "keyword", "module", "path" ... */
  type: string;
  /** The item's signature, where it is known cheaply. */
  signature?: string;
}

export interface Completion {
  /** What the items replace: [start, end). */
  start: number;
  end: number;
  items: CompletionItem[];
}

/** is_complete_reply, as the protocol has it. */
export type Completeness = { status: "complete" | "invalid" | "unknown" } | { status: "incomplete"; indent: string };

/** The language as the session sees it: a worker thread answers. Every call waits for the ones before it. */
export interface Language {
  readonly name: LanguageName;
  /** Resolves when the compiler is built (about two seconds after the start). Calls may be made before. */
  ready: Promise<void>;
  /**
   * Type-checks and converts a cell against the declarations that were kept so far. `cell` names it for keep().
   * `scratch` cells (user_expressions) leave no declarations and may not be kept.
   */
  convert(request: { cell: number; code: string; scratch?: boolean }): Promise<Conversion>;
  /** After the cell ran: its declarations count from now on. `names`: only these, of a cell that threw; undefined for all. */
  keep(request: { cell: number; names?: readonly string[] }): Promise<void>;
  /** Forgets every declaration: the executor was started anew. */
  reset(): Promise<void>;
  complete(request: { code: string; offset: number }): Promise<Completion>;
  /** Plain text and markdown about what stands at `offset`; null where nothing does. Level 1 adds source or members. */
  inspect(request: { code: string; offset: number; detail: 0 | 1 }): Promise<Record<string, string> | null>;
  isComplete(request: { code: string }): Promise<Completeness>;
  close(): Promise<void>;
}
