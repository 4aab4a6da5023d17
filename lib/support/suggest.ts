/** "Did you mean": what a mistyped value was probably meant to be. */
import { closest, distance } from "fastest-levenshtein";

/** The one of `known` that `value` is a few letters away from, or undefined; case does not count. */
export function nearest(value: string, known: readonly string[]): string | undefined {
  const lower = value.toLowerCase();
  const exact = known.find((name) => name.toLowerCase() === lower);
  if (exact !== undefined || known.length === 0) return exact;
  const best = closest(lower, known.map((name) => name.toLowerCase()));
  const letters = Math.max(lower.length > 2 ? 2 : 1, Math.floor(lower.length / 3));
  return distance(lower, best) <= letters ? known.find((name) => name.toLowerCase() === best) : undefined;
}

/** A name without case, hyphens, underscores and spaces: "SST-2" is "sst2". */
export const plainName = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

/** ` Did you mean "mrpc"?` (with the space before it), or nothing where none of `known` is near. */
export function didYouMean(value: string, known: readonly string[]): string {
  const name = nearest(value, known);
  return name === undefined ? "" : ` Did you mean ${JSON.stringify(name)}?`;
}
