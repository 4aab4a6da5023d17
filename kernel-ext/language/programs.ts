/**
 * Stands in for TypeScript's watch mode, on which tslab builds. tslab asks for two updates a cell and watches every file by
 * polling; this makes one program a cell, reuses parsed files, and looks at the user's files when an update is asked for.
 */
import { createProgramCache } from "./programCache.js";
import type { ts, Typescript } from "./typescript.js";
import type { Builder, ProgramSettings, WatchHost } from "./watch.js";

/** What tslab does with its watch. */
export interface WatchHandle {
  updateRootFileNames(names: readonly string[]): void;
  close(): void;
}

export interface Programs {
  current(): ts.Program;
  /** Looks whether a file has changed. @returns the number of the program that stands now: another one after every build. */
  refresh(): number;
  createWatchProgram(host: WatchHost): WatchHandle;
  /** Whether the current one depends on no file that may change: the user's own, or one that was not found. */
  isFixed(): boolean;
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
    refresh: () => started().refresh(),
    startOver: () => started().startOver(),
    isFixed: () => started().isFixed(),
    createWatchProgram(host) {
      watch = startWatch(ts, host, settings);
      return watch.handle;
    },
  };
}

interface Watch extends Pick<Programs, "current" | "refresh" | "startOver" | "isFixed"> {
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
  function refresh(): number {
    cache.update();
    return cache.number();
  }
  return { current: cache.current, refresh, startOver: cache.startOver, isFixed: cache.isFixed, handle };
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
