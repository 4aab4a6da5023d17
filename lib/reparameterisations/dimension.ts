/** The d that a person chose, checked against what there is to train. */
import { UsageError, shown } from "../support/checks.js";
import { countOf, type Parts } from "./parts.js";
import type { ReparameterisationOptions } from "./types.js";

/** d. @throws {UsageError} unless it is an integer with one coordinate at least beside SAID's lambdas, and D at most beside them. */
export function checkedDimension({ method, d }: ReparameterisationOptions, { moved }: Parts, groups: string[] = []): number {
  const D = countOf(moved), m = groups.length;
  if (typeof d !== "number" || !Number.isInteger(d) || d < 1 || d > D + m) {
    throw new UsageError(`${method}: d must be an integer in [${m + 1}, ${D + m}], got ${shown(d)}.`);
  }
  if (d <= m) {
    const some = groups.length > 12 ? [...groups.slice(0, 10), "...", groups.at(-1)] : groups;
    throw new UsageError(`said: d must be more than m = ${m}, got ${d}: each of the ${m} groups (${some.join(", ")}) has a lambda, `
      + "which counts as one of the d numbers, and z needs one at least. "
      + `Take d >= ${m + 1}, fewer groups (one per layer), or the method did.`);
  }
  return d;
}

/** d of a method without groups. @throws {UsageError} unless it is an integer in [min, max]. */
export function requireDimension(method: string, d: unknown, min: number, max: number): number {
  if (typeof d === "number" && Number.isInteger(d) && d >= min && d <= max) return d;
  throw new UsageError(`${method}: d must be an integer in [${min}, ${max}], got ${shown(d)}.`);
}
