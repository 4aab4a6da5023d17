/** Keeps what AsyncLocalStorage notes on promises and timers (before Node 24) out of their text. */
import { inspect, type InspectOptions } from "node:util";

const NOTES = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** Values with such notes: promises, timeouts, immediates. */
function prototypes(): object[] {
  const timeout = setTimeout(() => undefined);
  const immediate = setImmediate(() => undefined);
  clearTimeout(timeout);
  clearImmediate(immediate);
  return [Promise.prototype, Object.getPrototypeOf(timeout), Object.getPrototypeOf(immediate)];
}

function hideNotes(value: object): void {
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (NOTES.has(symbol.description ?? "")) Object.defineProperty(value, symbol, { enumerable: false });
  }
}

/** Makes `inspect` of such values what it is without the kernel. */
export function installInspection(): void {
  function inspectPlainly(this: object, _depth: number, options: InspectOptions): string {
    try {
      hideNotes(this);
      // Shadowed while Node shows the value, or this would be called again.
      Object.defineProperty(this, inspect.custom, { value: undefined, configurable: true });
      return inspect(this, options);
    } finally {
      Reflect.deleteProperty(this, inspect.custom);
    }
  }
  for (const prototype of prototypes()) {
    Object.defineProperty(prototype, inspect.custom, { value: inspectPlainly, configurable: true, writable: true });
  }
}
