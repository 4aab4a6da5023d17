/** The kernelspec: what tells Jupyter how to start the kernel. Nothing in it needs anything on PATH. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, copyFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** kernel.json as Jupyter documents it. */
export interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode: "message";
  env: Record<string, string>;
  metadata: Record<string, unknown>;
}

const NAME = /^[a-z0-9._-]+$/i;
const ICONS = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/** The kernel's compiled files, of which this is one. */
const distFolder = dirname(dirname(fileURLToPath(import.meta.url)));
/** The icons: in the sources, beside dist/. */
const assetsFolder = join(distFolder, "..", "..", "kernel-ext", "assets");

/** The spec with absolute paths of this Node and this d90. */
export function kernelSpec({ displayName = "TypeScript (d90)" }: { displayName?: string } = {}): KernelSpec {
  return {
    argv: [process.execPath, join(distFolder, "main.js"), "--connection-file", "{connection_file}"],
    display_name: displayName,
    language: "typescript",
    interrupt_mode: "message",
    env: {},
    metadata: { debugger: false, supported_encryption: "curve" },
  };
}

/**
 * Writes the kernelspec `name` under `dataFolder`/kernels: whole or not at all, in place of an older one.
 * @returns its folder.
 * @throws {Error} if the name is none or the folder cannot be written.
 */
export function writeKernelSpec({ dataFolder, name = "d90", displayName }: { dataFolder: string; name?: string; displayName?: string }): string {
  if (!NAME.test(name)) throw new Error(`--name must be made of letters, digits, ".", "_" and "-", got "${name}".`);
  const folder = join(dataFolder, "kernels", name.toLowerCase());
  const fresh = `${folder}.new-${process.pid}`;
  try {
    mkdirSync(fresh, { recursive: true });
    writeFileSync(join(fresh, "kernel.json"), `${JSON.stringify(kernelSpec(displayName === undefined ? {} : { displayName }), null, 1)}\n`);
    for (const icon of ICONS) copyFileSync(join(assetsFolder, icon), join(fresh, icon));
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
    return folder;
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
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
  /** What its start would fail for; null if nothing is missing. */
  problem: string | null;
}

/** The specs under `dataFolders` that start this kernel (of this clone or another), first found first. */
export function findKernelSpecs(dataFolders: readonly string[]): InstalledSpec[] {
  return dataFolders.map((folder) => join(folder, "kernels")).filter((folder) => existsSync(folder))
    .flatMap((kernels) => readdirSync(kernels).map((name) => readSpec(name, join(kernels, name)) ?? []).flat());
}

function readSpec(name: string, folder: string): InstalledSpec | null {
  try {
    const { argv, display_name: displayName } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as KernelSpec;
    const [node, main] = argv;
    if (node === undefined || main === undefined || !/kernel-ext[\\/]main\.js$/.test(main)) return null;
    const missing = [node, main].find((path) => !existsSync(path));
    return { name, folder, displayName, problem: missing === undefined ? null : `${missing} does not exist any more; install the kernel again` };
  } catch {
    return null;
  }
}
