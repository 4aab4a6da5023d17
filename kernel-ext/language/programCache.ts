/** One program after the other, each on the last one's files. */
import { createCheckers } from "./checkers.js";
import { createCellTexts, hostOf } from "./host.js";
import { globalsPath, cellOptions } from "./options.js";
import { createResolution } from "./resolution.js";
import { createSources } from "./sources.js";
import type { Checker, ts, Typescript } from "./typescript.js";
import type { ProgramSettings, WatchHost } from "./watch.js";

export interface ProgramCache {
  /** The last that was built; throws what kept it from being built. */
  current(): ts.Program;
  /** Counts the builds, those that failed too. */
  number(): number;
  /** Whether it depends on no file that may change without the kernel's knowing. */
  isFixed(): boolean;
  /** Builds the next one from scratch, from files as they are then. */
  startOver(): void;
  /** Builds a program where a text, a file or the roots have changed. Keeps a failure for current(). */
  update(): void;
  setRoots(names: readonly string[]): void;
}

export function createProgramCache(ts: Typescript, watched: WatchHost, settings: ProgramSettings): ProgramCache {
  const { roots, system } = watched;
  const options = cellOptions(ts, watched.options, settings);
  const texts = createCellTexts(ts, system, { paths: roots, cellText: settings.cellText });
  const sources = createSources(ts, system, settings.virtual);
  const resolution = createResolution(ts, system);
  // Completion and inspection look at cells that are not finished: what is wrong with them is no cell's error. The first program has no
  // cell yet; its checker is the first cell's.
  const [converting, asking] = [createCheckers(ts, new Set(roots)), createCheckers(ts, new Set(roots))];
  const createTypeChecker = (program: ts.Program): Checker => (settings.cellText() === undefined && builds > 1 ? asking : converting).of(program);
  const host = hostOf(ts, system, { texts, sources, resolution, createTypeChecker });
  let rootNames = [...roots, globalsPath()];
  let program: ts.Program | undefined;
  let failure: unknown;
  let stale = true;
  let builds = 0;

  function build(): void {
    builds++;
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
    number: () => builds,
    isFixed: () => !sources.hasOwn() && !resolution.hasOpen(),
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
      converting.forget();
      asking.forget();
      resolution.forget();
    },
  };
}
