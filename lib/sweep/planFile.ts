/** Plans from files: JSON, or a module whose default export is the plan. */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { shown, UsageError } from "../support/checks.js";
import { writeFileAtomic } from "../support/files.js";
import { parsePlan, type SweepPlan } from "./plan.js";

/**
 * Reads `plan.json`, or `plan.ts`, `plan.mts`, `plan.js`, `plan.mjs` with a default export; relative folders in it (of models, of
 * data) are taken from the working folder, as on the command line.
 * @throws {UsageError} for a file that is not there, does not load, or is no plan.
 */
export async function readPlan(path: string): Promise<SweepPlan> {
  if (!existsSync(path)) throw new UsageError(`sweep: there is no plan ${path}.`);
  const plan = parsePlan(await valueOf(path), path);
  return { ...plan, name: plan.name ?? basename(path).replace(/\.\w+$/, "") };
}

async function valueOf(path: string): Promise<unknown> {
  const kind = extname(path);
  if (kind === ".json") return parseJson(await readFile(path, "utf8"), path);
  if (![".ts", ".mts", ".js", ".mjs"].includes(kind)) {
    throw new UsageError(`sweep: a plan must be a file .json, .ts, .mts, .js or .mjs, got ${shown(path)}.`);
  }
  const module = await loadModule(resolve(path), kind);
  if ("default" in module) return module.default;
  throw new UsageError(`${path}: must have the plan as its default export: export default { methods: ["did"], d: [1000] };`);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${path}: not JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

/** Imports a module; TypeScript is first made JavaScript, in a file beside it so that its own imports are found. */
async function loadModule(path: string, kind: string): Promise<Record<string, unknown>> {
  if (!kind.endsWith("ts")) return imported(path, path);
  const made = join(dirname(path), `.${basename(path)}.${process.pid}.mjs`);
  try {
    const { transpile } = await import("./transpile.js");
    await writeFileAtomic(made, transpile(await readFile(path, "utf8"), path));
    return await imported(made, path);
  } finally {
    await rm(made, { force: true });
  }
}

async function imported(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(file).href);
    return module;
  } catch (error) {
    throw new UsageError(`${path}: does not load: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}
