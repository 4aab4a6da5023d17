/** A notebook's language in one thread: converted cells, and the declarations that they leave. */
import { createCells, type Converted } from "./cells.js";
import { complete } from "./complete.js";
import { isComplete } from "./completeness.js";
import { createDeclarations } from "./declarations.js";
import { inspect } from "./inspect.js";
import { moduleCellName, moduleConversion } from "./moduleCells.js";
import type { RequestName, Requests } from "./requests.js";
import type { Place } from "./types.js";

export type Handlers = { [Name in RequestName]: (input: Requests[Name]["input"]) => Requests[Name]["output"] };

/** Cells that ran at the same time as others are few: what was never kept is dropped beyond these. */
const PENDING = 8;

export interface Session {
  handlers: Handlers;
  /** What makes the first cells quick, a little at a time: to be done while nobody asks. */
  warmUp: readonly (() => void)[];
}

/** Takes a second: the compiler is loaded, and has read the declarations of the language and of Node. */
export function createSession(place: Place): Session {
  const virtual = new Set<string>();
  const cells = createCells(place, virtual);
  const { compiler } = cells;
  const declarations = createDeclarations();
  const pending = new Map<number, Converted>();
  /** A compiler that fails stops in the middle of its work: the next request finds a new one. */
  function whole<Answer>(action: () => Answer): Answer {
    try {
      return action();
    } catch (error) {
      compiler.programs.startOver();
      throw error;
    }
  }
  const handlers: Handlers = {
    convert({ cell, code, scratch = false }) {
      const name = moduleCellName(code, place.language);
      if (name !== undefined && !scratch) return moduleConversion(compiler, { name, code, cwd: place.cwd, virtual });
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
    complete: (input) => whole(() => complete(compiler, { ...input, declarations })),
    inspect: (input) => whole(() => inspect(compiler, { ...input, declarations })),
    isComplete: ({ code }) => isComplete(compiler.parse, code),
  };
  return { handlers, warmUp: warmUpOf(cells) };
}

/** The first conversions compile the compiler's own code: if there is time, before the user's first cell. */
function warmUpOf({ convert, compiler }: ReturnType<typeof createCells>): (() => void)[] {
  const declarations = createDeclarations();
  return [
    () => declarations.keep(convert({ code: "const warm = [1, 2].map((n) => `${n}`);\nconsole.log(warm);\n1 + 1", declarations }).declared),
    () => void convert({ code: "warm.length", declarations }),
    () => void compiler.converter.complete(declarations.text(), "warm.", 5),
    // Of every global it asks whether its comment calls it deprecated.
    () => void compiler.converter.complete(declarations.text(), "warm", 4),
    () => void convert({ code: "", declarations: createDeclarations() }),
  ];
}
