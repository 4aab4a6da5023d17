/** How much garbage the compiler's heap may hold. */
import { setFlagsFromString } from "node:v8";

/**
 * Percent by which the heap may grow before V8 collects its old generation. Every cell is a program of the compiler's that lives
 * until the next one: old by then, and of no use. V8 by itself lets 100 to 200 MB of them lie.
 */
const GROWTH = 20;

/** While the compiler is being built the heap only grows: to collect then would cost half a second. So, after that. */
export const limitGarbage = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH}`);

/** V8 ties compiled code to the flags that it was compiled under. */
export function underDefaults(action: () => void): void {
  setFlagsFromString("--heap-growing-percent=0");
  try {
    action();
  } finally {
    limitGarbage();
  }
}
