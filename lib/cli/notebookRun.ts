/**
 * Executes a notebook by nbconvert, to HTML with its charts as images, their descriptions and its formulas, without JavaScript; the
 * notebook's own file stays as it is.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { UsageError } from "../support/checks.js";
import { writeFileAtomic } from "../support/files.js";
import { projectRoot } from "../support/root.js";
import type { Notebook } from "./notebookFile.js";
import { withMathMl } from "./notebookMath.js";

/** Seconds that one cell may take: far above what any needs on two cores. */
const CELL_SECONDS = 3_600;
/** Of the folders in it, "d90" is nbconvert's template. */
const TEMPLATES = join(projectRoot, "setup", "nbconvert");

export interface ExecuteOptions {
  name: string;
  notebook: Notebook;
  /** Where its cells run. */
  folder: string;
  /** The HTML's folder. */
  out: string;
  /** Threads of one operation; default all cores. */
  threads?: number;
  signal?: AbortSignal;
}

export interface Executed {
  /** The HTML; null when a cell failed. */
  html: string | null;
  /** The cell that failed and its traceback; null when none did. */
  failure: string | null;
  seconds: number;
}

/** nbconvert of the set-up, or else of the machine. @throws {UsageError} where there is none, saying how to get it. */
export function findNbconvert(root = projectRoot, path = process.env.PATH ?? ""): string {
  const own = join(root, ".venv", "bin", "jupyter-nbconvert");
  const found = [own, ...path.split(delimiter).map((folder) => join(folder, "jupyter-nbconvert"))].find((file) => existsSync(file));
  if (found !== undefined) return found;
  const remedy = existsSync(join(root, "tsconfig.json"))
    ? "npm run notebooks -- 01 installs it into .venv and runs the shortest notebook"
    : "npx d90 setup --notebooks; for a Jupyter of your own, pip install nbconvert there and npx d90 kernel install";
  throw new UsageError(`notebook: Jupyter's nbconvert, which runs notebooks, is not installed: it is neither in ${join(root, ".venv")} ` +
    `nor on PATH. Do: ${remedy}.`);
}

/** Runs all cells. A cell that fails is a result; it ends the notebook. */
export async function executeNotebook(options: ExecuteOptions): Promise<Executed> {
  const { name, notebook, folder, out, threads, signal } = options;
  const start = performance.now();
  const look = ["--template", "d90", `--TemplateExporter.extra_template_basedirs=${TEMPLATES}`];
  const args = ["--to", "html", ...look, "--execute", `--ExecutePreprocessor.timeout=${CELL_SECONDS}`, "--stdin", "--stdout"];
  const env = { ...process.env, ...(threads === undefined ? {} : { TF_NUM_INTRAOP_THREADS: String(threads) }) };
  const { status, stdout, stderr } = await piped(findNbconvert(), args, { cwd: folder, env, input: JSON.stringify(withMathMl(notebook)), signal });
  const seconds = (performance.now() - start) / 1_000;
  if (status !== 0) return { html: null, failure: failureOf(stderr), seconds };
  const missing = chartsWithoutImage(stdout, notebook);
  if (missing.length > 0) return { html: null, failure: `No image of the chart in cell ${missing.join(", ")}.`, seconds };
  const html = join(out, `${name}.html`);
  await writeFileAtomic(html, titled(stdout, name));
  return { html, failure: null, seconds };
}

/** The ids of the cells with the tag "chart" that left no image in the HTML. */
export function chartsWithoutImage(html: string, { cells }: Notebook): string[] {
  const shown = new Map(html.split(/(?=id="cell-id=)/).map((part) => [/^id="cell-id=([^"]*)"/.exec(part)?.[1] ?? "", part]));
  const ids = cells.filter(({ metadata }) => metadata?.tags?.includes("chart")).map(({ id }) => id ?? "");
  return ids.filter((id) => !/<img\b[^>]*\bsrc="data:image\/png;base64,/.test(shown.get(id) ?? ""));
}

/** From standard input a notebook has no name: the page gets it here. */
const titled = (html: string, name: string): string => html.replace(/<title>[^<]*<\/title>/, `<title>${name}</title>`);

/** Of nbconvert's output, the cell and its traceback where a cell failed, else its last lines. */
export function failureOf(stderr: string): string {
  const text = stripVTControlCharacters(stderr).replaceAll("\r", "");
  const [, cell] = /An error occurred while executing the following cell:\n([^]*)$/.exec(text) ?? [];
  return (cell ?? text.trim().split("\n").slice(-12).join("\n")).trim();
}

interface PipedOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  input: string;
  signal?: AbortSignal;
}

/** Runs a command with `input`; the signal ends it, and the kernel with it. */
function piped(command: string, args: readonly string[], { cwd, env, input, signal }: PipedOptions):
  Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, signal, killSignal: "SIGINT", stdio: ["pipe", "pipe", "pipe"] });
    const stdout: Buffer[] = [], stderr: Buffer[] = [];
    const done = (status: number, more = ""): void =>
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() + more });
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    child.on("error", (error) => { if (error.name !== "AbortError") done(1, error.message); });
    child.on("close", (status) => done(status ?? 1));
    child.stdin.on("error", () => undefined); // it ended before it had read everything: its own output says why
    child.stdin.end(input);
  });
}

/** Notebooks at a time: a training wants two cores. */
export const notebooksAtATime = (cores = availableParallelism()): number => Math.max(1, Math.floor(cores / 2));
