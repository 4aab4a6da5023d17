/** A notebook's parameters, as its cell declares them, and the cell that gives them other values. */
import { shown, UsageError } from "../support/checks.js";
import { didYouMean } from "../support/suggest.js";

/** One line of the parameters cell: `let d = 1608; // numbers learned`. */
export interface Parameter {
  name: string;
  /** As declared; null where TypeScript infers it. */
  type: string | null;
  /** The value's TypeScript. */
  value: string;
  /** What it is. */
  help: string;
}

const DECLARATION = /^let ([a-zA-Z]\w*)(?:: ([^=]+?))? = (.+?);\s*(?:\/\/\s*(.*))?$/;

/** The parameters that a cell's source declares, one a line; other lines are passed over. */
export function parametersOf(source: string): Parameter[] {
  return source.split("\n").flatMap((line) => {
    const [, name, type, value, help] = DECLARATION.exec(line.trim()) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, type: type ?? null, value, help: help ?? "" }];
  });
}

/** `d=200` -> ["d", "200"]. @throws {UsageError} without a name and a "=". */
export function nameAndValue(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UsageError(`notebook: -p takes name=value, e.g. -p seed=3, got ${shown(text)}.`);
}

/**
 * TypeScript that gives the parameters these values; declared types are kept, so that the cells after it check as before.
 * @param where names the notebook in messages.
 * @throws {UsageError} for a name that the notebook does not have, or a value that is not of the parameter's kind.
 */
export function assignments(parameters: readonly Parameter[], given: readonly (readonly [string, string])[], where: string): string {
  const names = parameters.map(({ name }) => name);
  return given.map(([name, text]) => {
    const parameter = parameters.find((one) => one.name === name);
    if (parameter === undefined) {
      const near = names.filter(({ length }) => 2 * length > name.length); // "d" is near to any three letters
      throw new UsageError(`notebook: ${where} has no parameter ${shown(name)}; it has ${names.join(", ")}.${didYouMean(name, near)}`);
    }
    const type = parameter.type === null ? "" : `: ${parameter.type}`;
    return `let ${name}${type} = ${literal(parameter, text, where)};`;
  }).join("\n");
}

/** `text` as a value of the parameter's kind. */
function literal({ name, type, value }: Parameter, text: string, where: string): string {
  const wrong = (expected: string, more = ""): UsageError =>
    new UsageError(`notebook: ${where}: ${name} must be ${expected}, got ${shown(text)}.${more}`);
  const choices = [...(type ?? "").matchAll(/"([^"]*)"/g)].map(([, choice]) => choice!);
  if (choices.length > 0) {
    const plain = unquoted(text);
    if (choices.includes(plain)) return JSON.stringify(plain);
    throw wrong(`one of ${choices.join(", ")}`, didYouMean(plain, choices));
  }
  if (value.startsWith("[") || value.startsWith("{")) return json(text, () => wrong(`JSON like ${value}`));
  if (/^["'`]/.test(value)) return JSON.stringify(unquoted(text));
  if (value === "true" || value === "false") {
    if (text === "true" || text === "false") return text;
    throw wrong("true or false");
  }
  if (text === "null" && /\bnull\b/.test(type ?? "")) return text;
  if (text !== "" && Number.isFinite(Number(text.replaceAll("_", "")))) return String(Number(text.replaceAll("_", "")));
  throw wrong("a number");
}

const unquoted = (text: string): string => (/^"[^"]*"$|^'[^']*'$/.test(text) ? text.slice(1, -1) : text);

function json(text: string, problem: () => UsageError): string {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) return JSON.stringify(parsed);
  } catch {
    // Told below.
  }
  throw problem();
}
