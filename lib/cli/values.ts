/** Values of options: from text to numbers, lists and names, with what was expected when it is none of them. */
import { existsSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { shown } from "../support/checks.js";
import { didYouMean, plainName } from "../support/suggest.js";

type Parser<T> = (text: string) => T;

/** An integer in [min, max]. */
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER): Parser<number> => (text) => {
  const value = Number(text.replaceAll("_", ""));
  if (/^\d[\d_]*$/.test(text) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new InvalidArgumentError(`It must be a whole number ${range}.`);
};

/** Bounds of a number; `above` excludes min. */
interface Bounds {
  min?: number;
  max?: number;
  above?: boolean;
}

/** A number in [min, max], by default any that is not negative. */
export const decimal = ({ min = 0, max = Infinity, above = false }: Bounds = {}): Parser<number> => (text) => {
  const value = text.trim() === "" ? NaN : Number(text);
  if (Number.isFinite(value) && value <= max && (above ? value > min : value >= min)) return value;
  const range = `${above ? `above ${min}` : `of at least ${min}`}${max === Infinity ? "" : ` and at most ${max}`}`;
  throw new InvalidArgumentError(`It must be a number ${range}.`);
};

/** Values with commas between them: "1e-4,2e-4". */
export const list = <T>(parse: Parser<T>): Parser<T[]> => (text) => {
  const values = text.split(",").map((part) => parse(part.trim()));
  if (new Set(values).size < values.length) throw new InvalidArgumentError("No value may come twice.");
  return values;
};

/** One of `names`. */
export const choice = <T extends string>(names: readonly T[]): Parser<T> => (text) => {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It must be one of ${names.join(", ")}.${didYouMean(text, names)}`);
};

/** Text that is not empty: a forgotten variable in a script gives an empty one. */
export const words: Parser<string> = (text) => {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError(`It must not be empty, got ${shown(text)}.`);
};

/** One of `names`, where case and hyphens do not count, or a path: what has an ending or a slash, or is there. @param path what it names. */
export const pathOr = <T extends string>(names: readonly T[], path: string): Parser<string> => (text) => {
  const found = names.find((name) => plainName(name) === plainName(text));
  if (found !== undefined) return found;
  if (/[./\\]/.test(text) || existsSync(text)) return text;
  throw new InvalidArgumentError(`It must be one of ${names.join(", ")}, or ${path}.${didYouMean(text, names)}`);
};
