/**
 * One checker for many programs. A checker begins by joining the globals of all files (some hundred for a cell), and learns the types of
 * what is asked for: for a small cell both take longer than all the rest. What it has learnt stands in the next program, as long as the
 * two differ in nothing but the texts of cells and declarations, which are modules: their nodes and symbols are new to it.
 */
import type { BoundFile, Checker, ts, Typescript } from "./typescript.js";

/** Programs that one checker serves: it keeps the types of all their cells. */
const SERVED = 100;

export interface Checkers {
  /** Binds the program's files. */
  of(program: ts.Program): Checker;
  /** The next program gets a new one. */
  forget(): void;
}

/** A checker and the newest program that it serves. */
interface Shared {
  checker: Checker;
  program: ts.Program;
  served: number;
}

/** `texts`: the paths of the files that are another in every program. */
export function createCheckers(ts: Typescript, texts: ReadonlySet<string>): Checkers {
  let kept: Shared | undefined;

  function fresh(program: ts.Program): Shared {
    const shared: { program: ts.Program; served: number } = { program, served: 1 };
    const newest = new Proxy(program, { get: (_first, key): unknown => Reflect.get(shared.program, key) });
    return (kept = Object.assign(shared, { checker: ts.createTypeChecker(newest) }));
  }
  function reused(shared: Shared, program: ts.Program): Shared {
    for (const file of textsOf(program, texts)) ts.bindSourceFile(file, program.getCompilerOptions());
    shared.program = program;
    shared.served++;
    return shared;
  }
  return {
    of(program) {
      const shared = kept !== undefined && mayServe(kept, program, texts) ? reused(kept, program) : fresh(program);
      return withDiagnostics(shared.checker, (...asked) => {
        const found = shared.checker.getDiagnostics(...asked);
        if (found.length === 0) return found;
        // It keeps what it has found by the names of files: some may be of an earlier text, and it serves no later one.
        const first = shared.served === 1 ? found : fresh(program).checker.getDiagnostics(...asked);
        kept = undefined;
        return first;
      });
    },
    forget() {
      kept = undefined;
    },
  };
}

const withDiagnostics = (checker: Checker, getDiagnostics: Checker["getDiagnostics"]): Checker => ({ ...checker, getDiagnostics });

const textsOf = (program: ts.Program, texts: ReadonlySet<string>): BoundFile[] =>
  program.getSourceFiles().filter(({ fileName }) => texts.has(fileName));

/** Whether nothing that the checker knows is another in `program`. */
function mayServe({ program: last, served }: Shared, program: ts.Program, texts: ReadonlySet<string>): boolean {
  if (served >= SERVED) return false;
  const before = last.getSourceFiles();
  const files = program.getSourceFiles();
  const sameFiles = files.length === before.length
    && files.every((file, i) => file === before[i] || (texts.has(file.fileName) && file.fileName === before[i]?.fileName));
  // Names that an earlier cell imports may be written in the types of a later one as that cell's.
  return sameFiles && textsOf(last, texts).every(isSelfContained) && textsOf(program, texts).every(addsNoGlobals);
}

const addsNoGlobals = ({ moduleAugmentations = [] }: BoundFile): boolean => moduleAugmentations.length === 0;

const isSelfContained = (file: BoundFile): boolean => addsNoGlobals(file) && (file.isDeclarationFile || (file.imports ?? []).length === 0);
