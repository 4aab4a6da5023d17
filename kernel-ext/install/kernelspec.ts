/** The kernelspec: what tells Jupyter how to start the kernel. Nothing in it needs anything on PATH. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LANGUAGES, type LanguageName } from "../language/types.js";

/** kernel.json as Jupyter documents it. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "message";
  env: Record<string, string>;
  metadata: Record<string, unknown>;
}

interface SpecOptions {
  /** Of the cells; "typescript" by default. */
  language?: LanguageName;
  /** By default as DEFAULTS has it. */
  displayName?: string;
}

/** Jupyter's rule, and no dot at the front: ".." would be the folder of all kernels. */
const NAME = /^[a-z0-9_-][a-z0-9._-]*$/i;
/** A kernel's name in Jupyter, and what launchers show, where nothing else is asked for. */
export const DEFAULTS: Readonly<Record<LanguageName, { name: string; displayName: string }>> = {
  typescript: { name: "d90", displayName: "TypeScript (d90)" },
  javascript: { name: "d90-js", displayName: "JavaScript (d90)" },
};
const AGAIN = "install the kernel again";
const ICONS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/** The kernel's compiled files, of which this is one. */
const distFolder = dirname(dirname(fileURLToPath(import.meta.url)));
/** The icons: in the sources, beside dist/. */
const assetsFolder = join(distFolder, "..", "..", "kernel-ext", "assets");

/** A mistake in what was asked for: nothing was done. */
export class InstallUsageError extends Error {}

/** The spec with absolute paths of this Node and this d90. */
export function kernelSpec({ language = "typescript", displayName = DEFAULTS[language].displayName }: SpecOptions = {}): KernelSpec {
  return {
    argv: [process.execPath, join(distFolder, "main.js"), "--connection-file", "{connection_file}", ...language === "javascript" ? ["--javascript"] : []],
    display_name: displayName,
    language,
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false, supported_encryption: "curve" },
  };
}

/**
 * Writes the kernelspec `name` under `dataFolder`/kernels: whole or not at all, in place of an older one.
 * @returns its folder.
 * @throws {InstallUsageError} if the name is none, or another kernel's.
 * @throws {Error} if the folder cannot be written.
 */
export function writeKernelSpec({ dataFolder, name, ...options }: SpecOptions & { dataFolder: string; name: string }): string {
  if (!NAME.test(name)) throw new InstallUsageError(`--name must be made of letters, digits, "_", "-" and, not in front, ".", got "${name}".`);
  const folder = join(dataFolder, "kernels", name.toLowerCase());
  if (isForeign(folder)) throw new InstallUsageError(`${folder} belongs to another kernel; choose another --name than "${name}".`);
  const fresh = `${folder}.new-${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true });
    writeFileSync(join(fresh, "kernel.json"), `${JSON.stringify(kernelSpec(options), null, 1)}\n`);
    for (const icon of ICONS) copyFileSync(join(assetsFolder, icon), join(fresh, icon));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return folder;
  } catch (error) {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true });
    const { code, message } = error as NodeJS.ErrnoException;
    const advice = code === "EACCES" || code === "EROFS" ? " Choose a folder that you may write with --prefix, or leave --sys-prefix out." : "";
    throw new Error(`The kernelspec could not be written to ${folder}: ${message}.${advice}`);
  }
}

/** A kernelspec that is installed somewhere. */
export interface InstalledSpec {
  name: string;
  folder: string;
  displayName: string;
  language: string;
  /** What its start would fail for; null if nothing is missing. */
  problem: string | null;
}

/** The specs under `dataFolders` that start this kernel (of this clone or another), first found first. */
export function findKernelSpecs(dataFolders: readonly string[]): InstalledSpec[] {
  return dataFolders.map((folder) => join(folder, "kernels"))
    .flatMap((kernels) => namesIn(kernels).map((name) => readSpec(name, join(kernels, name)) ?? []).flat());
}

/** Of a folder that is not there, or may not be read, none: Jupyter does not look into it either. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readSpec(name: string, folder: string): InstalledSpec | null {
  const spec = parseSpec(folder);
  // What cannot be read may be anybody's: of our own name it is ours.
  const own = LANGUAGES.find((language) => DEFAULTS[language].name === name);
  const unreadable = `${join(folder, "kernel.json")} cannot be read; ${AGAIN}`;
  if (spec === "broken") return own ? { name, folder, displayName: "?", language: own, problem: unreadable } : null;
  if (spec === null || !isOurs(spec)) return null;
  const missing = spec.argv.slice(0, 2).find((path) => !existsSync(path));
  return { name, folder, displayName: spec.display_name, language: spec.language, problem: missing === undefined ? null : `${missing} does not exist any more; ${AGAIN}` };
}

/** Null where there is none. */
function parseSpec(folder: string): KernelSpec | "broken" | null {
  const file = join(folder, "kernel.json");
  if (!existsSync(file)) return null;
  try {
    const spec = JSON.parse(readFileSync(file, "utf8")) as KernelSpec;
    return Array.isArray(spec.argv) ? spec : "broken";
  } catch {
    return "broken";
  }
}

const isOurs = ({ argv }: KernelSpec): boolean => /kernel-ext[\\/]main\.js$/.test(String(argv[1]));

function isForeign(folder: string): boolean {
  const spec = parseSpec(folder);
  return spec !== null && spec !== "broken" && !isOurs(spec);
}
