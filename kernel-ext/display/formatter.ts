/** One kind of value that shows itself as more than text. */
import type { MimeBundle } from "../executor/types.js";

/** @returns the value's bundle, or undefined where it is none of this kind. `text/plain` may be left out: inspect's then. */
export type Formatter = (value: unknown) => MimeBundle | Promise<MimeBundle> | undefined;

/** Properties of any value, or undefined: kinds are recognised by what they have (duck typing). */
export function propertyOf(value: unknown, name: string | symbol): unknown {
  return (typeof value === "object" && value !== null) || typeof value === "function" ? Reflect.get(value, name) : undefined;
}

/** Calls a method of a value that was recognised by its shape. */
export function call(value: object, name: string | symbol, ...args: unknown[]): unknown {
  const method: unknown = Reflect.get(value, name);
  if (typeof method !== "function") throw new TypeError(`display: expected a method ${String(name)}, got ${typeof method}.`);
  return Reflect.apply(method, value, args);
}

export const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
