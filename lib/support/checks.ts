/** Checks of arguments at public boundaries: each error names the function, the argument, what was expected and what came. */

/** A mistake of the person who calls: the command line prints its message without a stack. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** `value` as an error message shows it: short, quoted where it is text. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === "number" || typeof value === "bigint" || value === undefined || value === null) return String(value);
  if (typeof value === "function") return `a function`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Requires an integer in [min, max]. @throws {RangeError} otherwise. */
export function requireInteger(where: string, argument: string, value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `in [${min}, ${max}]`;
  throw new RangeError(`${where}: ${argument} must be an integer ${range}, got ${shown(value)}.`);
}

/** Requires a finite number in [min, max]. @throws {RangeError} otherwise. */
export function requireNumber(where: string, argument: string, value: unknown, min: number, max: number = Infinity): number {
  if (typeof value === "number" && Number.isFinite(value) && value >= min && value <= max) return value;
  const range = max === Infinity ? `of at least ${min}` : `in [${min}, ${max}]`;
  throw new RangeError(`${where}: ${argument} must be a number ${range}, got ${shown(value)}.`);
}

/** Requires a vector of `length` numbers. @throws {RangeError} otherwise. */
export function requireLength(where: string, argument: string, value: ArrayLike<number>, length: number): void {
  if (value.length !== length) throw new RangeError(`${where}: ${argument} must have length ${length}, got ${value.length}.`);
}
