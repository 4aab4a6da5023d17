/** Where the set-up finds and puts things. Everything it makes is inside the project's folder. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The places of the project whose root is `root`. */
export function projectAt(root) {
  const state = join(root, ".d90");
  return {
    root,
    /** What the set-up remembers: stamps, logs, the lock. Safe to delete. */
    state,
    logs: join(state, "logs"),
    stamps: join(state, "stamps"),
    venv: join(root, ".venv"),
    requirements: join(root, "setup", "requirements"),
  };
}

/** This project. */
export const thisProject = projectAt(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What brings the set-up of `project` up to date: a package that npm has installed has no `npm start`, and no sources. */
export const setupCommandOf = ({ root }) => (existsSync(join(root, "tsconfig.json")) ? "npm start" : "npx d90 setup");

/** The interpreter of a virtual environment. */
export const pythonOf = (venv) => join(venv, "bin", "python");

/** A virtual environment's site-packages, or "" where it has none. */
export function sitePackagesOf(venv) {
  const lib = join(venv, "lib");
  const folder = existsSync(lib) ? readdirSync(lib).find((name) => /^python3\.\d+$/.test(name)) : undefined;
  return folder === undefined ? "" : join(lib, folder, "site-packages");
}

/** The folder of an npm package as Node finds it from `root`, or "". Not `require.resolve`, which remembers what was missing. */
export function packageFolder(root, name) {
  for (let folder = root; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", ...name.split("/"));
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) return "";
  }
}
