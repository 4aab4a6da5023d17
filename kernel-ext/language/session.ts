/** A notebook's language in one thread: converted cells, and the declarations that they leave. */
import { createCells, type Converted } from "./cells.js";
import { complete } from "./complete.js";
import { isComplete } from "./completeness.js";
import { createDeclarations } from "./declarations.js";
import { inspect } from "./inspect.js";
import { moduleCellName, moduleConversion } from "./moduleCells.js";
import type { RequestName, Requests } from "./requests.js";

export type Handlers = { [Name in RequestName]: (input: Requests[Name]["input"]) => Requests[Name]["output"] };

/** Cells that ran at the same time as others are few: what was never kept is dropped beyond these. */
const PENDING = 8;

/** Takes a second or two: the compiler is loaded and has converted a cell. */
export function createSession(cwd: string): Handlers {
  const virtual = new Set<string>();
  const cells = createCells(cwd, virtual);
  const { compiler } = cells;
  const declarations = createDeclarations();
  const pending = new Map<number, Converted>();
  warmUp(cells);
  return {
    convert({ cell, code, scratch = false }) {
      const name = moduleCellName(code);
      if (name !== undefined && !scratch) return moduleConversion(compiler, { name, code, cwd, virtual });
      const converted = cells.convert({ code, declarations });
      if (converted.conversion.kind === "code" && !scratch) pending.set(cell, converted);
      for (const old of [...pending.keys()].slice(0, -PENDING)) pending.delete(old);
      return converted.conversion;
    },
    keep({ cell, names }) {
      const { declared = [], ran } = pending.get(cell) ?? {};
      pending.delete(cell);
      declarations.keep(names === undefined ? declared : declared.filter(({ name, value }) => !value || names.includes(name)));
      ran?.();
    },
    reset() {
      pending.clear();
      declarations.reset();
      cells.reset();
    },
    complete: (input) => complete(compiler, { ...input, declarations }),
    inspect: (input) => inspect(compiler, { ...input, declarations }),
    isComplete: ({ code }) => isComplete(compiler.ts, code),
  };
}

/** The first conversions compile the compiler's own code: before the user's first cell, not in it. */
function warmUp({ convert, compiler }: ReturnType<typeof createCells>): void {
  const declarations = createDeclarations();
  const { declared } = convert({ code: "const warm = [1, 2].map((n) => `${n}`);\nconsole.log(warm);\n1 + 1", declarations });
  declarations.keep(declared);
  convert({ code: "warm.length", declarations });
  compiler.converter.complete(declarations.text(), "warm.", 5);
  convert({ code: "", declarations: createDeclarations() });
}
