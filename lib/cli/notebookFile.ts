/** The notebooks that come with d90, found by name, and copies of them with other parameters. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import { shown, UsageError } from "../support/checks.js";
import { projectRoot } from "../support/root.js";
import { didYouMean } from "../support/suggest.js";
import { assignments, type Parameter, parametersOf } from "./notebookParameters.js";

/** The part of a notebook's JSON that is read here; the rest is passed on as it is. */
export interface Notebook {
  cells: { cell_type: string; id?: string; metadata?: { tags?: string[] }; source: string | string[] }[];
  metadata: { d90?: { seconds?: number; smoke?: Record<string, unknown> } };
}

export interface NotebookFile {
  /** Without .ipynb. */
  name: string;
  /** Where its cells run: relative paths, `runs/` and packages are found from here. */
  folder: string;
  notebook: Notebook;
  parameters: Parameter[];
}

const BOOKS = join(projectRoot, "notebooks");

/** The notebooks that come with d90. In a clone they run in their folder, as in JupyterLab; elsewhere where one stands. */
export function ownNotebooks(folder = BOOKS): NotebookFile[] {
  if (!existsSync(folder)) return [];
  const place = folder.includes(`${sep}node_modules${sep}`) ? process.cwd() : folder;
  return readdirSync(folder).filter((file) => file.endsWith(".ipynb")).sort().map((file) => ({ ...readNotebook(join(folder, file)), folder: place }));
}

/**
 * The notebooks that `names` name: files, or parts of the names of d90's own (02, tour); each once, in the order given.
 * @throws {UsageError} for a name that is none.
 */
export function findNotebooks(names: readonly string[], own: readonly NotebookFile[] = ownNotebooks()): NotebookFile[] {
  const found = names.flatMap((name) => {
    if (name.endsWith(".ipynb") && existsSync(name)) return [readNotebook(name)];
    const plain = basename(name, ".ipynb");
    const exact = own.filter((one) => one.name === plain);
    const matching = exact.length > 0 ? exact : own.filter((one) => one.name.includes(plain));
    if (matching.length > 0) return matching;
    const parts = own.flatMap((one) => [one.name, one.name.slice(0, 2), ...one.name.split("-").filter((part) => part.length > 2)]);
    throw new UsageError(`notebook: there is no notebook ${shown(name)}.${didYouMean(plain, [...new Set(parts)])} ` +
      `There are ${own.map((one) => one.name).join(", ")}, and files that end in .ipynb.`);
  });
  return found.filter(({ name }, index) => found.findIndex((other) => other.name === name) === index);
}

/** Reads a file. @throws {UsageError} if it is no notebook. */
export function readNotebook(path: string): NotebookFile {
  try {
    const notebook = JSON.parse(readFileSync(path, "utf8")) as Notebook;
    if (!Array.isArray(notebook.cells)) throw new Error("it has no cells.");
    const parameters = notebook.cells.filter(isParameters).flatMap(({ source }) => parametersOf(textOf(source)));
    return { name: basename(path, ".ipynb"), folder: dirname(resolve(path)), notebook, parameters };
  } catch (error) {
    throw new UsageError(`notebook: ${path} is no notebook: ${(error as Error).message}`, { cause: error });
  }
}

const textOf = (source: string | string[]): string => (typeof source === "string" ? source : source.join(""));
const isParameters = ({ metadata }: Notebook["cells"][number]): boolean => metadata?.tags?.includes("parameters") === true;

/** What the first line of the notebook says it is about. */
export const titleOf = ({ cells }: Notebook): string => textOf(cells[0]?.source ?? "").split("\n", 1)[0]!.replace(/^#+\s*/, "");

/** The parameters that the notebook names for a smoke run, as they are given on a command line. */
export const smokeOf = ({ notebook: { metadata } }: NotebookFile): [string, string][] =>
  Object.entries(metadata.d90?.smoke ?? {}).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);

/**
 * A copy in which the parameters have these values: in a cell of its own behind the defaults, as papermill does it.
 * @throws {UsageError} for a parameter or a value that makes no sense.
 */
export function withParameters({ name, notebook, parameters }: NotebookFile, given: readonly (readonly [string, string])[]): Notebook {
  if (given.length === 0) return notebook;
  if (parameters.length === 0) throw new UsageError(`notebook: ${name} has no cell with the tag "parameters", so -p changes nothing.`);
  const source = assignments(parameters, given, name);
  const at = notebook.cells.findIndex(isParameters) + 1;
  const cell = { cell_type: "code", id: "injected", metadata: { tags: ["injected-parameters"] }, execution_count: null, outputs: [], source };
  return { ...notebook, cells: [...notebook.cells.slice(0, at), cell, ...notebook.cells.slice(at)] };
}
