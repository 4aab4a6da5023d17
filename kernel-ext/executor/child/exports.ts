/**
 * What cells declare: one `exports` object for all of them. The language defines each name on it where its declaration has
 * run, live (getters and setters of the cell's own variable); it is a plain object, for loops over earlier variables.
 */

export interface CellExports {
  /** The object that converted cells see. */
  readonly exports: object;
  /** Takes a cell's last value out. */
  take(name: string): unknown;
  /** A new cell begins. */
  begin(): void;
  /** Names that the cell has declared, or set to another value. */
  changed(): string[];
  /** Everything as before the cell: for scratch cells. */
  undo(): void;
}

export function createExports(): CellExports {
  const exports: Record<string, unknown> = {};
  let before = Object.getOwnPropertyDescriptors(exports);

  function changed(): string[] {
    const now = Object.getOwnPropertyDescriptors(exports);
    return Object.keys(now).filter((name) => {
      const [one, other] = [before[name], now[name]];
      return one === undefined || one.get !== other?.get || !Object.is(one.value, other?.value);
    });
  }

  return {
    exports,
    take(name) {
      const value = exports[name];
      delete exports[name];
      return value;
    },
    begin: () => void (before = Object.getOwnPropertyDescriptors(exports)),
    changed,
    undo() {
      for (const name of changed()) {
        const descriptor = before[name];
        if (descriptor === undefined) delete exports[name];
        else Object.defineProperty(exports, name, descriptor);
      }
    },
  };
}
