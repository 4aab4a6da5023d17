/** What tslab and the programs that it gets say to each other. */
import type { Place } from "./types.js";
import type { ts } from "./typescript.js";

/** What tslab reads the compiled cell from. */
export interface Builder {
  getProgram(): ts.Program;
  getSourceFile(path: string): ts.SourceFile | undefined;
  getAllDependencies(file: ts.SourceFile): string[];
  emit: ts.Program["emit"];
}

/** What tslab hands to createWatchProgram: what it gave to createWatchCompilerHost, and where it wants its builder. */
export interface WatchHost {
  roots: readonly string[];
  options: ts.CompilerOptions;
  system: ts.System;
  afterProgramCreate?(builder: Builder): void;
}

export interface ProgramSettings extends Place {
  /** Paths of modules that cells define. */
  virtual: ReadonlySet<string>;
  /** What the compiler is to see as the cell; undefined: what tslab has. */
  cellText(): string | undefined;
  emit(program: ts.Program, ...args: Parameters<ts.Program["emit"]>): ts.EmitResult;
}
