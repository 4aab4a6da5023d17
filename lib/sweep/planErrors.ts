/** A plan's mistakes in words: where, what was expected, what came, and what was probably meant. */
import type { z } from "zod";
import { shown } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** The keys that an object of the plan may have, by its path. */
export type KnownKeys = (path: Path) => string[];

/** "methods[1]", "settings.epochs"; "" for the plan itself. */
const pathText = (path: Path): string =>
  path.map((key, index) => (typeof key === "number" ? `[${key}]` : `${index > 0 ? "." : ""}${String(key)}`)).join("");

/** The value of `input` at `path`; undefined where there is none. */
function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined), input);
}

/** One line for each mistake that `issue` is. @param input the whole plan as it was given. */
export function describeIssue(issue: Issue, input: unknown, knownKeys: KnownKeys): string[] {
  const value = valueAt(input, issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) =>
      `${pathText([...issue.path, key])}: unknown, must be one of ${known.join(", ")}.${didYouMean(key, known)}`);
  }
  if (issue.code === "invalid_union") return [describeUnion(issue, value, input, knownKeys)];
  if (value === undefined && issue.path.length > 0) return [`${pathText(issue.path)}: is missing, must be ${expectation(issue)}.`];
  const hint = issue.code === "invalid_value" && typeof value === "string" ? didYouMean(value, issue.values.map(String)) : "";
  const where = issue.path.length === 0 ? "the plan" : pathText(issue.path);
  return [`${where}: must ${mustBe(issue)}, got ${shown(value)}.${hint}`];
}

/** The alternative that the value comes nearest to: an object speaks for the one with keys, a list for the list. */
function describeUnion(issue: Extract<Issue, { code: "invalid_union" }>, value: unknown, input: unknown, knownKeys: KnownKeys): string {
  const inner = issue.errors.find((errors) => errors.some((one) => one.code !== "invalid_type" || one.path.length > 0));
  const first = inner?.[0];
  if (first !== undefined) return describeIssue({ ...first, path: [...issue.path, ...first.path] }, input, knownKeys)[0] ?? "";
  const expected = issue.errors.flatMap((errors) => errors.map(expectation));
  return `${pathText(issue.path)}: must be ${expected.join(" or ")}, got ${shown(value)}.`;
}

const mustBe = (issue: Issue): string => (issue.code === "custom" ? issue.message.replace(/^must /, "") : `be ${expectation(issue)}`);

const TYPES: Readonly<Record<string, string>> = {
  string: "a text", number: "a number", int: "a whole number", boolean: "true or false", array: "a list", object: "an object",
};

/** "a whole number of at least 1". */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type": return TYPES[issue.expected] ?? issue.expected;
    case "invalid_value": return issue.values.length === 1 ? `${shown(issue.values[0])}` : `one of ${issue.values.join(", ")}`;
    case "too_small": return bound(issue.origin, `${issue.inclusive === false ? "above" : "of at least"} ${issue.minimum}`, "not empty");
    case "too_big": return bound(issue.origin, `${issue.inclusive === false ? "below" : "of at most"} ${issue.maximum}`, "shorter");
    default: return issue.message;
  }
}

/** Numbers have a bound; lists and texts are only too short here. */
const bound = (origin: string, number: string, length: string): string =>
  origin === "number" || origin === "int" ? `a number ${number}` : length;
