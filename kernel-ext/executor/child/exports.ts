/** What cells declare: one `exports` object for all of them. */

interface Change {
  /** The property before the cell; undefined where there was none. */
  before: PropertyDescriptor | undefined;
  /** How often the cell has set it. */
  count: number;
}

export interface CellExports {
  /** The object that converted cells see. Everything in it can be declared anew. */
  readonly exports: object;
  /** Takes a cell's last value out. */
  take(name: string): unknown;
  /** A new cell begins. */
  begin(): void;
  /** Names that the cell has set. `threw`: what it had not come to yet keeps its old value. */
  end(threw: boolean): string[];
  /** Everything as before the cell: for scratch cells. */
  undo(): void;
}

export function createExports(): CellExports {
  const target: Record<string | symbol, unknown> = {};
  let changes = new Map<string, Change>();

  function set(name: string | symbol, value: unknown): boolean {
    if (typeof name === "string") {
      const change = changes.get(name);
      if (change === undefined) changes.set(name, { before: Object.getOwnPropertyDescriptor(target, name), count: 1 });
      else change.count++;
    }
    target[name] = value;
    return true;
  }

  function restore(name: string, before: PropertyDescriptor | undefined): void {
    if (before === undefined) delete target[name];
    else Object.defineProperty(target, name, before);
  }

  /** TypeScript begins a cell with `exports.x = void 0` for each declaration: such a one has not been reached. */
  const untouched = (name: string, change: Change): boolean => change.count === 1 && target[name] === undefined;

  const exports = new Proxy(target, {
    set: (_target, name, value) => set(name, value),
    // TypeScript defines re-exported imports as getters, which could not be declared again: their values are kept.
    defineProperty: (_target, name, { get, value }) => name === "__esModule" || set(name, get === undefined ? value : get()),
  });

  return {
    exports,
    take(name) {
      const value = target[name];
      delete target[name];
      changes.delete(name);
      return value;
    },
    begin: () => void (changes = new Map()),
    end(threw) {
      if (!threw) return [...changes.keys()];
      return [...changes].flatMap(([name, change]) => {
        if (!untouched(name, change)) return [name];
        restore(name, change.before);
        return [];
      });
    },
    undo: () => { for (const [name, { before }] of changes) restore(name, before); },
  };
}
