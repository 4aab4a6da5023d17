/**
 * Stands in for TypeScript's watch mode, on which tslab builds. tslab asks for two updates a cell and watches every file by
 * polling; this makes one program a cell, reuses parsed files, and looks at the user's files when an update is asked for.
 */
import { createCellTexts, hostOf } from "./host.js";
import { globalsPath, cellOptions } from "./options.js";
import { createResolution } from "./resolution.js";
import { createSources } from "./sources.js";
import type { ts, Typescript } from "./typescript.js";

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

export interface ProgramSettings {
  cwd: string;
  /** Paths of modules that cells define. */
  virtual: ReadonlySet<string>;
  /** What the compiler is to see as the cell; undefined: what tslab has. */
  cellText(): string | undefined;
  emit(program: ts.Program, ...args: Parameters<ts.Program["emit"]>): ts.EmitResult;
}

/** What tslab does with its watch. */
export interface WatchHandle {
  updateRootFileNames(names: readonly string[]): void;
  close(): void;
}

export interface Programs {
  current(): ts.Program;
  createWatchProgram(host: WatchHost): WatchHandle;
  /** The compiler failed, or something was installed: build the next program from scratch, from files as they are now. */
  startOver(): void;
}

export function createPrograms(ts: Typescript, settings: ProgramSettings): Programs {
  let watch: Watch | undefined;
  const started = (): Watch => {
    if (watch === undefined) throw new Error("createPrograms: expected tslab's converter to be created first.");
    return watch;
  };
  return {
    current: () => started().current(),
    startOver: () => started().startOver(),
    createWatchProgram(host) {
      watch = startWatch(ts, host, settings);
      return watch.handle;
    },
  };
}

interface Watch extends Pick<Programs, "current" | "startOver"> {
  handle: WatchHandle;
}

function startWatch(ts: Typescript, host: WatchHost, settings: ProgramSettings): Watch {
  const { system } = host;
  const cache = createProgramCache(ts, host, settings);
  let timer: unknown;

  /** tslab counts on its timer being set, and runs it itself. */
  function schedule(): void {
    if (timer !== undefined) system.clearTimeout?.(timer);
    timer = system.setTimeout?.(() => {
      timer = undefined;
      cache.update();
      // A new object every time: by that tslab knows that the update was made.
      host.afterProgramCreate?.(builderOf(cache.current, settings));
    }, 0);
  }

  for (const path of host.roots) system.watchFile?.(path, schedule);
  cache.update();
  host.afterProgramCreate?.(builderOf(cache.current, settings));
  const handle: WatchHandle = {
    updateRootFileNames(names) {
      cache.setRoots(names);
      schedule();
    },
    close() {},
  };
  return { current: cache.current, startOver: cache.startOver, handle };
}

/** tslab converts the files that a cell imports with the cell; modules.ts does that, so that the cell is all tslab sees. */
function builderOf(current: () => ts.Program, { emit }: ProgramSettings): Builder {
  return {
    getProgram: current,
    getSourceFile: (path) => current().getSourceFile(path),
    getAllDependencies: (file) => [file.fileName],
    emit: (...args) => emit(current(), ...args),
  };
}

interface ProgramCache extends Pick<Programs, "current" | "startOver"> {
  /** Builds a program where a text, a file or the roots have changed. Keeps a failure for current(). */
  update(): void;
  setRoots(names: readonly string[]): void;
}

function createProgramCache(ts: Typescript, { roots, options: tslabOptions, system }: WatchHost, settings: ProgramSettings): ProgramCache {
  const options = cellOptions(ts, tslabOptions, settings.cwd);
  const texts = createCellTexts(ts, system, roots, settings.cellText);
  const sources = createSources(ts, system, settings.virtual);
  const resolution = createResolution(ts, system);
  const host = hostOf(ts, system, { texts, sources, resolution });
  let rootNames = [...roots, globalsPath()];
  let program: ts.Program | undefined;
  let failure: unknown;
  let stale = true;

  function build(): void {
    const oldProgram = program;
    program = undefined;
    const built = ts.createProgram({ rootNames, options, host, ...(oldProgram === undefined ? {} : { oldProgram }) });
    // Binds the files: tslab reads the names of the cell at once.
    built.getTypeChecker();
    program = built;
    stale = false;
  }
  return {
    update() {
      // Each of these must be asked, every time.
      const changes = [texts.update(), sources.changed(program === undefined), stale];
      if (program !== undefined && !changes.includes(true)) return;
      try {
        build();
      } catch (error) {
        failure = error;
      }
    },
    current() {
      if (program === undefined) throw failure;
      return program;
    },
    setRoots(names) {
      rootNames = [...names, globalsPath()];
      stale = true;
    },
    startOver() {
      program = undefined;
      texts.forget();
      resolution.forget();
    },
  };
}
