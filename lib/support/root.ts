/** Where the project is, whether it runs from a clone's dist/ or from node_modules. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of d90's package.json: data/, notebooks/ and .venv are found from here. */
export const projectRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  const manifest = join(folder, "package.json");
  if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, "utf8")) as { name?: string }).name === "d90") return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("d90: no package.json of d90 above its own files; install the package again.");
  return findRoot(parent);
}

/** What sets d90 up: a package that npm has installed has no `npm start`, and no sources. */
export const setupCommandLine: string = existsSync(join(projectRoot, "tsconfig.json")) ? "npm start" : "npx d90 setup";

/** d90's own version, from its package.json. */
export const d90Version: string = (JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as { version: string }).version;
