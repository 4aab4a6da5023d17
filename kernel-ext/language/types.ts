/**
 * What the kernel asks of the language: cells of TypeScript in, JavaScript and answers out. Offsets are UTF-16 units into
 * the cell; the protocol's code points are converted at the wire (protocol/positions.ts).
 */

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

/** A module of the user's own .ts or .json files, compiled to CommonJS. */
export interface SideModule {
  /** Absolute path of the source. */
  path: string;
  js: string;
  /** Source map (version 3) from `js` to the source; absent for JSON. */
  map?: string;
}

/** A cell that may run. */
export interface ConvertedCell {
  kind: "code";
  /** Body of `(async) function (exports, require, ...)`, CommonJS. */
  js: string;
  /** Source map (version 3) from `js` to the cell. */
  map: string;
  /** Whether the body awaits at its top level. */
  isAsync: boolean;
  /** Property of `exports` that holds the value of the cell's last expression; null when its last statement is none. */
  lastExpression: string | null;
  /** Names that the cell declares as values. */
  names: string[];
  /** Modules of the user's files that are new or have changed since they were last sent. */
  modules: SideModule[];
  /** Whether the cell begins with %%time. */
  timed: boolean;
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
